"""What importing would change, in the words of the screen."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.answer_states import AnswerState
from assessments.answer_words import answer_in_words
from assessments.filing import Filing
from assessments.models import Dossier
from assessments.offline.proposals import Judged, Plan
from assessments.offline.returned import Returned, Unknown, Unreadable
from assessments.overviews import places_of
from questionnaires import engine

LABELS: dict[str, Promise] = {
    "value": gettext_lazy("Réponse"),
    "not_applicable": gettext_lazy("Non applicable"),
    "reason": gettext_lazy("Pourquoi non applicable"),
    "comment": gettext_lazy("Commentaire"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One cell: what stands, what the file says. `taken`: the file's is chosen, in a conflict."""

    key: str
    field: str
    place: str
    before: str
    after: str
    taken: bool = False

    @property
    def label(self) -> str:
        return str(LABELS[self.field])

    @property
    def choice(self) -> str:
        """The name of its two radios."""
        return f"choice-{self.key}-{self.field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """One question with some of its cells. `why`: why nothing is imported for it, if nothing is. `lacks_reason`: it
    would be declared not applicable without saying why, once all that the file says of it is taken."""

    question: engine.Question
    current: AnswerState
    url: str
    cells: tuple[CellChange, ...]
    has_moved: bool = False
    lacks_reason: bool = False
    why: str = ""

    @property
    def key(self) -> str:
        return self.question.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The groups of the page, each in the order of the edition. `count`: how many answers are imported as they are.
    `orienting`: the questions whose answer, in the file, chooses which requirements are asked.
    `without_reason`: the answers that stand as « non applicable » without saying why, with their address."""

    ready: tuple[AnswerChange, ...]
    contested: tuple[AnswerChange, ...]
    shut: tuple[AnswerChange, ...]
    unreadable: tuple[Unreadable, ...]
    unknown: tuple[Unknown, ...]
    orienting: tuple[str, ...]
    without_reason: tuple[tuple[str, str], ...]
    count: int
    seen: str

    @property
    def changes_nothing(self) -> bool:
        return not (self.ready or self.contested)

    @property
    def ignored(self) -> int:
        return len(self.shut) + len(self.unknown)


def preview(
    planned: Plan,
    returned: Returned,
    filing: Filing,
    *,
    taken: Collection[tuple[str, str]] = (),
    moved: Collection[str] = (),
) -> Preview:
    """`taken` and `moved`: what was chosen already, and what changed since it was shown, when it is shown again."""
    urls = places_of(filing.dossier, filing.working)
    return Preview(
        ready=_changes(planned.open, "ready", urls, moved=moved),
        contested=_changes(planned.open, "contested", urls, taken=taken, moved=moved),
        shut=tuple(
            AnswerChange(
                question=judged.question,
                current=judged.current,
                url="",
                cells=_cells(judged, (*judged.ready, *judged.contested)),
                why=_why_shut(judged.key, filing),
            )
            for judged in planned.shut
        ),
        unreadable=returned.unreadable,
        unknown=returned.unknown,
        orienting=tuple(each.key for each in planned.open if each.key in filing.orientation and _answers(each)),
        without_reason=_without_reason(filing, urls),
        count=len(planned.entries(())),
        seen=seen_as_text(planned.seen),
    )


def seen_as_text(seen: Mapping[str, int]) -> str:
    """As one field of the form: « SEC-EXP-04:3 SEC-EXP-05:0 »."""
    return " ".join(f"{key}:{revision}" for key, revision in seen.items())


def seen_from_text(text: str) -> dict[str, int]:
    """The reverse; what is not ours is dropped, and is then another thing than what stands."""
    pairs = (each.rpartition(":") for each in text.split())
    return {
        key: int(number) for key, _colon, number in pairs if number.isascii() and number.isdigit() and len(number) < 10
    }


def _changes(
    judged: Iterable[Judged],
    group: str,
    urls: Mapping[str, str],
    *,
    taken: Collection[tuple[str, str]] = (),
    moved: Collection[str] = (),
) -> tuple[AnswerChange, ...]:
    return tuple(
        AnswerChange(
            question=each.question,
            current=each.current,
            url=urls.get(each.key, ""),
            cells=_cells(each, getattr(each, group), taken),
            has_moved=each.key in moved,
            lacks_reason=_would_lack_reason(each),
        )
        for each in judged
        if getattr(each, group)
    )


def _answers(judged: Judged) -> bool:
    """The file says another answer, and not only another comment."""
    return not {"value", "not_applicable"}.isdisjoint((*judged.ready, *judged.contested))


def _would_lack_reason(judged: Judged) -> bool:
    entry = judged.entry(judged.contested)
    return entry.not_applicable and not entry.reason.strip()


def _without_reason(filing: Filing, urls: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """In the order of the edition; the questions that are not asked apart."""
    keys = (key for key, result in filing.evaluation.questions.items() if result.shown)
    return tuple((key, urls[key]) for key in keys if key in urls and filing.working.state(key).lacks_reason)


def _cells(judged: Judged, names: Iterable[str], taken: Collection[tuple[str, str]] = ()) -> tuple[CellChange, ...]:
    return tuple(
        CellChange(
            key=judged.key,
            field=name,
            place=judged.edit.places.get(name, judged.key),
            before=_in_words(judged.question, name, getattr(judged.current, name)),
            after=_in_words(judged.question, name, judged.edit.fields[name]),
            taken=(judged.key, name) in taken,
        )
        for name in names
    )


def _in_words(question: engine.Question, name: str, value: Any) -> str:
    if name == "value":
        return answer_in_words(question, AnswerState(value=value))
    if name == "not_applicable":
        return _("oui") if value else _("non")
    return value or _("(vide)")


def _why_shut(key: str, filing: Filing) -> str:
    dossier = filing.dossier
    if not filing.result(key).shown:
        return _("Cette question n’est pas posée aujourd’hui : d’autres réponses l’ont masquée.")
    if dossier.state in Dossier.OVER:
        return _("Ce dossier est clos : ses réponses ne changent plus.")
    if dossier.state == Dossier.State.ORIENTATION:
        return _("Terminez d’abord l’orientation : elle choisit les questions à poser.")
    return _("L’orientation ne change plus depuis la soumission du dossier.")
