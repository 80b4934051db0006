"""What is written as YAML is read back exactly, and what did not change is not touched."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.engine import Question, Questionnaire, Theme
from questionnaires.exchange.yaml_text import edition_yaml, questionnaire_yaml
from questionnaires.source_files import parse_edition, parse_questionnaire, read_edition, read_text
from tests.questionnaires import contents
from tests.questionnaires.builders import FIXTURES

FILES = sorted(path for path in FIXTURES.rglob("*.yaml") if not path.name.startswith("edition-"))
TEXT = """\
# Avant tout.
schema: convergence/questionnaire@1
questionnaire: DOC
kind: evaluation
version: "1"   # la première
slug: doctrine
title: 'Doctrine'
themes:
  # Le premier thème.
  - code: T-A
    slug: a
    title: A
    questions:
      - key: A-1   # une note au bout de la ligne
        type: yes_no
        title: "Titre"
        wording: |-
          Une ?
        level: mandatory
        scored: true
        weight: 1.50
        applies_when: always
        not_applicable: allowed
        minutes: 0
        choices:
          - {value: oui, label: Oui}

      # Avant la deuxième.
      - key: A-2
        type: text
        title: Titre
        # Sur la question.
        wording: Deux ?
        level: mandatory
        scored: true
        weight: 1
        applies_when: always
        not_applicable: allowed
      # - key: A-3, retirée en 2025.

  # Le second thème.
  - code: T-B
    slug: b
    title: B
    questions:
      - key: B-1
        type: text
        title: Titre
        wording: Trois ?
        level: mandatory
        scored: true
        weight: 1
        applies_when: always
        not_applicable: allowed
# Après tout.
"""
FIRST = TEXT[TEXT.index("      - key: A-1") : TEXT.index("\n      # Avant la deuxième.")]
SECOND = TEXT[TEXT.index("\n      # Avant la deuxième.") : TEXT.index("\n  # Le second thème.")]
THIRD = TEXT[TEXT.index("      - key: B-1") : TEXT.index("# Après tout")]


def with_themes(content: Questionnaire, change: Callable[[Theme, Theme], tuple[Theme, ...]]) -> Questionnaire:
    return replace(content, themes=change(*content.themes))


def changed(content: Questionnaire, key: str, **fields: object) -> Questionnaire:
    def again(asked: Question) -> Question:
        return replace(asked, **fields) if asked.key == key else asked  # type: ignore[arg-type]

    return replace(
        content,
        themes=tuple(replace(theme, questions=tuple(map(again, theme.questions))) for theme in content.themes),
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_whose_content_did_not_change_comes_back_byte_for_byte(path):
    text = read_text(path)

    assert questionnaire_yaml(parse_questionnaire(text), text) == text


@pytest.mark.parametrize(("folder", "code"), [(FIXTURES, "2026"), (FIXTURES / "2027", "2027")])
def test_the_file_of_an_edition_comes_back_byte_for_byte(folder, code):
    text = read_text(folder / f"edition-{code}.yaml")

    assert edition_yaml(read_edition(folder, code), text) == text


def test_a_day_of_effect_is_written_and_read_back():
    text = read_text(FIXTURES / "edition-2026.yaml")
    edition = replace(read_edition(FIXTURES, "2026"), effective_on=date(2027, 1, 1))

    written = edition_yaml(edition, text)

    assert 'effective_on: "2027-01-01"\n' in written
    assert parse_edition(written)["effective_on"] == "2027-01-01"


def test_a_map_is_written_into_the_text_and_read_back():
    path = FIXTURES / "2027" / "securite.yaml"
    text = read_text(path)
    content = parse_questionnaire(text)
    assert content.migration is not None
    changed = replace(content, migration=replace(content.migration, grace_days=30))

    written = questionnaire_yaml(changed, text)

    assert parse_questionnaire(written) == changed
    head, _map = text.split("\nmigration:\n")
    assert written.startswith(head)


@pytest.mark.parametrize("path", [path for path in FILES if path.parent == FIXTURES], ids=lambda path: path.stem)
def test_the_canonical_text_is_nearly_the_one_that_people_wrote(path):
    text = read_text(path)
    written = questionnaire_yaml(parse_questionnaire(text))
    lines = [line for line in text.splitlines() if not line.startswith("#")]

    # « Oui » between quotes or not is a matter of mood in our files.
    kept = set(re.sub(r'"(Oui|Non)"', r"\1", written).splitlines())
    differ = [line for line in lines if re.sub(r'"(Oui|Non)"', r"\1", line) not in kept]

    assert parse_questionnaire(written) == parse_questionnaire(text)
    assert len(differ) <= 10


@contents.STEADY
@given(contents.questionnaires())
def test_any_content_is_read_back_as_it_is(content):
    assert parse_questionnaire(questionnaire_yaml(content)) == content


@contents.STEADY
@given(contents.questionnaires().flatmap(lambda old: st.tuples(st.just(old), contents.edited(old))))
def test_any_change_is_written_into_the_text_of_before(pair):
    old, new = pair

    assert parse_questionnaire(questionnaire_yaml(new, questionnaire_yaml(old))) == new


@contents.STEADY
@given(contents.editions, contents.editions)
def test_any_edition_is_read_back_as_it_is_with_or_without_an_older_text(old, new):
    text = edition_yaml(new)

    assert parse_edition(edition_yaml(new, edition_yaml(old))) == parse_edition(text)
    assert [each["condition"] for each in parse_edition(text)["flags"]] == [flag.condition for flag in new.flags]
    assert parse_edition(text).get("disclaimer", "") == new.disclaimer


def test_one_field_is_rewritten_and_all_else_is_copied():
    content = changed(parse_questionnaire(TEXT), "A-2", wording="Deux, vraiment ?")

    assert questionnaire_yaml(content, TEXT) == TEXT.replace("wording: Deux ?", 'wording: "Deux, vraiment ?"')


def test_the_head_of_the_file_is_rewritten_where_it_changed():
    content = replace(parse_questionnaire(TEXT), version="2", description="Une description.")

    assert questionnaire_yaml(content, TEXT) == TEXT.replace('version: "1"   # la première', 'version: "2"').replace(
        "title: 'Doctrine'\n", "title: 'Doctrine'\ndescription: Une description.\n"
    )


def test_a_field_that_was_missing_takes_its_usual_place_and_one_that_is_emptied_goes():
    content = changed(parse_questionnaire(TEXT), "A-2", help="De l’aide.")
    text = questionnaire_yaml(content, TEXT)

    assert text == TEXT.replace("        wording: Deux ?\n", "        wording: Deux ?\n        help: De l’aide.\n")
    assert questionnaire_yaml(changed(content, "A-2", help=""), text) == TEXT


def test_questions_that_change_places_take_their_comments_along():
    def exchanged(first: Theme, second: Theme) -> tuple[Theme, ...]:
        return replace(first, questions=(first.questions[1], first.questions[0])), second

    text = questionnaire_yaml(with_themes(parse_questionnaire(TEXT), exchanged), TEXT)

    assert SECOND + FIRST in text
    assert text.startswith(TEXT[: TEXT.index(FIRST)])


def test_a_question_that_moves_to_another_theme_is_copied_there():
    def moved(first: Theme, second: Theme) -> tuple[Theme, ...]:
        return (
            replace(first, questions=first.questions[:1]),
            replace(second, questions=(*second.questions, first.questions[1])),
        )

    text = questionnaire_yaml(with_themes(parse_questionnaire(TEXT), moved), TEXT)

    assert FIRST in text
    assert THIRD + SECOND in text


def test_themes_that_change_places_take_their_questions_and_comments_along():
    text = questionnaire_yaml(with_themes(parse_questionnaire(TEXT), lambda first, second: (second, first)), TEXT)

    assert text.index("# Le second thème.") < text.index("# Le premier thème.")
    assert text.endswith("# Après tout.\n")
    assert all(part in text for part in (FIRST, SECOND, THIRD))


def test_a_question_of_a_new_theme_is_copied_too_and_a_removed_one_is_gone():
    def again(first: Theme, second: Theme) -> tuple[Theme, ...]:
        new = Theme(code="T-C", slug="c", title="Nouveau", questions=second.questions)
        return replace(first, questions=first.questions[1:]), new

    text = questionnaire_yaml(with_themes(parse_questionnaire(TEXT), again), TEXT)

    assert THIRD in text
    assert "A-1" not in text
    assert "\n  - code: T-C\n    slug: c\n    title: Nouveau\n    questions:\n" in text


def test_a_text_with_other_line_breaks_or_no_last_one_keeps_what_it_can():
    crlf = TEXT.replace("\n", "\r\n")
    content = changed(parse_questionnaire(TEXT), "A-2", help="De l’aide.")

    assert questionnaire_yaml(parse_questionnaire(crlf), crlf) == crlf
    assert questionnaire_yaml(content, crlf) == questionnaire_yaml(content, TEXT).replace("\n", "\r\n")
    assert questionnaire_yaml(content, TEXT[: -len("\n")]) == questionnaire_yaml(content, TEXT)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "pas du tout: [un questionnaire",
        TEXT.replace("title: A\n", "title: &a A\n").replace("title: B\n", "title: *a\n"),
        TEXT.replace("wording: Deux ?", 'wording: "Deux\u2028?"'),
        questionnaire_yaml(parse_questionnaire(TEXT)).replace("themes:\n", "themes: !!seq\n"),
    ],
)
def test_a_text_that_cannot_be_kept_apart_still_gives_the_right_content(source):
    content = changed(parse_questionnaire(TEXT), "A-1", wording="Une, vraiment ?", weight=Decimal("0.25"))

    assert parse_questionnaire(questionnaire_yaml(content, source)) == content


def test_a_draft_that_the_schema_refuses_is_written_all_the_same():
    content = with_themes(parse_questionnaire(TEXT), lambda first, second: (first, replace(second, questions=())))

    text = questionnaire_yaml(content, TEXT)

    assert parse_questionnaire(text, checked=False) == content
    assert "# Avant la deuxième." in text


@settings(contents.STEADY, max_examples=30)
@given(st.data())
def test_our_longest_file_survives_any_work_on_it(data):
    text = read_text(FIXTURES / "orientation.yaml")
    new = data.draw(contents.edited(parse_questionnaire(text)))

    written = questionnaire_yaml(new, text)

    assert parse_questionnaire(written) == new
    assert written.startswith("# Orientation\n# Rédaction propre")
