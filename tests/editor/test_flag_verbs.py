"""The flags of a draft edition: added, changed, removed."""

import pytest

from audit.models import Event
from questionnaires.operations.flags import (
    FlagEditedMeanwhile,
    FlagGone,
    FlagTaken,
    add_flag,
    remove_flag,
    save_flag,
)
from tests.editor.drafts import edition_of, last_event

pytestmark = pytest.mark.django_db
BEGAN = {"meaning": "il a une application", "condition": "programme == 'with_exchange'"}


@pytest.fixture
def edition(version):
    return edition_of(version)


def save(edition, *, by, meaning, name="mobile", condition="always", base=0):
    return save_flag(edition=edition, name=name, meaning=meaning, condition=condition, base_revision=base, by=by)


def test_a_flag_is_added_last(edition, editor):
    add_flag(edition=edition, name="ai", meaning="il apprend", condition="always", by=editor)

    assert list(edition.flags.values_list("position", "name")) == [(1, "mobile"), (2, "ai")]
    assert last_event() == ("flag.added", editor, {"flag": "ai"})


def test_a_name_is_that_of_one_flag(edition, editor):
    with pytest.raises(FlagTaken):
        add_flag(edition=edition, name="mobile", meaning="il bouge", condition="always", by=editor)

    assert edition.flags.count() == 1


def test_a_change_says_what_was_before(edition, editor):
    saved = save(edition, by=editor, meaning="il bouge")

    assert (saved.meaning, saved.condition, saved.revision) == ("il bouge", "always", 1)
    assert last_event() == ("flag.saved", editor, {"flag": "mobile", "before": BEGAN})


def test_a_change_that_changes_nothing_is_none(edition, editor):
    assert save(edition, by=editor, **BEGAN).revision == 0
    assert not Event.objects.filter(verb="flag.saved").exists()


def test_a_colleague_changed_it_meanwhile_and_is_not_overwritten(edition, editor, colleague):
    save(edition, by=colleague, meaning="de Noa")

    with pytest.raises(FlagEditedMeanwhile) as refused:
        save(edition, by=editor, meaning="de Claude")

    assert refused.value.current.meaning == "de Noa"
    assert edition.flags.get().meaning == "de Noa"


def test_a_flag_that_is_not_there_is_not_changed(edition, editor):
    with pytest.raises(FlagGone):
        save(edition, by=editor, meaning="rien", name="web")


def test_removing_twice_is_removing_once_and_says_what_it_was(edition, editor):
    for _ in range(2):
        remove_flag(edition=edition, name="mobile", by=editor)

    assert not edition.flags.exists()
    assert last_event() == ("flag.removed", editor, {"flag": "mobile", "before": BEGAN})
    assert Event.objects.filter(verb="flag.removed").count() == 1
