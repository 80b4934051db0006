"""Publishing compiles, hashes and freezes; what is published is read once per process and trusted by its hash."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Event
from questionnaires import queries
from questionnaires.engine import DefinitionErrors, compile_edition, content_hash, questionnaire_hash
from questionnaires.models import Edition, Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.publishing import (
    NeedsSomebodyElse,
    NotProposed,
    StillInForce,
    propose_edition,
    publish_diagnostic,
    publish_edition,
    retire_edition,
)
from questionnaires.operations.storing import store_edition, store_version
from questionnaires.queries import published, published_diagnostic, read_edition, without_disclaimer
from tests.assessments.editions import published_edition
from tests.questionnaires.builders import question
from tests.questionnaires.small import small_diagnostic, small_edition, with_other_wording
from tests.questionnaires.successions import with_maps

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def nothing_compiled():
    """Each test begins as a process that has compiled nothing yet, and leaves none of its rows behind."""
    queries._published.cache_clear()
    queries._published_diagnostic.cache_clear()
    yield
    queries._published.cache_clear()
    queries._published_diagnostic.cache_clear()


@pytest.fixture
def edition(db) -> Edition:
    return publish_edition(store_edition(small_edition()), by=None)


def test_publishing_writes_the_hash_of_the_edition_and_of_each_version(edition):
    contents = {content.code: content for content in small_edition().questionnaires}

    assert edition.content_hash == content_hash(without_disclaimer(small_edition()))
    for version in Version.objects.select_related("questionnaire"):
        assert version.content_hash == questionnaire_hash(contents[version.questionnaire.code])
        assert version.published_at is not None


def test_publishing_says_who_proposed_and_who_approved(db, editor, administrator):
    proposed = propose_edition(store_edition(small_edition()), effective_on=NEW_YEAR, by=editor)
    edition = publish_edition(proposed, by=administrator)

    assert (edition.proposed_by, edition.published_by, edition.effective_on) == (editor, administrator, NEW_YEAR)
    asked, done = Event.objects.get(verb="edition.proposed"), Event.objects.get(verb="edition.published")
    assert (asked.actor, asked.data["effective_on"]) == (editor, "2027-01-01")
    assert (done.actor, done.data) == (administrator, {"content_hash": edition.content_hash})


def test_what_is_published_is_not_proposed_again(edition, editor):
    with pytest.raises(NotADraft):
        propose_edition(edition, effective_on=NEW_YEAR, by=editor)

    assert not Event.objects.filter(verb="edition.proposed").exists()


def test_two_people_publish_or_nobody_does(db, editor, administrator):
    draft = store_edition(small_edition())
    with pytest.raises(NotProposed):
        publish_edition(draft, by=administrator)
    propose_edition(draft, effective_on=NEW_YEAR, by=editor)
    with pytest.raises(NeedsSomebodyElse):
        publish_edition(draft, by=editor)

    store_edition(with_other_wording(small_edition(), "Changée depuis ?"))
    with pytest.raises(NotProposed):
        publish_edition(draft, by=administrator)

    propose_edition(draft, effective_on=NEW_YEAR, by=administrator)
    assert publish_edition(draft, by=editor).published_by == editor


def test_the_database_refuses_an_edition_that_one_person_published(edition, editor):
    content = with_maps(small_edition(code="E9", version="9"), small_edition())
    draft = propose_edition(store_edition(content), effective_on=NEW_YEAR, by=editor)
    published_alone = {
        "status": "published",
        "content_hash": draft.proposed_hash,
        "published_at": timezone.now(),
        "published_by": editor,
    }

    with pytest.raises(IntegrityError, match="questionnaires_edition_four_eyes"), transaction.atomic():
        Edition.objects.filter(pk=draft.pk).update(**published_alone)


@pytest.mark.parametrize("change", [{"effective_on": date(2030, 1, 1)}, {"proposed_hash": ""}, {"published_by": None}])
def test_what_two_people_agreed_on_never_changes(db, editor, administrator, change):
    draft = propose_edition(store_edition(small_edition()), effective_on=NEW_YEAR, by=editor)
    edition = publish_edition(draft, by=administrator)

    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=edition.pk).update(**change)


def test_the_edition_that_new_dossiers_open_on_is_not_retired(edition, editor):
    with pytest.raises(StillInForce):
        retire_edition(edition, by=editor)

    edition.refresh_from_db()
    assert edition.status == "published"


def test_a_retired_edition_keeps_its_dossiers_and_opens_no_other(edition, editor):
    draft = store_edition(small_edition(code="E2", version="2"))
    publish_edition(store_edition(small_edition(code="E3")), by=None)

    assert retire_edition(draft, by=editor).status == "draft"
    assert retire_edition(retire_edition(edition, by=editor), by=editor).status == "retired"
    assert Event.objects.filter(verb="edition.retired").count() == 1
    assert published(Edition.objects.get(pk=edition.pk)).definition.hash == edition.content_hash


def test_publishing_twice_is_publishing_once(edition):
    again = publish_edition(edition, by=None)

    assert again.published_at == edition.published_at
    assert Event.objects.filter(verb="edition.published").count() == 1


def test_an_edition_that_does_not_hold_stays_a_draft(db):
    content = small_edition()
    head, evaluation = content.questionnaires
    theme = replace(evaluation.themes[0], questions=(question("EVA-A-01", applies_when="answer(EVA-X-99) == 'oui'"),))
    draft = store_edition(
        replace(content, questionnaires=(head, replace(evaluation, themes=(theme, *evaluation.themes[1:]))))
    )

    with pytest.raises(DefinitionErrors, match="EVA-X-99"):
        publish_edition(draft, by=None)

    draft.refresh_from_db()
    assert draft.status == "draft"
    assert not Version.objects.exclude(status="draft").exists()


def test_what_is_published_is_what_was_compiled_with_the_ids_of_its_rows(edition):
    found = published(edition)

    assert found.definition.hash == compile_edition(without_disclaimer(small_edition())).hash
    assert set(found.question_ids) == set(found.definition.questions)
    assert {found.keys[pk] for pk in found.question_ids.values()} == set(found.question_ids)
    assert found.version_ids == dict(Version.objects.values_list("questionnaire__code", "pk"))


def test_a_process_reads_an_edition_once(edition, django_assert_num_queries):
    first = published(edition)

    with django_assert_num_queries(0):
        assert published(Edition(pk=edition.pk, content_hash=edition.content_hash)) is first


def test_a_hash_that_is_not_that_of_the_rows_is_refused(edition):
    """A table restored by halves, a trigger dropped and put back: the page must not be built on it."""
    with pytest.raises(RuntimeError, match="altered"):
        published(Edition(pk=edition.pk, content_hash="0" * 64))


def test_rows_altered_behind_the_protection_are_refused(edition):
    _alter_behind_the_protection("UPDATE questionnaires_question SET wording = 'Autre ?' WHERE key = 'ORI-01'")

    with pytest.raises(RuntimeError, match="altered"):
        published(edition)


def _alter_behind_the_protection(statement: str) -> None:
    # Foreign keys are checked late: PostgreSQL alters no table while some are pending.
    connection.check_constraints()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE questionnaires_question DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER questionnaires_question_frozen_update")
        cursor.execute(statement)


def test_a_draft_is_not_served(db):
    with pytest.raises(RuntimeError, match="not what was published"):
        published(store_edition(small_edition()))


def test_the_disclaimer_may_change_after_publication(edition):
    Edition.objects.update(disclaimer="Autre avertissement.")

    assert published(edition).definition.hash == edition.content_hash


def test_reading_an_edition_costs_the_same_whatever_its_number_of_questions(db):
    small, real = store_edition(small_edition(code="E0", version="0")), published_edition()
    costs = {}
    for edition in (small, real):
        with CaptureQueriesContext(connection) as captured:
            content = read_edition(edition)
        costs[edition.code] = (len(captured), len(content.questionnaires))

    # Two for the edition, then seven for each version at most: a version without choices asks for no more.
    assert costs["E0"][0] <= 2 + 7 * costs["E0"][1]
    assert costs["2026"][0] <= 2 + 7 * costs["2026"][1]


def test_the_diagnostic_in_force_is_the_last_published(db):
    assert published_diagnostic() is None
    first = publish_diagnostic(store_version(small_diagnostic()), by=None)
    draft = store_version(small_diagnostic(version="2"))
    found = published_diagnostic()
    assert found is not None
    assert found.version_id == first.pk

    second = publish_diagnostic(draft, by=None)

    found = published_diagnostic()
    assert found is not None
    assert found.version_id == second.pk


def test_publishing_a_diagnostic_freezes_it_once(db):
    version = publish_diagnostic(store_version(small_diagnostic()), by=None)

    again = publish_diagnostic(version, by=None)

    assert again.content_hash == questionnaire_hash(small_diagnostic())
    assert again.published_at == version.published_at
    assert Event.objects.filter(verb="diagnostic.published").count() == 1


def test_a_diagnostic_that_does_not_hold_stays_a_draft(db):
    content = small_diagnostic()
    outcomes = (replace(content.outcomes[0], when="answer(DIA-99) == 'oui'"), *content.outcomes[1:])
    draft = store_version(replace(content, outcomes=outcomes))

    with pytest.raises(DefinitionErrors, match="DIA-99"):
        publish_diagnostic(draft, by=None)

    draft.refresh_from_db()
    assert draft.status == "draft"
