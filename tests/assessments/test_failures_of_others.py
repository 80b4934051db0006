"""What went wrong elsewhere, kept as tests: each was reported by users of a portal of the same kind.

The first of the list, an expired session that silently loses a form (demarche.numerique, issue 6356), needs a browser:
tests/journey/test_outbox.py.
"""

from dataclasses import replace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from assessments.models import Answer, AnswerRevision, Dossier
from convergence.celery import app
from questionnaires.engine import proposed_migration
from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.queries import published
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import evaluation_of, open_for, save
from tests.dossiers.pages import text_of, theme_url
from tests.factories import ProductFactory
from tests.questionnaires.successions import explained

KEY = "SEC-EXP-04"


@pytest.fixture
def filled(contributor, publisher) -> Dossier:
    return filled_dossier(product=ProductFactory.create(publisher=publisher), by=contributor)


def content_of(dossier: Dossier) -> list[tuple[object, ...]]:
    answers = Answer.objects.filter(assessment__dossier=dossier).order_by("pk")
    return list(answers.values_list("question__key", "value", "not_applicable", "reason", "comment", "revision"))


def test_a_filled_dossier_is_never_found_empty_after_what_the_portal_does_by_itself(filled):
    """Completed assessments found empty in production: Territoires en Transitions, issue 1496."""
    before, judged = content_of(filled), evaluation_of(filled)

    call_command("migrate", verbosity=0)
    call_command("load_questionnaires", verbosity=0)
    call_command("sync_roles", verbosity=0)
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        app.tasks[entry["task"]]()

    assert content_of(filled) == before
    assert evaluation_of(filled) == judged
    assert judged.can_be_submitted


def test_a_new_edition_resets_no_answer_of_a_dossier(filled):
    """Answers reset by an update of the questionnaire: CISO Assistant, pull request 1041."""
    before, judged = content_of(filled), evaluation_of(filled)
    revisions = AnswerRevision.objects.count()
    current = published(filled.edition).definition.edition

    publish_edition(store_edition(_without_one_question(current)), by=None)

    filled.refresh_from_db()
    assert Edition.objects.count() == 2
    assert filled.edition.code == current.code
    assert content_of(filled) == before and AnswerRevision.objects.count() == revisions
    assert evaluation_of(filled) == judged


def _without_one_question(edition):
    """The next edition: every questionnaire under a new version, one question gone, another worded anew."""
    changed = []
    for questionnaire in edition.questionnaires:
        first, *rest = questionnaire.themes
        kept = tuple(
            replace(question, wording=f"{question.wording} (2027)") if question.key == KEY else question
            for question in first.questions
            if question.key != "SEC-GOV-08"
        )
        themes = (replace(first, questions=kept), *rest)
        new = replace(questionnaire, version="2027.1", themes=themes)
        changed.append(replace(new, migration=explained(proposed_migration(questionnaire, new))))
    return replace(edition, code="2027", title="Édition 2027", questionnaires=tuple(changed))


def test_an_answer_that_was_never_given_and_one_that_was_emptied_are_the_same(client, contributor, publisher):
    """Two dossiers with the same screen and different scores: demarche.numerique, issue 13837."""
    never, emptied = (open_for(ProductFactory.create(publisher=publisher), by=contributor) for _ in range(2))
    for dossier in (never, emptied):
        Dossier.objects.filter(pk=dossier.pk).update(state=Dossier.State.FILLING)
        dossier.refresh_from_db()
    save(emptied, KEY, "oui", by=contributor, comment="Un temps.")
    save(emptied, KEY, None, by=contributor)
    client.force_login(contributor)

    assert evaluation_of(never) == evaluation_of(emptied)
    scores = [text_of(client.get(reverse("dossiers:score", args=[each.number]))) for each in (never, emptied)]
    assert scores[0].replace(never.number, "") == scores[1].replace(emptied.number, "")
    themes = [client.get(theme_url(each, "securite", "exploitation")).context["row"] for each in (never, emptied)]
    assert themes[0].result == themes[1].result
