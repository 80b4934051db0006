"""Where to go next from a theme: the next question without an answer, the next one that blocks."""

from collections.abc import Collection
from dataclasses import dataclass

from assessments.filing import Filing
from assessments.overviews import place_of
from questionnaires import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Waypoints:
    """Addresses; blank where nothing of the kind is left in the whole dossier."""

    unanswered: str
    blocking: str


def waypoints(filing: Filing, theme: engine.Theme, open_keys: Collection[str]) -> Waypoints:
    """Seen from the end of a theme: the following themes first, then from the beginning, the theme itself last.

    Only questions that may be answered now. No query.
    """
    here = [question.key for question in theme.questions]
    order = list(filing.working.definition.questions)
    last = order.index(here[-1]) if here else -1
    ways = [*order[last + 1 :], *order[: last + 1]]

    def first_of(keys: Collection[str]) -> str:
        key = next((key for key in ways if key in keys and key in open_keys), None)
        return place_of(filing.dossier, filing.working, key) if key else ""

    return Waypoints(unanswered=first_of(filing.unanswered), blocking=first_of(filing.blocking))
