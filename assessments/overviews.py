"""The dossier at a glance: where it is, what is left, whose turn it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments import addresses
from assessments.answer_states import Copy
from assessments.answer_words import answer_in_words
from assessments.clocks import days_late
from assessments.filing import Filing
from assessments.gap_words import gap_words
from assessments.models import Dossier
from assessments.policies import Part
from assessments.sections import Section, orientation_of, section_of_key, sections_of
from questionnaires import engine
from ui.formats import long_date
from ui.radar import RadarPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A question that blocks, with what is missing in a few words and where to mend it."""

    key: str
    title: str
    words: str
    url: str
    # A correction that was made, or a reply that was written, and that waits to be submitted.
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeRow:
    """`to_correct`: its questions that were sent back and wait to be settled; `url` leads to the first."""

    code: str
    title: str
    url: str
    result: engine.GroupResult
    to_correct: tuple[str, ...] = ()

    @property
    def applicable(self) -> int:
        return self.result.shown - self.result.not_applicable

    @property
    def state(self) -> tuple[str, str]:
        """Label and tone: never a colour alone."""
        if not self.result.shown:
            return _("Sans objet"), "info"
        if self.to_correct:
            count = len(self.to_correct)
            return ngettext("%(count)d à corriger", "%(count)d à corriger", count) % {"count": count}, "warning"
        if self.result.incomplete:
            missing = len(self.result.incomplete)
            return ngettext("%(count)d à compléter", "%(count)d à compléter", missing) % {"count": missing}, "new"
        complete = self.result.answered >= self.applicable
        if self.result.unmet:
            return (_("Complet, avec écarts") if complete else _("Suffisant, avec écarts")), "warning"
        return (_("Complet") if complete else _("Suffisant pour soumettre")), "success"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    section: Section
    result: engine.GroupResult
    themes: tuple[ThemeRow, ...]

    @property
    def applicable(self) -> int:
        return self.result.shown - self.result.not_applicable


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the dossier page and the score page read."""

    sections: tuple[SectionRow, ...]
    incomplete: tuple[Gap, ...]
    unmet: tuple[Gap, ...]
    radar: tuple[RadarPoint, ...]


def overview(
    dossier: Dossier, copy: Copy, evaluation: engine.Evaluation, *, to_correct: Collection[str] = ()
) -> Overview:
    """Read models of a dossier; no query. `to_correct`: what was sent back and waits for a correction or a reply."""
    sections = tuple(_section_row(dossier, section, evaluation, to_correct) for section in sections_of(copy.definition))
    places = places_of(dossier, copy)
    # A refused file looks as if it were given: it comes before what nobody did yet.
    incomplete = sorted(evaluation.incomplete, key=lambda key: not copy.state(key).refused_files)
    return Overview(
        sections=sections,
        incomplete=tuple(gap_of(key, copy, evaluation, places) for key in incomplete),
        unmet=tuple(
            gap_of(key, copy, evaluation, places) for key in evaluation.unmet if key not in evaluation.incomplete
        ),
        radar=tuple(RadarPoint(label=row.section.title, value=row.result.score) for row in sections),
    )


def theme_url(dossier: Dossier, section: Section, theme: engine.Theme) -> str:
    return addresses.theme_url(dossier.number, section.slug, theme.slug)


def theme_row(
    dossier: Dossier,
    section: Section,
    theme: engine.Theme,
    evaluation: engine.Evaluation,
    to_correct: Collection[str] = (),
) -> ThemeRow:
    url = theme_url(dossier, section, theme)
    theirs = tuple(question.key for question in theme.questions if question.key in to_correct)
    return ThemeRow(
        code=theme.code,
        title=theme.title,
        url=f"{url}#{theirs[0]}" if theirs else url,
        result=evaluation.themes[theme.code],
        to_correct=theirs,
    )


def _section_row(
    dossier: Dossier, section: Section, evaluation: engine.Evaluation, to_correct: Collection[str]
) -> SectionRow:
    return SectionRow(
        section=section,
        result=section.result(evaluation),
        themes=tuple(theme_row(dossier, section, theme, evaluation, to_correct) for theme in section.themes),
    )


def place_of(dossier: Dossier, copy: Copy, key: str) -> str:
    """The address of one question."""
    place = section_of_key(copy.definition, key)
    page = theme_url(dossier, *place) if place else reverse("dossiers:orientation", args=[dossier.number])
    return f"{page}#{key}"


def places_of(dossier: Dossier, copy: Copy) -> dict[str, str]:
    """The address of each question."""
    orientation = reverse("dossiers:orientation", args=[dossier.number])
    places = {question.key: f"{orientation}#{question.key}" for question in orientation_of(copy.definition).questions()}
    for section in sections_of(copy.definition):
        for theme in section.themes:
            url = theme_url(dossier, section, theme)
            places |= {question.key: f"{url}#{question.key}" for question in theme.questions}
    return places


def gap_of(key: str, copy: Copy, evaluation: engine.Evaluation, places: dict[str, str]) -> Gap:
    """A question that blocks; `places`: the address of each question, from `places_of`."""
    return Gap(
        key=key,
        title=copy.definition.questions[key].title,
        words=gap_words(copy.definition.questions[key], evaluation.questions[key], copy.state(key)),
        url=places[key],
    )


def sent_back_gaps(filing: Filing) -> list[Gap]:
    """What the reviewers sent back, in the order of the screen, and whether it was corrected or replied to since."""
    places = places_of(filing.dossier, filing.working)
    return [
        Gap(
            key=key,
            title=filing.working.definition.questions[key].title,
            words=correction_words(filing, key),
            url=places[key],
            is_done=filing.is_settled(key),
        )
        for key in filing.sent_back
    ]


def correction_words(filing: Filing, key: str) -> str:
    """Where a question that was sent back stands, in a few words."""
    if key not in filing.reopened:
        return _("ne s’applique plus : ne partira pas")
    if filing.is_corrected(key):
        return _("corrigée, à soumettre")
    if filing.is_settled(key):
        return _("réponse écrite, à soumettre")
    return filing.sent_back[key].get_decision_display()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFiles:
    """Files of a working copy that the analysis refused: how many, and the first question that holds one."""

    count: int
    first: Gap


def refused_files_of(filing: Filing) -> RefusedFiles | None:
    """Those that the team may still replace, of shown questions; None when there is none. No query."""
    if filing.dossier.state not in Dossier.WRITABLE:
        return None
    copy = filing.working
    held = {
        key: len(copy.state(key).refused_files) for key, result in filing.evaluation.questions.items() if result.shown
    }
    keys = [key for key, count in held.items() if count]
    if not keys:
        return None
    first = gap_of(keys[0], copy, filing.evaluation, places_of(filing.dossier, copy))
    return RefusedFiles(count=sum(held.values()), first=first)


def pending_gaps(filing: Filing) -> list[Gap]:
    """The changes of the working copy that stay behind, with what was filed."""
    places = places_of(filing.dossier, filing.working)
    return [
        Gap(key=key, title=question.title, words=_pending_words(filing, question), url=places[key])
        for key in filing.pending
        for question in [filing.working.definition.questions[key]]
    ]


def _pending_words(filing: Filing, question: engine.Question) -> str:
    """« copie de travail : Oui ; soumis : Non », or that something else than the answer itself differs."""
    filed = filing.filed.states.get(question.key) if filing.filed else None
    now = _short(answer_in_words(question, filing.working.state(question.key)))
    if filed is None:
        return _("copie de travail : %(now)s ; absente de ce qui a été soumis") % {"now": now}
    then = _short(answer_in_words(question, filed))
    if now == then:
        return _("précisions ou fichiers modifiés")
    return _("copie de travail : %(now)s ; soumis : %(then)s") % {"now": now, "then": then}


def _short(words: str) -> str:
    return Truncator(words).chars(80)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is, since when, and what comes next. `due_words`: by when, blank where nobody set a date."""

    is_yours: bool
    words: str
    next_words: str
    since: date
    due_words: str = ""


def turn_of(
    dossier: Dossier,
    part: Part,
    missing: int | None = None,
    *,
    corrected: bool = False,
    answer_by: date | None = None,
) -> Turn:
    """The sentence that opens a dossier, to somebody who has that part in it.

    `missing` counts what stops its submission; None where it was not counted. `corrected`: all that the reviewers sent
    back was changed or replied to since. `answer_by`: by when the reviewers asked for these corrections.
    """
    ready = missing == 0 and (
        dossier.state == Dossier.State.FILLING or (corrected and dossier.state == Dossier.State.CORRECTIONS_ASKED)
    )
    is_yours = dossier.state in Dossier.WITH_TEAM and (part is Part.SUBMITS or (part is Part.FILLS and not ready))
    words = str(_ELSEWHERE.get(Dossier.State(dossier.state), ""))
    if not words:
        whose = _("À vous.") if is_yours else _("À votre équipe.")
        words = f"{whose} {_ready_words(part) if ready else _task_words(dossier, part, missing)}"
    return Turn(
        is_yours=is_yours,
        words=words,
        next_words=_next_words(dossier, part),
        since=timezone.localdate(dossier.state_since),
        due_words=_due_words(dossier, part, answer_by),
    )


def _due_words(dossier: Dossier, part: Part, answer_by: date | None) -> str:
    if answer_by is None or dossier.state != Dossier.State.CORRECTIONS_ASKED:
        return ""
    words = {"day": long_date(answer_by)}
    is_late = days_late(answer_by, today=timezone.localdate()) > 0
    if part is Part.READS:
        return (
            _("Une réponse était demandée avant le %(day)s.") if is_late else _("Réponse demandée avant le %(day)s.")
        ) % words
    if is_late:
        return _("Une réponse vous était demandée avant le %(day)s. Vous pouvez encore répondre.") % words
    return _("Répondez avant le %(day)s.") % words


# What is to be done while the team has the dossier, by who reads it.
_TASKS = {
    (Dossier.State.ORIENTATION, Part.SUBMITS): gettext_lazy(
        "Répondez à l’orientation : elle choisit les exigences qui concernent votre service."
    ),
    (Dossier.State.ORIENTATION, Part.FILLS): gettext_lazy(
        "Répondez à l’orientation : elle choisit les exigences qui concernent le service."
    ),
    (Dossier.State.ORIENTATION, Part.READS): gettext_lazy("L’orientation attend ses réponses."),
    (Dossier.State.FILLING, Part.SUBMITS): gettext_lazy("Remplissez ce qui manque encore, puis soumettez."),
    (Dossier.State.FILLING, Part.FILLS): gettext_lazy(
        "Remplissez ce qui manque encore ; le mandataire ou un représentant soumettra."
    ),
    (Dossier.State.FILLING, Part.READS): gettext_lazy("Le dossier est à remplir, puis à soumettre."),
    (Dossier.State.CORRECTIONS_ASKED, Part.SUBMITS): gettext_lazy(
        "Corrigez les éléments renvoyés par les examinateurs, puis soumettez à nouveau."
    ),
    (Dossier.State.CORRECTIONS_ASKED, Part.FILLS): gettext_lazy(
        "Corrigez les éléments renvoyés par les examinateurs ; le mandataire ou un représentant soumettra à nouveau."
    ),
    (Dossier.State.CORRECTIONS_ASKED, Part.READS): gettext_lazy(
        "Des éléments renvoyés par les examinateurs sont à corriger."
    ),
}
_ELSEWHERE = {
    Dossier.State.SUBMITTED: gettext_lazy("Aux examinateurs. Votre dossier attend d’être examiné."),
    Dossier.State.UNDER_REVIEW: gettext_lazy("Aux examinateurs. Votre dossier est en cours d’examen."),
    Dossier.State.CLOSED: gettext_lazy("L’instruction est close : le résultat est disponible."),
    Dossier.State.WITHDRAWN: gettext_lazy("Ce dossier a été retiré."),
    Dossier.State.OUTDATED: gettext_lazy("Ce dossier est périmé."),
}


def _ready_words(part: Part) -> str:
    if part is Part.SUBMITS:
        return _("Le dossier est complet : vous pouvez le soumettre.")
    return _("Le dossier est complet : le mandataire ou un représentant peut le soumettre.")


def _task_words(dossier: Dossier, part: Part, missing: int | None) -> str:
    if not missing or dossier.state == Dossier.State.ORIENTATION:
        return str(_TASKS[Dossier.State(dossier.state), part])
    return ngettext(
        "Il manque %(count)d élément pour soumettre.", "Il manque %(count)d éléments pour soumettre.", missing
    ) % {"count": missing}


def _next_words(dossier: Dossier, part: Part) -> str:
    match dossier.state:
        case Dossier.State.ORIENTATION | Dossier.State.FILLING | Dossier.State.CORRECTIONS_ASKED:
            return _("Ensuite, des examinateurs de l’ANS étudieront vos réponses et vos preuves.")
        case Dossier.State.SUBMITTED | Dossier.State.UNDER_REVIEW:
            if part is Part.READS:
                return _("Ensuite, votre équipe recevra le résultat, ou la liste de ce qui est à corriger.")
            return _(
                "Ensuite, vous recevrez le résultat, ou la liste de ce qui est à corriger. Rien à faire d’ici là ; "
                "vous pouvez continuer d’améliorer votre copie de travail."
            )
        case Dossier.State.CLOSED:
            return _("Ensuite, le résultat est à transmettre au GIE SESAM-Vitale.")
        case _:
            return ""


STEPS = (
    (gettext_lazy("Orientation"), (Dossier.State.ORIENTATION,)),
    (gettext_lazy("Remplissage"), (Dossier.State.FILLING,)),
    (
        gettext_lazy("Instruction"),
        (Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW, Dossier.State.CORRECTIONS_ASKED),
    ),
    (gettext_lazy("Résultat"), (Dossier.State.CLOSED,)),
    (gettext_lazy("Référencement"), ()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    number: int
    total: int
    title: str
    next_title: str
    # Where the step is followed; blank while there is no page for it.
    url: str = ""


def step_of(dossier: Dossier) -> Step | None:
    """The place in the whole journey; None for a dossier that left it."""
    titles = [str(title) for title, _states in STEPS]
    for index, (_title, states) in enumerate(STEPS):
        if dossier.state in states:
            following = titles[index + 1] if index + 1 < len(titles) else ""
            is_examined = dossier.state in {*Dossier.WITH_REVIEWERS, Dossier.State.CORRECTIONS_ASKED}
            url = reverse("dossiers:instruction", args=[dossier.number]) if is_examined else ""
            return Step(number=index + 1, total=len(STEPS), title=titles[index], next_title=following, url=url)
    return None


def neighbours(themes: Iterable[ThemeRow], code: str) -> tuple[ThemeRow | None, ThemeRow | None]:
    """The themes before and after one, among those that apply."""
    rows = [row for row in themes if row.result.shown or row.code == code]
    index = next(i for i, row in enumerate(rows) if row.code == code)
    return (rows[index - 1] if index else None), (rows[index + 1] if index + 1 < len(rows) else None)
