"""What was decided elsewhere on the same requirement, and how little it says of whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Dossier, Verdict
from assessments.operations.assignments import recuse
from assessments.operations.reviews import send_back
from assessments.precedents import SHOWN, precedents_of, without_names
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, last_round, submit_again, submitted_dossier
from tests.dossiers.pages import text_of
from tests.factories import ProductFactory, PublisherFactory
from tests.reviews.factories import many_reviews

KEY = "SEC-GOV-02"
NAMES = [("Santé Demain SAS", "l’éditeur"), ("Santé Demain", "l’éditeur"), ("Carnet d’Or", "le produit")]


@pytest.fixture
def elsewhere(reviewer):
    """Another publisher's dossier, with a refusal that names everybody, not sent."""
    publisher = PublisherFactory.create(legal_name="Santé Demain SAS")
    other = submitted_dossier(product=ProductFactory.create(publisher=publisher, name="Carnet d’Or"))
    current = examine(other, by=reviewer, refused=[KEY])
    current.verdicts.filter(item__question__key=KEY).update(
        text=f"Dans SANTE DEMAIN, le carnet d'or (dossier {other.number}) : politique.pdf n’est pas signée."
    )
    return other


def sent(dossier, reviewer):
    return send_back(round=last_round(dossier), definition=published(dossier.edition).definition, by=reviewer)


def found(dossier, reader, key=KEY):
    return precedents_of(key, review=dossier.review, reader=reader)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Santé Demain ne le prouve pas.", "l’éditeur ne le prouve pas."),
        ("SANTE DEMAIN SAS le dit.", "l’éditeur le dit."),
        ("Sante\u0301 Demain, non.", "l’éditeur, non."),
        ("Le « carnet\u00a0d'or » répond.", "Le « le produit » répond."),
        ("Le carnet d’ordre suffit.", "Le carnet d’ordre suffit."),
        ("Voir 2026-000123 et note_v2.PDF.", "Voir un dossier et un fichier."),
        ("Écrire à jean@sante.example.", "Écrire à une adresse."),
        ("Rien à cacher : œuvre ﬁnie.", "Rien à cacher : œuvre ﬁnie."),
    ],
)
def test_names_are_replaced_whatever_their_case_accents_and_spaces(text, told):
    assert without_names(text, NAMES) == told


def test_a_decision_that_was_sent_is_told_without_names(desk_client, dossier, elsewhere, reviewer):
    sent(elsewhere, reviewer)

    response = desk_client.get(reverse("reviews:item", args=[dossier.number, KEY]))

    page = text_of(response)
    for words in [
        "1 refusée.",
        "La preuve est incomplète",
        "Dans l’éditeur, le produit (un dossier) : un fichier n’est pas signée.",
        date_format(timezone.localdate(), "F Y").capitalize(),
    ]:
        assert words in page
    for name in ["SANTE DEMAIN", "Santé Demain", "carnet d'or", elsewhere.number, "politique.pdf n’est"]:
        assert name not in page


def test_what_was_not_told_to_a_publisher_is_no_precedent(dossier, elsewhere, reviewer):
    assert found(dossier, reviewer).total == 0


def test_a_closed_review_counts(dossier, elsewhere, reviewer, review_lead):
    close_review(review=elsewhere.review, outcome="not_met", conclusion="Non.", by=review_lead)

    assert found(dossier, reviewer).summary == "1 refusée"


def test_ones_own_dossier_and_other_requirements_are_left_out(dossier, elsewhere, reviewer):
    sent(elsewhere, reviewer)

    assert found(elsewhere, reviewer).total == 0
    assert [each.decision for each in found(dossier, reviewer, "SEC-HEB-05").latest] == ["accepted"]


def test_a_verdict_that_was_carried_over_counts_once(dossier, elsewhere, reviewer, review_lead):
    sent(elsewhere, reviewer)
    elsewhere.refresh_from_db()
    submit_again(elsewhere, by=elsewhere.created_by)
    examine(elsewhere, by=reviewer)
    close_review(review=elsewhere.review, outcome="not_met", conclusion="Non.", by=review_lead)

    assert found(dossier, reviewer, "SEC-HEB-05").total == 1
    assert found(dossier, reviewer).counts == {"refused": 1, "accepted": 1}


def test_whoever_stepped_back_from_a_dossier_learns_nothing_of_it(dossier, elsewhere, reviewer, colleague):
    sent(elsewhere, reviewer)
    assert found(dossier, colleague).total == 1

    recuse(elsewhere.review, by=colleague, reason="J’y ai travaillé.")

    assert found(dossier, colleague).total == 0


def test_whoever_once_worked_for_the_publisher_learns_nothing_of_it(dossier, elsewhere, reviewer, colleague):
    sent(elsewhere, reviewer)
    today = timezone.now()
    colleague.former_memberships.create(
        publisher=elsewhere.product.publisher, role="reader", began_at=today, ended_at=today
    )

    assert found(dossier, colleague).total == 0


def test_the_ten_latest_are_shown_all_are_counted_in_two_queries(dossier, reviewer):
    many_reviews(SHOWN + 3, state=Dossier.State.CORRECTIONS_ASKED, examined=1, by=reviewer)
    assert dossier.review and reviewer.staff_roles  # read once per request, whatever the page

    with CaptureQueriesContext(connection) as queries:
        precedents = found(dossier, reviewer)

    assert len(queries) == 2
    assert len(precedents.latest) == SHOWN
    dates = [each.decided_at for each in precedents.latest]
    assert dates == sorted(dates, reverse=True)
    assert precedents.summary == f"{SHOWN + 3} acceptées"
    assert Verdict.objects.count() == SHOWN + 3
