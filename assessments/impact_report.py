"""What an editor reads of a study: amounts, and nothing that says whose dossier it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import ImpactBlocker, ImpactLine, ImpactScore, ImpactStudy
from questionnaires.models import Question
from ui.changes import changes_svg, distribution, slot_labels

# With fewer, a line would be somebody's.
FEWEST = 3
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The score of a section that is there before and after. `points`: as they are written, to a tenth."""

    code: str
    title: str
    before: Decimal
    after: Decimal
    points: Decimal

    @property
    def amount(self) -> Decimal:
        """How much, as a fraction, whichever way."""
        return abs(self.points) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One dossier, known by its place."""

    row: ImpactLine
    changes: tuple[Change, ...]
    gained: int
    lost: int

    @property
    def moved(self) -> list[Change]:
        return [each for each in self.changes if each.points]

    @property
    def rises(self) -> bool:
        return any(each.points > 0 for each in self.changes)

    @property
    def falls(self) -> bool:
        return any(each.points < 0 for each in self.changes)

    @property
    def lowest(self) -> Decimal:
        """Its greatest loss, or its smallest gain."""
        return min((each.points for each in self.changes), default=Decimal(0))

    @property
    def highest(self) -> Decimal:
        return max((each.points for each in self.changes), default=Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChanges:
    """How the scores of one section move, over all dossiers."""

    title: str
    counts: tuple[int, ...]

    @property
    def picture(self) -> SafeString:
        return changes_svg(self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBlocker:
    """A requirement that begins to stand in the way, and of how many. `question`: None once it left the draft."""

    key: str
    count: int
    question: Question | None


class Report:
    """A finished study, in as many queries whatever its size."""

    def __init__(self, study: ImpactStudy) -> None:
        self.study = study

    @cached_property
    def lines(self) -> list[Line]:
        """What is to be looked at first: the greatest losses, then the most new blockers, then the greatest gains."""
        gained, lost = (self._counted_blockers(gained=gained) for gained in (True, False))
        found = [
            Line(
                row=row,
                changes=tuple(_changes(row.scores.all())),
                gained=gained.get(row.pk, 0),
                lost=lost.get(row.pk, 0),
            )
            for row in self.study.lines.prefetch_related("scores")
        ]
        return sorted(found, key=lambda line: (min(line.lowest, 0), -line.gained, -line.highest, line.row.place))

    def _counted_blockers(self, *, gained: bool) -> dict[int, int]:
        """By the id of the line."""
        rows = ImpactBlocker.objects.filter(line__study=self.study, gained=gained).order_by()
        return dict(rows.values_list("line").annotate(Count("pk")))

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def may_be_detailed(self) -> bool:
        return self.total >= FEWEST

    @property
    def verdict(self) -> str:
        """« 41 dossiers en cours : 30 sans changement de score, 8 gagnent, 3 perdent ; 5 auront … »"""
        rise = sum(line.rises and not line.falls for line in self.lines)
        fall = sum(line.falls and not line.rises for line in self.lines)
        both = sum(line.falls and line.rises for line in self.lines)
        blocked = sum(line.gained > 0 for line in self.lines)
        still = self.total - rise - fall - both
        scores = [
            _("%(count)d sans changement de score") % {"count": still}
            if still
            else _("aucun sans changement de score"),
            _several(ngettext("%(count)d gagne", "%(count)d gagnent", rise), rise, none=_("aucun ne gagne")),
            _several(ngettext("%(count)d perd", "%(count)d perdent", fall), fall, none=_("aucun ne perd")),
        ]
        if both:
            words = ngettext("%(count)d gagne ici et perd là", "%(count)d gagnent ici et perdent là", both)
            scores.append(words % {"count": both})
        blockers = ngettext(
            "%(count)d aura de nouveaux points bloquants", "%(count)d auront de nouveaux points bloquants", blocked
        )
        total = ngettext("%(count)d dossier en cours", "%(count)d dossiers en cours", self.total)
        return _("%(total)s\N{NO-BREAK SPACE}: %(scores)s\N{NO-BREAK SPACE}; %(blockers)s.") % {
            "total": total % {"count": self.total},
            "scores": ", ".join(scores),
            "blockers": _several(blockers, blocked, none=_("aucun n’aura de nouveau point bloquant")),
        }

    @cached_property
    def new_blockers(self) -> list[NewBlocker]:
        """The requirements, those that stand in the way of most dossiers first."""
        rows = ImpactBlocker.objects.filter(line__study=self.study, gained=True).values_list("question_key")
        counts = dict(rows.annotate(count=Count("pk")).order_by("-count", "question_key"))
        asked = Question.objects.filter(theme__version__editions=self.study.edition_id, key__in=counts)
        questions = {each.key: each for each in asked.select_related("theme__version__questionnaire")}
        return [NewBlocker(key=key, count=count, question=questions.get(key)) for key, count in counts.items()]

    @cached_property
    def sections(self) -> list[SectionChanges]:
        changes: dict[str, list[Change]] = {}
        for line in self.lines:
            for change in line.changes:
                changes.setdefault(change.code, []).append(change)
        return [
            SectionChanges(title=each[0].title, counts=distribution([change.points for change in each]))
            for each in changes.values()
        ]

    @property
    def by_slot(self) -> list[tuple[str, list[int]]]:
        """The pictures as a table: each size of change, and how many dossiers in each section."""
        return [
            (label, [section.counts[slot] for section in self.sections]) for slot, label in enumerate(slot_labels())
        ]


def _changes(scores: Iterable[ImpactScore]) -> Iterable[Change]:
    for score in scores:
        if score.before is not None and score.after is not None:
            points = _tenths(score.after) - _tenths(score.before)
            yield Change(code=score.code, title=score.title, before=score.before, after=score.after, points=points)


def _tenths(score: Decimal) -> Decimal:
    """A score as it is written: what is shown twice the same has not changed."""
    return (score * 100).quantize(TENTH, rounding=ROUND_HALF_UP)


def _several(words: str, count: int, *, none: str) -> str:
    return words % {"count": count} if count else none
