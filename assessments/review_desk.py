"""What the pages of one review read: the last submission's items, their verdicts, and the scores they leave."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assessments.answer_states import Copy, filed_items, state_of_item
from assessments.answer_words import answer_in_words, how_sentence
from assessments.clocks import Clock, Turn, clock_of
from assessments.desk_items import DeskItem, Shown
from assessments.filed_answers import EarlierAnswer
from assessments.models import Dossier, Review, Round, SubmissionItem, Verdict
from assessments.operations.reviews import needs_verdict, rulings_of
from assessments.review_queue import Progress, turn_of
from assessments.sections import Section, orientation_of, sections_of
from questionnaires import engine
from questionnaires.queries import published


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedItem:
    """An answer whose score a reviewer corrected, and the score that it had, from 0 to 1."""

    item: DeskItem
    computed: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionScore:
    """A section as filed, and as the verdicts of the round leave it."""

    title: str
    filed: engine.GroupResult
    judged: engine.GroupResult


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionItems:
    """A section of the list: its themes by title, each with the answers that are shown."""

    title: str
    themes: dict[str, list[DeskItem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One filter of the list and how many answers it shows."""

    shown: Shown
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRound:
    """A round that is over; needs `verdicts` loaded."""

    round: Round

    @property
    def summary(self) -> str:
        """How many verdicts of each kind it gave."""
        given = Counter(verdict.decision for verdict in self.round.verdicts.all())
        return _("Acceptés : %(accepted)d · refusés : %(refused)d · questions posées : %(asked)d") % {
            "accepted": given[Verdict.Decision.ACCEPTED],
            "refused": given[Verdict.Decision.REFUSED],
            "asked": given[Verdict.Decision.QUESTION],
        }


class Desk:
    """One review and its last round. Reads the database once: seven queries, whatever the number of items."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.dossier: Dossier = review.dossier
        self.rounds = list(
            review.rounds.select_related("submission__submitted_by", "sent_by")
            .prefetch_related(Prefetch("verdicts", queryset=_verdicts()))
            .order_by("number")
        )
        self.round = self.rounds[-1]
        self.submission = self.round.submission
        self.edition = published(self.dossier.edition)
        self._recused = set(review.recusals.values_list("reviewer", flat=True))
        self._filed = {self.edition.keys[each.question_id]: each for each in filed_items(self.submission)}

    @property
    def definition(self) -> engine.Definition:
        return self.edition.definition

    @cached_property
    def copy(self) -> Copy:
        states = {key: state_of_item(item) for key, item in self._filed.items()}
        return Copy(edition=self.edition, programme=self.dossier.programme, states=states)

    @cached_property
    def verdicts(self) -> dict[int, Verdict]:
        """The verdicts of the last round that hold, by item."""
        given = self.round.verdicts.all()
        return {verdict.item_id: verdict for verdict in given if verdict.decided_by_id not in self._recused}

    @cached_property
    def void(self) -> dict[int, Verdict]:
        """Those that no longer do."""
        given = self.round.verdicts.all()
        return {verdict.item_id: verdict for verdict in given if verdict.decided_by_id in self._recused}

    @cached_property
    def items(self) -> dict[str, DeskItem]:
        """Every filed answer by key, in the order of the screen: orientation first."""
        return {
            question.key: DeskItem(
                question=question,
                section=section,
                theme=theme,
                item=self._filed[question.key],
                verdict=self.verdicts.get(self._filed[question.key].pk),
                void=self.void.get(self._filed[question.key].pk),
                is_review_item=needs_verdict(self._filed[question.key], question),
                was_sent_back=self._filed[question.key].question_id in self._sent_back,
            )
            for section, theme, question in _in_order(self.definition)
            if question.key in self._filed
        }

    @cached_property
    def _sent_back(self) -> frozenset[int]:
        """The questions that the round before asked the publisher about."""
        before = self.rounds[-2].verdicts.all() if len(self.rounds) > 1 else ()
        return frozenset(each.item.question_id for each in before if each.decision in Verdict.REOPENING)

    @cached_property
    def review_items(self) -> list[DeskItem]:
        return [each for each in self.items.values() if each.is_review_item]

    @cached_property
    def waiting(self) -> list[DeskItem]:
        """Review items without a verdict."""
        return [each for each in self.review_items if each.verdict is None]

    @cached_property
    def to_send(self) -> list[DeskItem]:
        """What goes back to the publisher: refused, or asked about."""
        return [each for each in self.items.values() if each.verdict and each.verdict.decision in Verdict.REOPENING]

    @property
    def progress(self) -> Progress:
        total = len(self.review_items)
        return Progress(examined=total - len(self.waiting), total=total, to_send=len(self.to_send))

    @property
    def turn(self) -> Turn:
        return turn_of(self.dossier)

    @property
    def clock(self) -> Clock:
        over_since = self.review.turn_since if self.turn is Turn.NOBODY else None
        return clock_of(self.rounds, today=timezone.localdate(), over_since=over_since)

    @property
    def is_open(self) -> bool:
        """Whether verdicts may still be given in the last round."""
        return self.round.sent_at is None and not self.review.is_closed

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left but to close."""
        return self.turn is Turn.REVIEWERS and self.progress.is_over

    def who_closes(self, reader: User, *, may_close: bool) -> str:
        """Who ends the review when nothing else is left to do, as this reader reads it; blank before."""
        if not self.is_ready:
            return ""
        if not may_close:
            return _("Les responsables d’instruction sont prévenus : l’un d’eux peut maintenant clore l’instruction.")
        if {verdict.decided_by_id for verdict in self.verdicts.values()} == {reader.pk}:
            return _("Tous les verdicts sont de vous : un autre responsable d’instruction clôt ce dossier.")
        return _("Vous pouvez clore l’instruction.")

    @property
    def why_not_sendable(self) -> str:
        """What stops the round from being sent, and what to do; blank when nothing does."""
        if not self.is_open:
            return _("Ce tour est terminé.")
        if left := len(self.waiting):
            return ngettext(
                "Il reste %(count)d élément à examiner : l’éditeur reçoit toutes les demandes en une fois.",
                "Il reste %(count)d éléments à examiner : l’éditeur reçoit toutes les demandes en une fois.",
                left,
            ) % {"count": left}
        if not self.to_send:
            return _("Tout est accepté : il n’y a rien à demander à l’éditeur.")
        return ""

    @cached_property
    def filed(self) -> engine.Evaluation:
        """The submission as filed, on its own date."""
        return self.copy.evaluate(self.submission.evaluated_on)

    @cached_property
    def judged(self) -> engine.Evaluation:
        """The same once the verdicts of the round are applied (rule 15)."""
        verdicts = []
        for item in self.items.values():
            if item.verdict is not None:
                item.verdict.item = item.item
                verdicts.append(item.verdict)
        return self.copy.evaluate(self.submission.evaluated_on, rulings_of(verdicts, self.edition.keys))

    @property
    def corrected(self) -> list[CorrectedItem]:
        """The answers whose score the verdicts of the round correct."""
        return [
            CorrectedItem(item=each, computed=self.filed.questions[each.key].score)
            for each in self.items.values()
            if each.verdict and each.verdict.corrected_score is not None
        ]

    @property
    def scores(self) -> list[SectionScore]:
        return [
            SectionScore(title=each.title, filed=each.result(self.filed), judged=each.result(self.judged))
            for each in sections_of(self.definition)
        ]

    @property
    def gaps(self) -> list[DeskItem]:
        """The requirements that the publisher declared unmet."""
        return [self.items[key] for key in self.filed.unmet if key in self.items]

    @property
    def earlier_rounds(self) -> list[EarlierRound]:
        return [EarlierRound(round=each) for each in self.rounds[:-1]]

    @property
    def shown_first(self) -> Shown:
        """What the list opens on: from the second round on, what is not judged already."""
        items = self.items.values()
        is_narrower = len(self.rounds) > 1 and any(item.is_in(Shown.ROUND) for item in items)
        return Shown.ROUND if is_narrower else Shown.ITEMS

    def facets(self, chosen: Shown) -> list[Facet]:
        """The filters; in a first round, what is to examine in it is every item."""
        return [
            Facet(
                shown=shown,
                count=sum(item.is_in(shown) for item in self.items.values()),
                is_chosen=shown is chosen,
            )
            for shown in Shown
            if shown is not Shown.ROUND or len(self.rounds) > 1
        ]

    def sections(self, shown: Shown) -> list[SectionItems]:
        """The chosen answers, by section and theme; empty ones are left out."""
        sections: dict[str, SectionItems] = {}
        for item in self.items.values():
            if item.is_in(shown):
                section = sections.setdefault(item.section, SectionItems(title=item.section, themes={}))
                section.themes.setdefault(item.theme, []).append(item)
        return list(sections.values())

    def next_waiting(self, after: str = "") -> DeskItem | None:
        """The next review item without a verdict, from the top again at the end; None when all are examined."""
        order = list(self.items)
        start = order.index(after) + 1 if after in self.items else 0
        place = {key: (position - start) % len(order) for position, key in enumerate(order)}
        return min((each for each in self.waiting if each.key != after), key=lambda each: place[each.key], default=None)

    def neighbours(self, key: str) -> tuple[DeskItem | None, DeskItem | None]:
        """The review items before and after an answer."""
        order = {each: position for position, each in enumerate(self.items)}
        before = [each for each in self.review_items if order[each.key] < order[key]]
        after = [each for each in self.review_items if order[each.key] > order[key]]
        return (before[-1] if before else None, after[0] if after else None)

    def position(self, key: str) -> int | None:
        """The rank of a review item among them, from 1."""
        keys = [each.key for each in self.review_items]
        return keys.index(key) + 1 if key in keys else None

    def how(self, key: str) -> str:
        return how_sentence(self.filed.questions[key].how, self.definition.questions[key])

    def why(self, key: str) -> str:
        return engine.why_in_french(self.filed.questions[key].why)

    def history(self, key: str) -> list[EarlierAnswer]:
        """The question in the earlier submissions, the last one first."""
        question = self.definition.questions[key]
        rounds = {each.submission_id: each for each in self.rounds[:-1]}
        items = (
            SubmissionItem.objects.filter(submission__in=rounds, question_id=self.edition.question_ids[key])
            .select_related("revision__saved_by")
            .prefetch_related("evidence__document_version", Prefetch("verdicts", queryset=_verdicts()))
            .prefetch_related("verdicts__replies__written_by")
            .order_by("-submission__number")
        )
        return [
            EarlierAnswer(
                round=rounds[item.submission_id],
                words=answer_in_words(question, state_of_item(item)),
                state=state_of_item(item),
                now=self.items[key].state,
                files=tuple(item.evidence.all()),
                verdict=next(iter(item.verdicts.all()), None),
            )
            for item in items
        ]


def _verdicts() -> models.QuerySet[Verdict]:
    return Verdict.objects.select_related("decided_by", "carried_from__round", "item").order_by("pk")


def _in_order(definition: engine.Definition) -> Iterable[tuple[str, str, engine.Question]]:
    """Section, theme and question, as the screen orders them."""
    orientation = orientation_of(definition)
    for theme in orientation.themes:
        yield from ((orientation.title, theme.title, question) for question in theme.questions)
    section: Section
    for section in sections_of(definition):
        for theme in section.themes:
            yield from ((section.title, theme.title, question) for question in theme.questions)
