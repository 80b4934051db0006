"""Keeping a diagnostic: the operation."""

import uuid

import pytest

from assessments.operations.diagnostics import claim_diagnostic, run_diagnostic
from audit.models import Event


@pytest.fixture
def diagnostic(published):
    return run_diagnostic(published=published, answers={"DIA-01": "oui", "DIA-02": "ouvert"})


def test_an_anonymous_diagnostic_goes_to_who_claims_it(diagnostic, mandataire):
    assert claim_diagnostic(diagnostic.token, mandataire)

    assert mandataire.diagnostics.get() == diagnostic
    assert Event.objects.get(verb="diagnostic.claimed").actor == mandataire


def test_claiming_twice_is_claiming_once(diagnostic, mandataire):
    claim_diagnostic(diagnostic.token, mandataire)

    assert claim_diagnostic(diagnostic.token, mandataire)
    assert Event.objects.filter(verb="diagnostic.claimed").count() == 1


def test_what_belongs_to_somebody_stays_theirs(diagnostic, mandataire, stranger):
    claim_diagnostic(diagnostic.token, mandataire)

    assert not claim_diagnostic(diagnostic.token, stranger)
    assert mandataire.diagnostics.exists()
    assert not stranger.diagnostics.exists()


def test_an_unknown_token_claims_nothing(db, mandataire):
    assert not claim_diagnostic(uuid.uuid4(), mandataire)
