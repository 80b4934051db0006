"""The questions of a dossier that hold some words. Pure: over the compiled edition and a copy that were read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assessments.answer_words import answer_in_words
from assessments.filing import Filing
from assessments.overviews import places_of
from questionnaires import engine
from ui.folding import folded
from ui.search_words import Words


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
    return words.are_all_in(folded("\n\n".join(texts))[0])


def _found(theme: str, question: engine.Question, filing: Filing, words: Words, url: str) -> Found:
    elsewhere = words.missing_from(folded(f"{question.key}\n\n{question.wording}")[0])
    excerpts = [
        (label, words.excerpt(text)) for label, text in _texts(question, filing) if elsewhere.is_any_in(folded(text)[0])
    ]
    return Found(
        theme=theme,
        key=words.marked(question.key),
        wording=words.marked(question.wording),
        url=url,
        excerpts=tuple(excerpts),
    )
