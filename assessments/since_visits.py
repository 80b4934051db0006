"""What others changed in a dossier since somebody's last visit. Reads only.

Four queries at most, whatever moved: two name what did, two read what is shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, Min, Q

from accounts.models import User
from assessments.answer_states import EMPTY
from assessments.filing import Filing
from assessments.history import SAYS_NOTHING, Change, Content, Kind, changes_between
from assessments.models import AnswerOrigin, AnswerRevision, Attachment
from assessments.overviews import places_of

# A save bears the time at which it began and is seen once it is over: it may have been under way while the dossier was
# being opened. What falls in between is told twice rather than never.
UNDER_WAY = timedelta(seconds=10)
FIRST_ONES = 5


class Moved(NamedTuple):
    """Something that others did. `row`: the Answer that they saved, from one revision to another, or the Attachment."""

    at: datetime
    kind: Kind
    row: int
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The same, as a person reads it. `changes`: what an answer was before the first save, and after the last."""

    kind: Kind
    at: datetime
    who: str
    key: str
    title: str
    url: str
    changes: tuple[Change, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """How much moved since the visit that began at `since`, and the latest of it."""

    since: datetime
    total: int
    lines: Sequence[Line]


def news_since(filing: Filing, since: datetime | None, *, besides: User) -> News | None:
    """For the dossier's page; None on a first visit, when everything is new."""
    if since is None:
        return None
    moved = moved_since(filing, since, besides=besides)
    return News(since=since, total=len(moved), lines=lines_of(moved[:FIRST_ONES], filing))


def moved_since(filing: Filing, since: datetime, *, besides: User) -> list[Moved]:
    """What everybody besides this person did to the questions that are shown, newest first.

    Somebody who types saves many times: an answer has one line, from what it was to what they left.
    """
    since -= UNDER_WAY
    ids = filing.working.edition.question_ids
    shown = [ids[key] for key in filing.evaluation.questions if filing.result(key).shown]
    saves = (
        AnswerRevision.objects.filter(
            answer__assessment__dossier=filing.dossier, answer__question__in=shown, saved_at__gt=since
        )
        .exclude(saved_by=besides)
        # Carried by an edition: its passage is told as one act.
        .exclude(origin__kind=AnswerOrigin.Kind.EDITION)
        .exclude(SAYS_NOTHING)
        .order_by()
        .values("answer_id")
        .annotate(at=Max("saved_at"), first=Min("number"), last=Max("number"))
    )
    moved = [
        Moved(at=each["at"], kind=Kind.SAVED, row=each["answer_id"], first=each["first"], last=each["last"])
        for each in saves
    ]
    attached, removed = (
        Q(attached_at__gt=since) & ~Q(attached_by=besides),
        Q(removed_at__gt=since) & ~Q(removed_by=besides),
    )
    of_shown = Attachment.objects.filter(answer__assessment__dossier=filing.dossier, answer__question__in=shown)
    files = of_shown.filter(attached | removed)
    columns = ("pk", "attached_at", "attached_by", "removed_at", "removed_by")
    for pk, attached_at, attached_by, removed_at, removed_by in files.values_list(*columns):
        if attached_at > since and attached_by != besides.pk:
            moved.append(Moved(at=attached_at, kind=Kind.ATTACHED, row=pk))
        if removed_at is not None and removed_at > since and removed_by != besides.pk:
            moved.append(Moved(at=removed_at, kind=Kind.REMOVED, row=pk))
    return sorted(moved, reverse=True)


def lines_of(moved: Iterable[Moved], filing: Filing) -> list[Line]:
    """These, with their words and the address of their question."""
    moved = list(moved)
    if not moved:
        return []
    saves = _saves([each for each in moved if each.kind is Kind.SAVED])
    files = _files([each.row for each in moved if each.kind is not Kind.SAVED])
    places = places_of(filing.dossier, filing.working)
    return [
        _saved(each, *saves[each.row], filing, places)
        if each.kind is Kind.SAVED
        else _filed(each, files[each.row], filing, places)
        for each in moved
    ]


def _saved(moved: Moved, before: Content, after: AnswerRevision, filing: Filing, places: Mapping[str, str]) -> Line:
    key = filing.working.edition.keys[after.answer.question_id]
    question = filing.working.definition.questions[key]
    return Line(
        kind=moved.kind,
        at=moved.at,
        who=str(after.saved_by),
        key=key,
        title=question.title,
        url=places[key],
        changes=changes_between(question, before, after),
    )


def _filed(moved: Moved, attachment: Attachment, filing: Filing, places: Mapping[str, str]) -> Line:
    key = filing.working.edition.keys[attachment.answer.question_id]
    person = attachment.attached_by if moved.kind is Kind.ATTACHED else attachment.removed_by
    return Line(
        kind=moved.kind,
        at=moved.at,
        who=str(person),
        key=key,
        title=filing.working.definition.questions[key].title,
        url=places[key],
        file=attachment.document_version.original_name,
    )


def _saves(moved: list[Moved]) -> dict[int, tuple[Content, AnswerRevision]]:
    """By answer, what it was before the first of these saves, and the last of them. One query."""
    wanted = Q(pk__in=[])
    for each in moved:
        wanted |= Q(answer=each.row, number__in=[each.first - 1, each.last])
    rows = AnswerRevision.objects.filter(wanted).select_related("saved_by", "answer")
    known = {(row.answer_id, row.number): row for row in rows}
    return {each.row: (known.get((each.row, each.first - 1), EMPTY), known[each.row, each.last]) for each in moved}


def _files(ids: list[int]) -> dict[int, Attachment]:
    rows = Attachment.objects.select_related("document_version", "attached_by", "removed_by", "answer")
    return rows.in_bulk(set(ids))
