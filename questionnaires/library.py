"""The requirements of a published edition, to be found and read. Pure: over the compiled definition, indexed once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from types import MappingProxyType

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from questionnaires import engine
from ui.folding import folded
from ui.search_words import Words

_TOKEN = re.compile(r"[a-z]+|[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One requirement and where it stands. `flat`: all that is searched, folded."""

    question: engine.Question
    questionnaire: engine.Questionnaire
    part: engine.Part | None
    theme: engine.Theme
    flat: str
    key_forms: frozenset[str]
    # Names of the flags that its condition reads, directly or not, in the order of the edition.
    flags: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.question.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked of the requirements beside words; blank for anything. `evidence`: "oui" or "non"."""

    questionnaire: str = ""
    level: str = ""
    answered_by: str = ""
    evidence: str = ""
    flag: str = ""

    def accept(self, entry: Entry) -> bool:
        question = entry.question
        part = entry.part.code if entry.part else ""
        return (
            self.questionnaire in {"", entry.questionnaire.code, part}
            and self.level in {"", question.level}
            and self.answered_by in {"", question.answered_by}
            and self.evidence in {"", "oui" if question.requires_evidence else "non"}
            and (not self.flag or self.flag in entry.flags)
        )

    @property
    def are_set(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One requirement found: its title and wording with the words marked, and where else they stand."""

    entry: Entry
    title: SafeString
    wording: SafeString
    excerpts: tuple[tuple[str, SafeString], ...]


@dataclass(frozen=True, kw_only=True)
class Library:
    """A compiled edition, its requirements in the order of the screen, and the words that each holds."""

    definition: engine.Definition
    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, definition: engine.Definition) -> "Library":
        return cls(definition=definition, entries=MappingProxyType({each.key: each for each in _entries(definition)}))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.entries)

    def around(self, key: str) -> tuple[Entry | None, Entry | None]:
        """The requirements before and after this one, None at both ends."""
        place = self.keys.index(key)
        before = self.entries[self.keys[place - 1]] if place else None
        after = self.entries[self.keys[place + 1]] if place + 1 < len(self.keys) else None
        return before, after

    def questionnaire(self, slug: str) -> engine.Questionnaire | None:
        return next((each for each in self.definition.edition.questionnaires if each.slug == slug), None)

    def search(self, words: Words, filters: Filters) -> list[Entry]:
        """The requirements that the filters accept and that hold every word, or whose key was typed: those first."""
        accepted = [each for each in self.entries.values() if filters.accept(each)]
        if not words.each:
            return accepted
        typed = key_form(words.typed)
        by_key = [each for each in accepted if typed in each.key_forms]
        named = {each.key for each in by_key}
        return by_key + [each for each in accepted if each.key not in named and words.are_all_in(each.flat)]


def key_form(text: str) -> str:
    """« SEC-IDU-03 », « sec idu 3 » and « secidu03 » are one key: its letters, and its numbers without zeros before."""
    return "".join(_tokens(text))


def _tokens(text: str) -> list[str]:
    return [each.lstrip("0") or "0" if each.isdigit() else each for each in _TOKEN.findall(folded(text)[0])]


def _key_forms(key: str) -> frozenset[str]:
    """What may be typed for a key: all of it, or its end: « IDU-03 »."""
    tokens = _tokens(key)
    return frozenset("".join(tokens[start:]) for start in range(max(1, len(tokens) - 1)))


def _entries(definition: engine.Definition) -> Iterator[Entry]:
    for questionnaire in definition.edition.questionnaires:
        parts = {part.code: part for part in questionnaire.parts}
        for theme in questionnaire.themes:
            for question in theme.questions:
                texts = [question.key, theme.title, *(text for _label, text in texts_of(question))]
                yield Entry(
                    question=question,
                    questionnaire=questionnaire,
                    part=parts.get(theme.part or ""),
                    theme=theme,
                    # A mark that nobody types keeps a word from being found astride two texts.
                    flat=folded("\n\n".join(texts))[0],
                    key_forms=_key_forms(question.key),
                    flags=tuple(name for name in definition.flags if name in definition.reads[question.key]),
                )


def texts_of(question: engine.Question) -> Iterator[tuple[str, str]]:
    """What is searched in a requirement: (label, text). The editors' notes and sources are not."""
    yield str(_("Intitulé")), question.title
    yield str(_("Question")), question.wording
    yield str(_("Ce qui est demandé")), question.asked
    yield str(_("Pourquoi")), question.why
    yield str(_("Aide")), question.help
    yield str(_("Preuve attendue")), question.evidence
    yield str(_("Exemple accepté")), question.accepted_example
    yield str(_("Exemple refusé")), question.refused_example
    yield str(_("Texte de référence")), question.reference
    yield str(_("Choix")), " ; ".join(choice.label for choice in question.choices)


def found(entry: Entry, words: Words) -> Found:
    """A requirement as the results show it."""
    question = entry.question
    elsewhere = words.missing_from(folded(f"{question.key}\n\n{question.title}\n\n{question.wording}")[0])
    excerpts = [
        (label, words.excerpt(text))
        for label, text in list(texts_of(question))[2:]
        if elsewhere.is_any_in(folded(text)[0])
    ]
    return Found(
        entry=entry,
        title=words.marked(question.title),
        wording=words.marked(question.wording),
        excerpts=tuple(excerpts),
    )


def by_theme(found_ones: Sequence[Found]) -> list[tuple[Entry, list[Found]]]:
    """Results that follow each other in one theme, together: (the first's entry, the results)."""
    groups = groupby(found_ones, key=lambda each: (each.entry.questionnaire.code, each.entry.theme.code))
    listed = (list(group) for _theme, group in groups)
    return [(each[0].entry, each) for each in listed]
