"""What a draft edition would do to the dossiers that are being filled. Nothing is written here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assessments.filing import Filing
from assessments.models import Dossier
from assessments.next_edition import MAY_FOLLOW, NextEdition, Target
from questionnaires.engine import Fate, GroupResult
from questionnaires.models import Edition

# As it is stored: what differs by less is no change.
STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEffect:
    """A section before and after. None: not asked, or nothing in it is scored."""

    code: str
    title: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What following the draft would do to one dossier. Blockers are question keys; the rest counts questions that
    would be asked of it."""

    dossier_id: int
    programme: str
    scores: tuple[ScoreEffect, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    to_reconfirm: int
    to_answer: int
    new: int
    left_behind: int


def effect_of(plan: NextEdition) -> Effect:
    """The same numbers as the team's own simulation shows. Hidden answers count for nothing."""
    before, after = plan.filing.evaluation, plan.evaluation
    still = {*after.incomplete, *after.unmet}
    standing = dict.fromkeys((*before.incomplete, *before.unmet))
    return Effect(
        dossier_id=plan.dossier.pk,
        programme=plan.dossier.programme,
        scores=tuple(
            ScoreEffect(code=each.code, title=each.title, before=_score(each.before), after=_score(each.after))
            for each in plan.scores
        ),
        gained=tuple(question.key for question in plan.new_blockers),
        lost=tuple(key for key in standing if key not in still),
        to_reconfirm=len(plan.of(Fate.TO_RECONFIRM)),
        to_answer=len(plan.of(Fate.TO_ANSWER)),
        new=len(plan.of(Fate.NEW)),
        left_behind=len(plan.left),
    )


def _score(result: GroupResult | None) -> Decimal | None:
    if result is None or result.score is None:
        return None
    return result.score.quantize(STEP, rounding=ROUND_HALF_UP)


def effects_on(
    edition: Edition, target: Target, dossiers: list[Dossier], tell: Callable[[int], None]
) -> Iterator[Effect]:
    """One after the other; `tell` hears how far it is, in percent. A handful of queries for each, whatever it holds.

    `dossiers` come with their edition.
    """
    for done, dossier in enumerate(dossiers, start=1):
        yield effect_of(NextEdition(Filing(dossier), edition, target))
        tell(100 * done // len(dossiers))


def dossiers_that_would_follow() -> list[Dossier]:
    """Those whose answers are the team's alone."""
    return list(Dossier.objects.filter(state__in=MAY_FOLLOW).select_related("edition").order_by("pk"))


def any_would_follow() -> bool:
    return Dossier.objects.filter(state__in=MAY_FOLLOW).exists()


def count_staying() -> int:
    """Those that are examined, or were sent back: they keep the edition that they follow."""
    return Dossier.objects.open().exclude(state__in=MAY_FOLLOW).count()
