"""The questions of a dossier that hold some words. Pure: over the compiled edition and a copy that were read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.answer_words import answer_in_words
from assessments.filing import Filing
from assessments.overviews import places_of
from questionnaires import engine
from ui.folding import folded

# Characters of a text that are read out on each side of the first word found in it.
AROUND = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is looked for: each of these, folded, somewhere in the question."""

    typed: str
    each: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> "Words":
        """Cut at spaces before folding: « SEC-EXP-04 » is one word."""
        cut = (folded(word)[0].strip() for word in typed.split())
        return cls(typed=typed, each=tuple(dict.fromkeys(word for word in cut if word)))

    def marked(self, text: str) -> SafeString:
        """The text, escaped, with every word that it holds in a `<mark>`."""
        flat, places = folded(text)
        pieces, done = [], 0
        for start, end in _spans(flat, self.each):
            pieces += [(text[done : places[start]], "", ""), (text[places[start] : places[end]], "<mark>", "</mark>")]
            done = places[end]
        pieces.append((text[done:], "", ""))
        return format_html_join("", "{1}{0}{2}", ((each, _tag(before), _tag(after)) for each, before, after in pieces))

    def excerpt(self, text: str) -> SafeString:
        """The marked text around the first word that it holds."""
        flat, places = folded(text)
        start = places[min(place for place in map(flat.find, self.each) if place >= 0)]
        first, last = max(0, start - AROUND), min(len(text), start + AROUND)
        # Whole words at both ends.
        first = text.rfind(" ", 0, first) + 1 if first else 0
        last = text.find(" ", last) if text.find(" ", last) > 0 else len(text)
        cut = f"{'… ' if first else ''}{text[first:last]}{' …' if last < len(text) else ''}"
        return self.marked(cut)


def _tag(text: str) -> SafeString:
    # Ours, never what somebody typed.
    return SafeString(text)


def _spans(flat: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the words stand, those that touch or overlap as one, in order."""
    found = sorted(span for word in words for span in _places(flat, word))
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _places(flat: str, word: str) -> Iterator[tuple[int, int]]:
    start = flat.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = flat.find(word, start + len(word))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One question: its key and wording with the words marked, and where else they stand: (label, excerpt)."""

    theme: str
    key: SafeString
    wording: SafeString
    url: str
    excerpts: tuple[tuple[str, SafeString], ...]


def search(filing: Filing, words: Words) -> list[tuple[str, list[Found]]]:
    """The shown questions that hold every word, by theme, in the order of the edition. Hidden ones are not there."""
    if not words.each:
        return []
    places = places_of(filing.dossier, filing.working)
    found = [
        _found(theme, question, filing, words, places[question.key])
        for theme, question in _questions(filing.working.definition)
        if filing.result(question.key).shown and _holds(question, filing, words)
    ]
    return [(theme, list(each)) for theme, each in groupby(found, key=attrgetter("theme"))]


def _questions(definition: engine.Definition) -> Iterator[tuple[str, engine.Question]]:
    for questionnaire in definition.edition.questionnaires:
        for theme in questionnaire.themes:
            yield from ((f"{questionnaire.title} – {theme.title}", question) for question in theme.questions)


def _texts(question: engine.Question, filing: Filing) -> Iterator[tuple[str, str]]:
    """Where words are looked for beside the key and the wording: a label, and the text."""
    state = filing.working.state(question.key)
    yield _("Intitulé"), question.title
    yield _("Ce qui est attendu"), question.asked
    yield _("Pourquoi cette question"), question.why
    yield _("Aide"), question.help
    yield _("Texte de référence"), question.reference
    if state.value is not None and not state.not_applicable:
        yield _("Votre réponse"), answer_in_words(question, state)
    if state.not_applicable:
        yield _("Votre raison du « non applicable »"), state.reason
    yield _("Votre commentaire"), state.comment


def _holds(question: engine.Question, filing: Filing, words: Words) -> bool:
    # A mark that nobody types keeps a word from being found astride two texts.
    texts = [question.key, question.wording, *(text for _label, text in _texts(question, filing))]
    flat = folded("\n\n".join(texts))[0]
    return all(word in flat for word in words.each)


def _found(theme: str, question: engine.Question, filing: Filing, words: Words, url: str) -> Found:
    said = folded(f"{question.key}\n\n{question.wording}")[0]
    elsewhere = [word for word in words.each if word not in said]
    excerpts = [
        (label, words.excerpt(text))
        for label, text in _texts(question, filing)
        if any(word in folded(text)[0] for word in elsewhere)
    ]
    return Found(
        theme=theme,
        key=words.marked(question.key),
        wording=words.marked(question.wording),
        url=url,
        excerpts=tuple(excerpts),
    )
