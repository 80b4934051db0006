"""The next edition begins as a copy of one that is published, which stays as it is."""

from dataclasses import replace

import pytest

from audit.models import Event
from questionnaires import engine
from questionnaires.models import Edition, Questionnaire, QuestionRevision, Version
from questionnaires.operations.editions import (
    EditionTaken,
    QuestionnaireThere,
    begin_edition,
    enter_version,
    rename_edition,
)
from questionnaires.operations.questions import save_question
from questionnaires.queries import predecessors, read_edition
from questionnaires.rows import read_version
from tests.assessments.editions import published_edition
from tests.editor.drafts import FIRST, content_of, edition_of, last_event, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(version):
    return edition_of(publish(version))


def begin(source, *, by, code="2028"):
    return begin_edition(source=source, code=code, title="Édition 2028", by=by)


def test_every_version_says_the_same_under_another_number(source, editor):
    edition = begin(source, by=editor)

    (copy,), (origin,) = edition.versions.all(), source.versions.all()
    assert (copy.number, copy.status, copy.content_hash) == ("2028.1", "draft", "")
    said = replace(read_version(copy), version=origin.number, migration=None)
    assert engine.questionnaire_hash(said) == origin.content_hash
    assert last_event() == ("edition.begun", editor, {"source": "2027"})


def test_the_edition_that_we_publish_is_copied_without_loss(editor):
    source = published_edition()

    content, origin = read_edition(begin(source, by=editor)), read_edition(source)

    assert [each.version for each in content.questionnaires] == ["2028.1"] * len(origin.questionnaires)
    numbered = tuple(
        # The map is new: it says that all answers are kept.
        replace(copy, version=each.version, migration=each.migration)
        for copy, each in zip(content.questionnaires, origin.questionnaires, strict=True)
    )
    again = replace(content, code=origin.code, title=origin.title, questionnaires=numbered)
    assert engine.content_hash(again) == source.content_hash
    assert not engine.examine(content, predecessors(source)).errors


def test_writing_in_the_copy_leaves_the_source_alone(source, editor):
    origin = source.versions.get()
    copy = begin(source, by=editor).versions.get()

    save_question(version=copy, content=replace(content_of(copy, FIRST), title="Autre"), base_revision=0, by=editor)

    assert content_of(origin, FIRST).title == f"Titre de {FIRST}"
    assert engine.questionnaire_hash(read_version(origin)) == origin.content_hash
    assert not QuestionRevision.objects.filter(version=origin).exists()


def test_a_code_is_that_of_one_edition_and_nothing_is_begun_by_halves(source, editor):
    begin(source, by=editor)
    counted = Edition.objects.count(), Version.objects.count(), Event.objects.count()

    with pytest.raises(EditionTaken):
        begin(source, by=editor)

    assert (Edition.objects.count(), Version.objects.count(), Event.objects.count()) == counted


def test_a_number_that_a_version_has_begins_no_edition(source, editor):
    Version.objects.create(questionnaire=Questionnaire.objects.get(code="Q"), number="2028.1", title="Là")

    with pytest.raises(EditionTaken):
        begin(source, by=editor)

    assert not Edition.objects.filter(code="2028").exists()


def test_a_version_enters_after_the_others_and_once(version, editor):
    other = Questionnaire.objects.create(code="NEU", slug="neuf", kind="evaluation")
    entering = Version.objects.create(questionnaire=other, number="1", title="Neuf")
    edition = edition_of(version)

    enter_version(edition=edition, version=entering, by=editor)

    assert list(edition.entries.values_list("position", "version")) == [(1, version.pk), (2, entering.pk)]
    assert last_event() == ("edition.version_entered", editor, {"version": "NEU@1"})
    again = Version.objects.create(questionnaire=other, number="2", title="Neuf")
    with pytest.raises(QuestionnaireThere):
        enter_version(edition=edition, version=again, by=editor)


def test_renaming_a_draft_edition_is_recorded_when_it_changes_something(version, editor):
    edition = edition_of(version)

    for _ in range(2):
        rename_edition(edition=edition, title="Doctrine 2027", disclaimer="À l’essai.", by=editor)

    edition.refresh_from_db()
    assert (edition.title, edition.disclaimer) == ("Doctrine 2027", "À l’essai.")
    assert Event.objects.filter(verb="edition.renamed").count() == 1
