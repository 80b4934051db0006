"""Who changed what: the saves of one question, and all that happened to a version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from audit.models import Event
from audit.verbs import sentence_of
from questionnaires import engine
from questionnaires.comparisons import Card, question_card
from questionnaires.desk import Desk
from questionnaires.models import Edition, QuestionRevision, Version


@dataclass(frozen=True, kw_only=True)
class Save:
    """One revision of a question, and what it changed from the one before; None for the first."""

    revision: QuestionRevision
    card: Card | None
    is_current: bool


def saves_of(desk: Desk, key: str) -> list[Save]:
    """Latest first. One query."""
    rows = list(
        QuestionRevision.objects.filter(version=desk.version, key=key).select_related("saved_by").order_by("number")
    )
    contents = [engine.question_from_plain(row.content) for row in rows]
    titles = {theme.code: theme.title for theme in desk.content.themes}
    saves = []
    for place, row in enumerate(rows):
        card = None
        if place:
            difference = engine.compare_questions(contents[place - 1], contents[place], (desk.vocabulary,) * 2)
            card = question_card(difference, titles)
        saves.append(Save(revision=row, card=card, is_current=place + 1 == len(rows)))
    return saves[::-1]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of the journal. `key`: the question that it is about, or blank."""

    at: datetime
    who: str
    sentence: str
    key: str
    detail: str


def events_of(row: Version | Edition) -> QuerySet[Event]:
    """Latest first."""
    events = Event.objects.filter(object_type=row._meta.label_lower, object_id=str(row.pk))
    return events.select_related("actor").order_by("-pk")


def happening(event: Event) -> Happening:
    """Needs `actor` loaded."""
    return Happening(
        at=event.at,
        who=str(event.actor) if event.actor else "",
        sentence=sentence_of(event.verb),
        key=str(event.data.get("question") or ""),
        detail=" · ".join(_details(event.data)),
    )


def _details(data: Mapping[str, object]) -> Iterator[str]:
    yield from (str(data[name]) for name in ("theme", "flag", "version", "source", "effective_on") if data.get(name))
