"""Which edition dossiers open on: the last one published that applies by now, and no setting says otherwise."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_edition, retire_edition
from questionnaires.operations.storing import AlreadyPublished, store_edition
from questionnaires.queries import applies_from, edition_in_force, editions_after
from questionnaires.source_files import SourceError, read_edition
from tests.questionnaires.builders import FIXTURES
from tests.questionnaires.small import small_edition

NEW_YEAR = date(2027, 1, 1)


def published(code: str, effective_on: date | None = None) -> Edition:
    """An edition of the same versions, published now."""
    draft = store_edition(small_edition(code=code))
    draft.effective_on = effective_on
    draft.save(update_fields=["effective_on"])
    return publish_edition(draft, by=None)


def test_nothing_is_in_force_before_something_is_published(db):
    store_edition(small_edition())

    assert edition_in_force(timezone.localdate()) is None


def test_an_edition_without_a_day_applies_from_its_publication(db):
    edition = published("E1")
    today = timezone.localdate()

    assert edition_in_force(today) == edition
    assert edition_in_force(today - timedelta(days=1)) is None
    assert applies_from(edition) == today


def test_an_announced_edition_takes_its_place_on_its_day(db):
    first = published("E1", date(2026, 1, 1))
    second = published("E2", NEW_YEAR)

    assert edition_in_force(NEW_YEAR - timedelta(days=1)) == first
    assert edition_in_force(NEW_YEAR) == second
    assert applies_from(second) == NEW_YEAR


def test_the_order_of_publication_does_not_decide_their_days_do(db):
    second = published("E2", date(2026, 6, 1))
    first = published("E1", date(2026, 1, 1))

    assert edition_in_force(date(2026, 12, 1)) == second
    assert editions_after(first) == [second]


def test_a_retired_edition_is_in_force_no_more(db, editor):
    published("E1", date(2026, 1, 1))
    second = published("E2", date(2026, 6, 1))
    third = published("E3", date(2026, 7, 1))

    assert edition_in_force(date(2026, 8, 1)) == third
    retire_edition(second, by=editor)

    assert edition_in_force(date(2026, 6, 15)).code == "E1"


def test_the_editions_after_another_are_told_the_nearest_first_the_announced_included(db, editor):
    first, third, second = (published(code, day) for code, day in (("E1", None), ("E3", NEW_YEAR), ("E2", None)))
    draft = store_edition(small_edition(code="E4"))

    assert editions_after(first) == [second, third]
    assert editions_after(third) == []
    assert editions_after(draft) == []
    retire_edition(first, by=editor)
    assert editions_after(first) == [second, third]


def test_a_publication_at_night_counts_from_that_day_in_paris(db):
    edition = published("E1")
    edition.published_at = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC"))

    assert applies_from(edition) == NEW_YEAR


def edition_file(folder, effective_on: str):
    content = (FIXTURES / "edition-2026.yaml").read_text(encoding="utf-8")
    for path in FIXTURES.glob("[!e]*.yaml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "edition-2026.yaml").write_text(content + f"effective_on: {effective_on}\n", encoding="utf-8")
    return folder


def test_a_file_may_say_from_which_day_it_applies(db, tmp_path, edition_2026):
    content = read_edition(edition_file(tmp_path, "2027-01-01"), "2026")

    edition = publish_edition(store_edition(content), by=None)

    assert edition.effective_on == NEW_YEAR
    assert edition.content_hash == publish_edition(store_edition(edition_2026), by=None).content_hash


def test_another_day_under_a_published_number_is_refused(db, tmp_path):
    folder = edition_file(tmp_path, "2027-01-01")
    publish_edition(store_edition(read_edition(folder, "2026")), by=None)

    with pytest.raises(AlreadyPublished, match="2026"):
        store_edition(read_edition(edition_file(folder, "2028-01-01"), "2026"))


def test_a_day_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(SourceError, match="n’existe pas dans le calendrier"):
        read_edition(edition_file(tmp_path, "2027-02-30"), "2026")


def test_the_command_loads_the_last_edition_of_its_folder(db):
    call_command("load_questionnaires", verbosity=0)

    assert [edition.code for edition in Edition.objects.all()] == ["2026"]
