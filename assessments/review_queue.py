"""The reviewers' queue: which dossiers wait, for whom, since when, and how far each is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessments.models import (
    Assignment,
    Dossier,
    Programme,
    Review,
    Round,
    SubmissionEvidence,
    SubmissionItem,
    Verdict,
)

PER_PAGE = 25

# What `operations.reviews.needs_verdict` says of one item, asked of the database.
REVIEW_ITEM = (
    ~Q(question__evidence="")
    | Q(revision__not_applicable=True)
    | Q(Exists(SubmissionEvidence.objects.filter(item=OuterRef("pk"))))
)


class Turn(models.TextChoices):
    """Whose turn it is; the values are those of the address."""

    REVIEWERS = "a-examiner", gettext_lazy("À examiner")
    PUBLISHER = "chez-l-editeur", gettext_lazy("Chez l’éditeur")
    NOBODY = "closes", gettext_lazy("Closes")


STATES: Mapping[str, tuple[str, ...]] = {
    Turn.REVIEWERS: (Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW),
    Turn.PUBLISHER: (Dossier.State.CORRECTIONS_ASKED,),
    Turn.NOBODY: Dossier.OVER,
}


def turn_of(dossier: Dossier) -> Turn:
    """Whose turn it is in a dossier that was submitted."""
    return next(Turn(turn) for turn, states in STATES.items() if dossier.state in states)


def turn_in_words(turn: Turn, in_charge: Sequence[User], reader: User) -> str:
    """Whose turn it is, as this reader reads it."""
    if turn is Turn.PUBLISHER:
        return _("À l’éditeur de corriger")
    if turn is Turn.NOBODY:
        return _("Instruction terminée")
    if reader in in_charge:
        return _("À vous d’examiner")
    if not in_charge:
        return _("À prendre en charge")
    return _("À examiner par %(people)s") % {"people": ", ".join(str(each) for each in in_charge)}


class Charge(models.TextChoices):
    """Who is in charge of it; the values are those of the address."""

    ANYBODY = "", gettext_lazy("tous")
    MINE = "moi", gettext_lazy("à moi")
    NOBODY = "personne", gettext_lazy("non attribués")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the queue shows: whose turn it is, under which démarche (blank: any), and in whose charge."""

    turn: Turn = Turn.REVIEWERS
    programme: str = ""
    charge: Charge = Charge.ANYBODY

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filters":
        """From the address; what is not understood is the default."""
        turn, programme = asked.get("etat", ""), asked.get("demarche", "")
        return cls(
            turn=Turn(turn) if turn in Turn.values else Turn.REVIEWERS,
            programme=programme if programme in Programme.values else "",
            charge=Charge(charge) if (charge := asked.get("charge", "")) in Charge.values else Charge.ANYBODY,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many review items of a round have their verdict."""

    examined: int = 0
    total: int = 0

    @property
    def remaining(self) -> int:
        return self.total - self.examined


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    review: Review
    dossier: Dossier
    round: Round
    since: datetime
    progress: Progress
    turn_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One filter value, how many dossiers it would show, and the address that chooses it."""

    label: str
    address: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    page: Page[Review]
    rows: tuple[QueueRow, ...]
    turns: tuple[Facet, ...]
    programmes: tuple[Facet, ...]
    charges: tuple[Facet, ...]


def queue(user: User, filters: Filters, page_number: str | None) -> Queue:
    """One page of the queue: a number of queries that does not depend on the rows."""
    visible = Review.objects.visible_to(user)
    if filters.programme:
        visible = visible.filter(dossier__programme=filters.programme)
    if filters.charge is Charge.MINE:
        visible = visible.filter(assignments__reviewer=user, assignments__ended_at=None)
    elif filters.charge is Charge.NOBODY:
        visible = visible.exclude(assignments__in=Assignment.objects.standing())
    page = Paginator(_ordered(visible, filters.turn), PER_PAGE).get_page(page_number)
    return Queue(
        page=page,
        rows=tuple(_rows(page, user)),
        turns=tuple(_turn_facets(visible, filters)),
        programmes=tuple(_programme_facets(filters)),
        charges=tuple(_charge_facets(filters)),
    )


def _ordered(visible: QuerySet[Review], turn: Turn) -> QuerySet[Review]:
    """The oldest clock first; what is over, the latest first.

    The clock starts at the submission, not at the first verdict: the dossier's own state changes then too.
    """
    last = Round.objects.filter(review=OuterRef("pk")).order_by("-number")
    since = Coalesce(
        F("closed_at"), Subquery(last.values("sent_at")[:1]), Subquery(last.values("opened_at")[:1]), F("opened_at")
    )
    clock = F("since").desc() if turn is Turn.NOBODY else F("since").asc()
    return (
        visible.filter(dossier__state__in=STATES[turn])
        .annotate(since=since)
        .select_related("dossier__product__publisher")
        .prefetch_related(
            Prefetch("rounds", queryset=Round.objects.order_by("number")),
            Prefetch("assignments", queryset=Assignment.objects.select_related("reviewer")),
        )
        .order_by(clock, "pk")
    )


def _rows(page: Page[Review], user: User) -> Iterable[QueueRow]:
    reviews = list(page)
    last = {review.pk: list(review.rounds.all())[-1] for review in reviews}
    progress = progress_of(last.values())
    for review in reviews:
        current = last[review.pk]
        yield QueueRow(
            review=review,
            dossier=review.dossier,
            round=current,
            since=review.since,  # type: ignore[attr-defined]  # annotated by _ordered
            progress=progress[current.submission_id],
            turn_words=turn_in_words(turn_of(review.dossier), [each.reviewer for each in review.in_charge], user),
        )


def progress_of(rounds: Iterable[Round]) -> dict[int, Progress]:
    """The progress of several rounds, by submission id: one query. A verdict given on demand counts for nothing."""
    submissions = [each.submission_id for each in rounds]
    judged = Verdict.objects.standing().filter(item=OuterRef("pk"))
    counted = (
        SubmissionItem.objects.filter(REVIEW_ITEM, submission__in=submissions)
        .order_by()
        .values("submission")
        .annotate(total=Count("pk"), examined=Count("pk", filter=Exists(judged)))
    )
    found = {row["submission"]: Progress(examined=row["examined"], total=row["total"]) for row in counted}
    return {pk: found.get(pk, Progress()) for pk in submissions}


def _turn_facets(visible: QuerySet[Review], filters: Filters) -> Iterable[Facet]:
    counts = visible.aggregate(
        **{turn.name: Count("pk", filter=Q(dossier__state__in=STATES[turn]), distinct=True) for turn in Turn}
    )
    for turn in Turn:
        yield Facet(
            label=str(turn.label),
            address=_address(turn, filters.programme, filters.charge),
            is_chosen=turn is filters.turn,
            count=counts[turn.name],
        )


def _programme_facets(filters: Filters) -> Iterable[Facet]:
    yield Facet(label=_("toutes"), address=_address(filters.turn, "", filters.charge), is_chosen=not filters.programme)
    for programme in Programme:
        yield Facet(
            label=str(programme.label),
            address=_address(filters.turn, programme, filters.charge),
            is_chosen=programme == filters.programme,
        )


def _charge_facets(filters: Filters) -> Iterable[Facet]:
    for charge in Charge:
        yield Facet(
            label=str(charge.label),
            address=_address(filters.turn, filters.programme, charge),
            is_chosen=charge is filters.charge,
        )


def _address(turn: Turn, programme: str, charge: Charge) -> str:
    chosen = {"etat": turn.value, "demarche": programme, "charge": charge.value}
    return "?" + urlencode({name: value for name, value in chosen.items() if value})
