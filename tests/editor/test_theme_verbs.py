"""The themes of a draft: added, renamed, moved, removed once they are empty."""

import pytest

from audit.models import Event
from questionnaires.operations.questions import take_out
from questionnaires.operations.themes import (
    ThemeEditedMeanwhile,
    ThemeGone,
    ThemeNotEmpty,
    ThemeTaken,
    add_theme,
    move_theme,
    remove_theme,
    save_theme,
)
from tests.editor.drafts import ELSEWHERE, last_event, order_of

pytestmark = pytest.mark.django_db


def add(version, *, by, code="Q-C", slug="c"):
    return add_theme(version=version, code=code, slug=slug, title="Suite", description="", part=None, by=by)


def save(version, *, by, title, base=0, code="Q-A"):
    return save_theme(version=version, code=code, title=title, description="", part=None, base_revision=base, by=by)


def codes(version):
    return list(version.themes.order_by("position").values_list("position", "code"))


def test_a_theme_is_added_last(version, editor):
    add(version, by=editor)

    assert codes(version) == [(1, "Q-A"), (2, "Q-B"), (3, "Q-C")]
    assert last_event() == ("theme.added", editor, {"theme": "Q-C"})


@pytest.mark.parametrize("taken", [{"code": "Q-A"}, {"slug": "a"}])
def test_a_code_and_an_address_name_one_theme(version, editor, taken):
    with pytest.raises(ThemeTaken):
        add(version, by=editor, **taken)

    assert version.themes.count() == 2


def test_renaming_a_theme_counts(version, editor):
    saved = save(version, by=editor, title="Le suivi")

    assert (saved.title, saved.revision) == ("Le suivi", 1)
    assert last_event() == ("theme.saved", editor, {"theme": "Q-A"})


def test_renaming_a_theme_to_what_it_is_called_is_nothing(version, editor):
    assert save(version, by=editor, title="Suivi").revision == 0
    assert not Event.objects.filter(verb="theme.saved").exists()


def test_a_colleague_renamed_it_meanwhile_and_is_not_overwritten(version, editor, colleague):
    save(version, by=colleague, title="De Noa")

    with pytest.raises(ThemeEditedMeanwhile) as refused:
        save(version, by=editor, title="De Claude")

    assert refused.value.current.title == "De Noa"
    assert version.themes.get(code="Q-A").title == "De Noa"


@pytest.mark.parametrize(
    ("code", "before", "expected"),
    [
        ("Q-C", "Q-A", ["Q-C", "Q-A", "Q-B"]),
        ("Q-A", None, ["Q-B", "Q-C", "Q-A"]),
        ("Q-B", "Q-C", ["Q-A", "Q-B", "Q-C"]),
    ],
)
def test_a_theme_stands_where_it_was_put_with_its_questions(version, editor, code, before, expected):
    add(version, by=editor)
    held = order_of(version)

    move_theme(version=version, code=code, before=before, by=editor)

    assert codes(version) == list(enumerate(expected, start=1))
    assert order_of(version) == held


@pytest.mark.parametrize(("code", "before"), [("Q-Z", None), ("Q-A", "Q-Z"), ("Q-A", "Q-A")])
def test_a_place_that_is_not_there_moves_no_theme(version, editor, code, before):
    with pytest.raises(ThemeGone):
        move_theme(version=version, code=code, before=before, by=editor)


def test_a_theme_that_is_not_there_is_not_renamed(version, editor):
    with pytest.raises(ThemeGone):
        save(version, by=editor, title="Rien", code="Q-Z")


def test_only_an_empty_theme_is_removed_and_once(version, editor):
    with pytest.raises(ThemeNotEmpty):
        remove_theme(version=version, code="Q-B", by=editor)
    take_out(version=version, key=ELSEWHERE, by=editor)

    for _ in range(2):
        remove_theme(version=version, code="Q-B", by=editor)

    assert codes(version) == [(1, "Q-A")]
    assert Event.objects.filter(verb="theme.removed").count() == 1


def test_the_ranks_of_themes_have_no_gap(version, editor):
    add(version, by=editor)
    take_out(version=version, key=ELSEWHERE, by=editor)

    remove_theme(version=version, code="Q-B", by=editor)

    assert codes(version) == [(1, "Q-A"), (2, "Q-C")]
