"""Which questions a page shows: all, mine, unanswered, missing, unmet, sent back. And all of them as one list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.filing import Filing
from assessments.gap_words import gap_words
from assessments.models import Dossier
from assessments.overviews import correction_words, theme_url
from assessments.sections import Section, sections_of
from assessments.teamwork import Teamwork
from questionnaires import engine


class Filter(StrEnum):
    """As it stands in the address, after `?filtre=`."""

    ALL = ""
    MINE = "a-moi"
    UNANSWERED = "sans-reponse"
    MISSING = "manquantes"
    UNMET = "non-satisfaites"
    SENT_BACK = "refusees"

    @property
    def label(self) -> str:
        return str(LABELS[self])

    @property
    def empty_words(self) -> str:
        """What it means that none is left."""
        return str(EMPTY[self])


LABELS = {
    Filter.ALL: gettext_lazy("toutes"),
    Filter.MINE: gettext_lazy("à moi"),
    Filter.UNANSWERED: gettext_lazy("sans réponse"),
    Filter.MISSING: gettext_lazy("manquantes"),
    Filter.UNMET: gettext_lazy("non satisfaites"),
    Filter.SENT_BACK: gettext_lazy("renvoyées par les examinateurs"),
}
EMPTY = {
    Filter.ALL: gettext_lazy("Aucune question ne concerne votre service."),
    Filter.MINE: gettext_lazy("Rien ne vous est attribué ici."),
    Filter.UNANSWERED: gettext_lazy("Toutes les questions ont une réponse."),
    Filter.MISSING: gettext_lazy("Rien ici n’empêche de soumettre."),
    Filter.UNMET: gettext_lazy("Toutes les exigences qui ont une réponse sont satisfaites."),
    Filter.SENT_BACK: gettext_lazy("Les examinateurs n’ont rien renvoyé ici."),
}
Sets = Mapping[Filter, frozenset[str]]


def chosen(value: str) -> Filter:
    """What the address asks for; all of them when it asks for nothing known."""
    return next((each for each in Filter if each == value), Filter.ALL)


def sort_out(filing: Filing, teamwork: Teamwork) -> Sets:
    """The shown questions of the dossier that each filter keeps; the orientation apart."""
    own, blocking = filing.evaluation, set[str]()
    if filing.dossier.state in Dossier.SUBMITTABLE:
        blocking = {*filing.next_evaluation.incomplete, *filing.unsettled}
    keeps = {
        Filter.ALL: lambda key: True,
        Filter.MINE: teamwork.is_mine,
        Filter.UNANSWERED: lambda key: filing.result(key).state is engine.State.UNANSWERED,
        Filter.MISSING: blocking.__contains__,
        Filter.UNMET: frozenset(own.unmet).__contains__,
        Filter.SENT_BACK: filing.sent_back.__contains__,
    }
    shown = [key for key in own.questions if filing.result(key).shown and key not in filing.orientation]
    return {each: frozenset(key for key in shown if keep(key)) for each, keep in keeps.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A link to one of the filters. `url`: relative to the page."""

    label: str
    count: int
    url: str
    is_current: bool


def choices(sets: Sets, current: Filter, keys: Collection[str] | None = None) -> list[Choice]:
    """The filters of a page, with how many questions each keeps. `keys`: those of the page; all when it is None."""
    counts = {each: len(kept if keys is None else kept.intersection(keys)) for each, kept in sets.items()}
    return [
        Choice(
            label=each.label,
            count=counts[each],
            url=f"?filtre={each}" if each else "?",
            is_current=each is current,
        )
        for each in Filter
    ]


def kept_on_page(
    questions: Iterable[engine.Question], filing: Filing, kept: Collection[str]
) -> tuple[engine.Question, ...]:
    """The questions of a page that a filter keeps, and the hidden ones: their place waits for them."""
    return tuple(each for each in questions if each.key in kept or not filing.result(each.key).shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A question in the list of all of them. `state`: label and tone."""

    key: str
    title: str
    url: str
    state: tuple[str, str]
    assignee: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeLines:
    title: str
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLines:
    title: str
    themes: tuple[ThemeLines, ...]


def list_of(filing: Filing, teamwork: Teamwork, kept: Collection[str]) -> list[SectionLines]:
    """The kept questions by questionnaire and theme; what has none is left out."""
    sections = []
    for section in sections_of(filing.working.definition):
        themes = [_theme_lines(filing, teamwork, section, theme, kept) for theme in section.themes]
        if filled := tuple(each for each in themes if each.lines):
            sections.append(SectionLines(title=section.title, themes=filled))
    return sections


def _theme_lines(
    filing: Filing, teamwork: Teamwork, section: Section, theme: engine.Theme, kept: Collection[str]
) -> ThemeLines:
    url = theme_url(filing.dossier, section, theme)
    lines = tuple(
        Line(
            key=question.key,
            title=question.title,
            url=f"{url}#{question.key}",
            state=state_of(filing, question),
            assignee=teamwork.question_words(question.key),
        )
        for question in theme.questions
        if question.key in kept
    )
    return ThemeLines(title=theme.title, url=url, lines=lines)


def state_of(filing: Filing, question: engine.Question) -> tuple[str, str]:
    """Where a shown question stands in a few words, and their tone."""
    key, result = question.key, filing.result(question.key)
    if key in filing.sent_back:
        return correction_words(filing, key), "success" if filing.is_settled(key) else "warning"
    if result.state is engine.State.NOT_APPLICABLE:
        return _("non applicable"), "info"
    if filing.working.state(key).lacks_reason:
        return _("raison du « non applicable » à donner"), "warning"
    if result.state is engine.State.UNANSWERED or result.incomplete:
        return gap_words(question, result, filing.working.state(key)), "new"
    if result.unmet:
        return _("non satisfaite"), "warning"
    return _("répondue"), "success"
