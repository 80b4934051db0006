"""The reviewers' queue: which dossiers wait, for whom, since when, until when, and how far each is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import is_review_lead
from assessments.clocks import Clock, Turn, clock_of
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
from assessments.operations.reviews import stopping

PER_PAGE = 25

STATES: Mapping[Turn, tuple[str, ...]] = {
    Turn.REVIEWERS: (Dossier.State.SUBMITTED, Dossier.State.UNDER_REVIEW),
    Turn.PUBLISHER: (Dossier.State.CORRECTIONS_ASKED,),
    Turn.NOBODY: Dossier.OVER,
}


def turn_of(dossier: Dossier) -> Turn:
    """Whose turn it is in a dossier that was submitted."""
    return next(turn for turn, states in STATES.items() if dossier.state in states)


def turn_in_words(turn: Turn, in_charge: Sequence[User], reader: User, *, is_ready: bool = False) -> str:
    """Whose turn it is, as this reader reads it. `is_ready`: the reviewers have nothing left to examine or send."""
    if turn is Turn.PUBLISHER:
        return _("À l’éditeur de corriger")
    if turn is Turn.NOBODY:
        return _("Instruction terminée")
    if is_ready:
        return _("Prêt à clore")
    if reader in in_charge:
        return _("À vous d’examiner")
    if not in_charge:
        return _("À prendre en charge")
    return _("À examiner par %(people)s") % {"people": ", ".join(str(each) for each in in_charge)}


# In whose charge: anybody's, one's own, nobody's, or else that of a reviewer by their number, as the address says it.
ANYBODY, MINE, NOBODY = "", "moi", "personne"
SEARCH_LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the queue shows: whose turn it is, under which démarche (blank: any), in whose charge, late ones only, those
    that are ready to close only, and those whose dossier number, product or publisher holds `words`."""

    turn: Turn = Turn.REVIEWERS
    programme: str = ""
    charge: str = ANYBODY
    late: bool = False
    ready: bool = False
    words: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str], *, is_lead: bool = False) -> "Filters":
        """From the address; what is not understood is the default. Only leads ask for what a colleague has in hand."""
        turn, programme, charge = asked.get("etat", ""), asked.get("demarche", ""), asked.get("charge", "")
        is_known = charge in (MINE, NOBODY) or (is_lead and charge.isascii() and charge.isdigit() and len(charge) < 10)
        return cls(
            turn=Turn(turn) if turn in Turn.values else Turn.REVIEWERS,
            programme=programme if programme in Programme.values else "",
            charge=charge if is_known else ANYBODY,
            late=asked.get("retard") == "oui",
            ready=asked.get("prets") == "oui",
            words=asked.get("q", "").replace("\0", "").strip()[:SEARCH_LIMIT],
        )

    def address(self, **changes: Any) -> str:
        """The address that chooses these filters, some of them changed."""
        chosen = replace(self, **changes)
        values = {
            "etat": chosen.turn.value,
            "demarche": chosen.programme,
            "charge": chosen.charge,
            "retard": "oui" if chosen.late else "",
            "prets": "oui" if chosen.ready else "",
            "q": chosen.words,
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})

    @property
    def without_words(self) -> str:
        return self.address(words="")

    def narrow(self, reviews: QuerySet[Review], *, user: User, today: date) -> QuerySet[Review]:
        """The reviews that these filters keep, whoever has the turn."""
        if self.programme:
            reviews = reviews.filter(dossier__programme=self.programme)
        if self.charge == NOBODY:
            reviews = reviews.exclude(assignments__in=Assignment.objects.in_charge())
        elif self.charge:
            reviewer = user.pk if self.charge == MINE else int(self.charge)
            # At most one assignment of a reviewer stands: the join repeats no review.
            reviews = reviews.filter(assignments__in=Assignment.objects.in_charge().filter(reviewer=reviewer))
        if self.late:
            reviews = reviews.filter(due_on__lt=today)
        if self.ready:
            items = SubmissionItem.objects.filter(
                submission__round__review=OuterRef("pk"), submission__round__sent_at=None
            )
            reviews = reviews.filter(
                ~Exists(stopping(items)), dossier__state__in=STATES[Turn.REVIEWERS], rounds__sent_at=None
            )
        if self.words:
            reviews = reviews.filter(
                Q(dossier__number__icontains=self.words)
                | Q(dossier__product__name__icontains=self.words)
                | Q(dossier__product__publisher__legal_name__icontains=self.words)
            )
        return reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many review items of a round have their verdict, and how many answers their verdict sends back."""

    examined: int = 0
    total: int = 0
    to_send: int = 0

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to examine nor to send."""
        return self.examined == self.total and not self.to_send


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    review: Review
    dossier: Dossier
    round: Round
    clock: Clock
    progress: Progress
    turn_words: str

    @property
    def since(self) -> datetime:
        return self.clock.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One filter value, how many dossiers it would show, and the address that chooses it."""

    label: str
    address: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one reviewer has to examine: dossiers in hand, items without a verdict, since when the oldest waits."""

    reviewer: str
    dossiers: int
    items: int
    oldest: datetime
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    page: Page[Review]
    rows: tuple[QueueRow, ...]
    turns: tuple[Facet, ...]
    programmes: tuple[Facet, ...]
    charges: tuple[Facet, ...]
    late: Facet
    ready: Facet
    # For leads only; empty when nobody has anything in hand.
    loads: tuple[Load, ...]


def queue(user: User, filters: Filters, page_number: str | None) -> Queue:
    """One page of the queue: a number of queries that does not depend on the rows."""
    today = timezone.localdate()
    visible = Review.objects.visible_to(user)
    kept = filters.narrow(visible, user=user, today=today)
    counts = _counts(kept)
    paginator = Paginator(_ordered(kept, filters.turn), PER_PAGE)
    paginator.count = counts[filters.turn]  # known already: it need not be asked again
    page = paginator.get_page(page_number)
    loads = tuple(_loads(visible, filters)) if is_review_lead(user) else ()
    return Queue(
        page=page,
        rows=tuple(_rows(page, user, today)),
        turns=tuple(_turn_facets(counts, filters)),
        programmes=tuple(_programme_facets(filters)),
        charges=tuple(_charge_facets(filters, loads)),
        late=Facet(
            label=_("En retard seulement"), address=filters.address(late=not filters.late), is_chosen=filters.late
        ),
        ready=Facet(
            label=_("Prêts à clore seulement"),
            address=filters.address(turn=Turn.REVIEWERS, ready=not filters.ready),
            is_chosen=filters.ready,
        ),
        loads=loads,
    )


def _ordered(kept: QuerySet[Review], turn: Turn) -> QuerySet[Review]:
    """The oldest clock first; what is over, the latest first.

    The clock starts at the submission, not at the first verdict: the dossier's own state changes then too.
    """
    order = ("-turn_since", "pk") if turn is Turn.NOBODY else ("turn_since", "pk")
    return (
        kept.filter(dossier__state__in=STATES[turn])
        .select_related("dossier__product__publisher")
        .prefetch_related(
            Prefetch("rounds", queryset=Round.objects.order_by("number")),
            Prefetch("assignments", queryset=Assignment.objects.select_related("reviewer")),
        )
        .order_by(*order)
    )


def _rows(page: Page[Review], user: User, today: date) -> Iterable[QueueRow]:
    reviews = list(page)
    rounds = {review.pk: list(review.rounds.all()) for review in reviews}
    progress = progress_of(each[-1] for each in rounds.values())
    for review in reviews:
        current = rounds[review.pk][-1]
        turn = turn_of(review.dossier)
        over_since = review.turn_since if turn is Turn.NOBODY else None
        yield QueueRow(
            review=review,
            dossier=review.dossier,
            round=current,
            clock=clock_of(rounds[review.pk], today=today, over_since=over_since),
            progress=progress[current.submission_id],
            turn_words=turn_in_words(
                turn,
                [each.reviewer for each in review.in_charge],
                user,
                is_ready=progress[current.submission_id].is_over,
            ),
        )


def progress_of(rounds: Iterable[Round]) -> dict[int, Progress]:
    """The progress of several rounds, by submission id: one query. A verdict given on demand examines nothing more.

    An item is one to examine as `operations.reviews.needs_verdict` says. The subqueries say again which submissions are
    asked about: the database computes each of them once, and would do it over every file and verdict of the portal.
    """
    submissions = [each.submission_id for each in rounds]
    files = SubmissionEvidence.objects.filter(item__submission__in=submissions).values("item")
    verdicts = Verdict.objects.standing().filter(item__submission__in=submissions)
    is_judged = Q(pk__in=verdicts.values("item"))
    goes_back = Q(pk__in=verdicts.filter(decision__in=Verdict.REOPENING).values("item"))
    is_review_item = ~Q(question__evidence="") | Q(revision__not_applicable=True) | Q(pk__in=files)
    counted = (
        SubmissionItem.objects.filter(submission__in=submissions)
        .filter(is_review_item | goes_back)
        .order_by()
        .values("submission")
        .annotate(
            total=Count("pk", filter=is_review_item),
            examined=Count("pk", filter=is_review_item & is_judged),
            to_send=Count("pk", filter=goes_back),
        )
    )
    found = {
        row["submission"]: Progress(examined=row["examined"], total=row["total"], to_send=row["to_send"])
        for row in counted
    }
    return {pk: found.get(pk, Progress()) for pk in submissions}


def _loads(visible: QuerySet[Review], filters: Filters) -> Iterable[Load]:
    """What each reviewer has to examine, the busiest first: one query."""
    in_hand = Assignment.objects.in_charge().filter(
        review__in=visible, review__dossier__state__in=STATES[Turn.REVIEWERS], review__rounds__sent_at=None
    )
    items = "review__rounds__submission__items"
    asked = in_hand.values("review__rounds__submission")
    files = SubmissionEvidence.objects.filter(item__submission__in=asked).values("item")
    judged = Verdict.objects.standing().filter(item__submission__in=asked).values("item")
    is_review_item = (
        ~Q(**{f"{items}__question__evidence": ""})
        | Q(**{f"{items}__revision__not_applicable": True})
        | Q(**{f"{items}__in": files})
    )
    found = (
        in_hand.order_by()
        .values("reviewer", "reviewer__full_name", "reviewer__email")
        .annotate(
            dossiers=Count("review", distinct=True),
            items=Count(items, filter=is_review_item & ~Q(**{f"{items}__in": judged})),
            oldest=Min("review__turn_since"),
        )
        .order_by("-items", "reviewer__full_name", "reviewer")
    )
    for each in found:
        reviewer = str(each["reviewer"])
        yield Load(
            reviewer=each["reviewer__full_name"] or each["reviewer__email"],
            dossiers=each["dossiers"],
            items=each["items"],
            oldest=each["oldest"],
            address=filters.address(turn=Turn.REVIEWERS, charge=reviewer),
            is_chosen=filters.charge == reviewer,
        )


def _counts(kept: QuerySet[Review]) -> dict[Turn, int]:
    """How many reviews are at each turn."""
    by_state = dict(kept.order_by().values_list("dossier__state").annotate(Count("pk")))
    return {turn: sum(by_state.get(state, 0) for state in states) for turn, states in STATES.items()}


def _turn_facets(counts: Mapping[Turn, int], filters: Filters) -> Iterable[Facet]:
    for turn in Turn:
        yield Facet(
            label=str(turn.label),
            address=filters.address(turn=turn),
            is_chosen=turn is filters.turn,
            count=counts[turn],
        )


def _programme_facets(filters: Filters) -> Iterable[Facet]:
    yield Facet(label=_("toutes"), address=filters.address(programme=""), is_chosen=not filters.programme)
    for programme in Programme:
        yield Facet(
            label=str(programme.label),
            address=filters.address(programme=programme.value),
            is_chosen=programme == filters.programme,
        )


def _charge_facets(filters: Filters, loads: Iterable[Load]) -> Iterable[Facet]:
    labels = {ANYBODY: _("tous"), MINE: _("à moi"), NOBODY: _("non attribués")}
    for charge, label in labels.items():
        yield Facet(label=label, address=filters.address(charge=charge), is_chosen=charge == filters.charge)
    if filters.charge not in labels:
        chosen = next((each.reviewer for each in loads if each.is_chosen), _("un examinateur"))
        yield Facet(label=chosen, address=filters.address(), is_chosen=True)
