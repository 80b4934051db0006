"""What the database refuses of questionnaires: nonsense always, and everything once a version is published."""

from functools import partial

import pytest
from django.db import IntegrityError, connection, models, transaction

from questionnaires.models import (
    Choice,
    Edition,
    EditionVersion,
    Flag,
    Outcome,
    Part,
    PublicationStatus,
    Question,
    Questionnaire,
    Theme,
    Threshold,
    Version,
)
from questionnaires.operations.publishing import publish_diagnostic, publish_edition
from questionnaires.operations.storing import store_edition, store_version
from tests.questionnaires.small import small_diagnostic, small_edition

CHILDREN: dict[type[models.Model], str] = {
    Part: "title",
    Theme: "title",
    Question: "wording",
    Choice: "label",
    Threshold: "score",
    Outcome: "reason",
    EditionVersion: "position",
    Flag: "meaning",
}
OTHER: dict[str, str | int] = {"score": "0.123", "position": 9}


@pytest.fixture
def draft(db) -> Edition:
    """An edition with a row of every kind, and a diagnostic beside it."""
    store_version(small_diagnostic())
    edition = store_edition(small_edition())
    assert all(kind._default_manager.exists() for kind in CHILDREN)
    return edition


@pytest.fixture
def published(draft) -> Edition:
    publish_diagnostic(Version.objects.get(questionnaire__kind="diagnostic"), by=None)
    return publish_edition(draft, by=None)


def refusal(act) -> str:
    """What the database says to it; blank when it let it through."""
    try:
        with transaction.atomic():
            act()
    except IntegrityError as error:
        return str(error)
    return ""


def copy_in_bulk(kind: type[models.Model]) -> None:
    """One row more under the same parent, as a bulk call writes it."""
    row = kind._default_manager.latest("pk")
    row.pk = None
    for field, value in {
        "code": "AUTRE",
        "slug": "autre",
        "key": "AUTRE-01",
        "value": "autre",
        "name": "autre",
    }.items():
        if hasattr(row, field):
            setattr(row, field, value)
    if isinstance(row, EditionVersion):
        row.questionnaire = Questionnaire.objects.get(kind="diagnostic")
    kind._default_manager.bulk_create([row])


def change_in_bulk(kind: type[models.Model]) -> None:
    field = CHILDREN[kind]
    kind._default_manager.update(**{field: OTHER.get(field, "récrit")})


def change_one(kind: type[models.Model]) -> None:
    row = kind._default_manager.latest("pk")
    setattr(row, CHILDREN[kind], OTHER.get(CHILDREN[kind], "récrit"))
    row.save()


def change_by_sql(kind: type[models.Model]) -> None:
    field = CHILDREN[kind]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {kind._meta.db_table} SET {field} = %s", [OTHER.get(field, "récrit")])  # noqa: S608


def remove_in_bulk(kind: type[models.Model]) -> None:
    # The leaves first, or a foreign key would speak before the protection.
    Choice.objects.all()._raw_delete("default")
    kind._default_manager.all().delete()


def remove_by_sql(kind: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {kind._meta.db_table}")  # noqa: S608 — our own names


ROADS = (copy_in_bulk, change_in_bulk, change_one, change_by_sql, remove_in_bulk, remove_by_sql)


@pytest.mark.parametrize("road", ROADS)
def test_nothing_of_what_is_published_is_added_changed_or_removed(published, road):
    def contents():
        return {kind: list(kind._default_manager.order_by("pk").values()) for kind in CHILDREN}

    before = contents()

    for kind in CHILDREN:
        said = refusal(partial(road, kind))
        assert "_frozen" in said, f"{kind.__name__}: {said or 'let through'}"

    assert contents() == before


@pytest.mark.parametrize("road", [copy_in_bulk, change_in_bulk, change_one])
def test_all_of_a_draft_can_be_edited(draft, road):
    for kind in CHILDREN:
        assert refusal(partial(road, kind)) == "", kind.__name__


def test_all_of_a_draft_can_be_removed(draft):
    draft.delete()
    Version.objects.all().delete()

    assert not any(kind._default_manager.exists() for kind in CHILDREN)


@pytest.mark.postgresql
def test_published_tables_are_not_truncated(published):
    connection.check_constraints()

    kinds: list[type[models.Model]] = [*CHILDREN, Version, Edition]
    for kind in kinds:
        said = refusal(partial(_truncate, kind))
        assert "never changes" in said, f"{kind.__name__}: {said or 'let through'}"


def _truncate(kind: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {kind._meta.db_table} CASCADE")


def test_a_row_does_not_move_into_what_is_published_nor_out_of_it(published):
    other = store_version(small_diagnostic(version="2"))
    mine, theirs = other.outcomes.first(), Outcome.objects.exclude(version=other).first()
    assert mine is not None and theirs is not None

    into = refusal(lambda: Outcome.objects.filter(pk=mine.pk).update(version=theirs.version))
    out_of = refusal(lambda: Outcome.objects.filter(pk=theirs.pk).update(version=other))

    assert "_frozen" in into
    assert "_frozen" in out_of


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Un autre titre"},
        {"description": "Une autre description"},
        {"number": "9"},
        {"content_hash": "0" * 64},
        {"status": "draft", "content_hash": "", "published_at": None},
    ],
)
def test_a_published_version_does_not_change(published, change):
    assert "never changes" in refusal(lambda: Version.objects.update(**change))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Un autre titre"},
        {"code": "2099"},
        {"content_hash": "0" * 64},
        {"status": "draft", "content_hash": "", "published_at": None},
    ],
)
def test_a_published_edition_does_not_change(published, change):
    assert "never changes" in refusal(lambda: Edition.objects.update(**change))


def test_what_is_published_is_not_deleted(published):
    assert "never changes" in refusal(lambda: Edition.objects.all()._raw_delete("default"))
    assert "never changes" in refusal(lambda: Version.objects.all()._raw_delete("default"))


def test_what_is_published_can_be_retired_and_its_disclaimer_corrected(published):
    Version.objects.update(status=PublicationStatus.RETIRED)
    Edition.objects.update(status=PublicationStatus.RETIRED, disclaimer="Mise à jour de l’avertissement.")

    published.refresh_from_db()
    assert (published.status, published.disclaimer) == ("retired", "Mise à jour de l’avertissement.")
    assert "_frozen" in refusal(lambda: Question.objects.update(title="récrit"))


def test_a_retired_version_does_not_become_a_draft_again(published):
    Version.objects.update(status=PublicationStatus.RETIRED)

    said = refusal(lambda: Version.objects.update(status="draft", content_hash="", published_at=None))

    assert "never changes" in said


@pytest.mark.parametrize(
    ("kind", "change", "rule"),
    [
        (Version, {"status": "published"}, "questionnaires_version_published_is_whole"),
        (Version, {"status": "lost"}, "questionnaires_version"),
        (Edition, {"content_hash": "0" * 64}, "questionnaires_edition_published_is_whole"),
        (Questionnaire, {"kind": "survey"}, "questionnaires_questionnaire_kind_known"),
        (Question, {"type": "essay"}, "questionnaires_question_type_known"),
        (Question, {"level": "optional"}, "questionnaires_question_level_known"),
        (Question, {"weight": 0}, "questionnaires_question_weight_positive"),
        (Question, {"pass_score": "1.5"}, "questionnaires_question_pass_score_fraction"),
        (Choice, {"score": "-0.1"}, "questionnaires_choice_score_fraction"),
        (Threshold, {"operator": "between", "high": None}, "questionnaires_threshold_bounds"),
        (Threshold, {"operator": "otherwise", "low": 1}, "questionnaires_threshold_bounds"),
    ],
)
def test_a_draft_holds_no_nonsense(draft, kind, change, rule):
    assert rule in refusal(lambda: kind._default_manager.update(**change))


def test_an_edition_holds_one_version_of_each_questionnaire(draft):
    entry = draft.entries.first()
    second = store_version(small_edition(version="2").questionnaires[0])
    assert entry.questionnaire == second.questionnaire

    with pytest.raises(IntegrityError):
        EditionVersion.objects.create(edition=draft, questionnaire=second.questionnaire, version=second, position=9)
