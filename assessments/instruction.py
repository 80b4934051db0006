"""The examination as the publisher's team reads it: what was told, what is left to do, and every round."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.clocks import Turn, clock_of
from assessments.filing import Filing
from assessments.forms.replies import ReplyForm
from assessments.models import Dossier, Reply, Round, Verdict
from assessments.overviews import Gap, correction_words, pending_gaps, place_of, places_of
from assessments.sections import orientation_of, sections_of
from questionnaires import engine
from ui.formats import long_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question and what a round said of it."""

    question: engine.Question
    verdict: Verdict

    @property
    def replies(self) -> list[Reply]:
        return list(self.verdict.replies.all())


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One question that was sent back, and what the team did about it. `form` is None for who may not reply."""

    question: engine.Question
    verdict: Verdict
    words: str
    is_done: bool
    url: str
    form: ReplyForm | None

    @property
    def badge(self) -> tuple[str, str]:
        """Label and tone of where it stands."""
        if self.is_done:
            return self.words, "success"
        if self.verdict.decision == Verdict.Decision.REFUSED:
            return _("à corriger"), "warning"
        return _("réponse attendue"), "warning"

    @property
    def replies(self) -> list[Reply]:
        return list(self.verdict.replies.all())


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """A round in the timeline. `judged` is empty until the round was told to the team. `is_closing`: the review was
    closed on it."""

    round: Round
    is_told: bool
    is_closing: bool
    judged: tuple[Judged, ...]

    @property
    def summary(self) -> str:
        """How many verdicts of each kind it gave."""
        given = Counter(each.verdict.decision for each in self.judged)
        return _("Acceptés : %(accepted)d · refusés : %(refused)d · questions posées : %(asked)d") % {
            "accepted": given[Verdict.Decision.ACCEPTED],
            "refused": given[Verdict.Decision.REFUSED],
            "asked": given[Verdict.Decision.QUESTION],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What one round accepted and nothing changed since, by section."""

    number: int
    sections: dict[str, list[engine.Question]]

    @property
    def count(self) -> int:
        return sum(map(len, self.sections.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a new submission would file, against the last one."""

    revealed: tuple[Gap, ...]
    # Filed last time, and left out now: a corrected answer hides them.
    vanished: tuple[Gap, ...]
    # Filed again as they were.
    kept: int
    total: int


class Instruction:
    """Six queries more than its filing, whatever the number of rounds and items."""

    def __init__(self, filing: Filing, *, can_reply: bool, typed: Mapping[str, ReplyForm] | None = None) -> None:
        """`typed`: the form that was refused, by question key."""
        self.filing = filing
        self._can_reply = can_reply
        self._typed = typed or {}

    @cached_property
    def rounds(self) -> list[RoundRow]:
        """Every round, the first one first. A round that was not sent shows nothing of its verdicts before the review
        is closed."""
        rounds = list(
            Round.objects.filter(review__dossier=self.filing.dossier)
            .select_related("review", "submission__submitted_by")
            .order_by("number")
        )
        closing = {each.pk for each in rounds[-1:] if each.review.is_closed}
        sent_back = {each.pk for each in rounds if each.sent_at is not None} - closing
        judged = self._judged(sent_back, closing)
        return [
            RoundRow(
                round=each,
                is_told=each.pk in sent_back | closing,
                is_closing=each.pk in closing,
                judged=tuple(judged.get(each.pk, ())),
            )
            for each in rounds
        ]

    @property
    def reviewers_aim(self) -> str:
        """By when the reviewers mean to answer; blank when it is not their turn. The team's own date: `turn_of`."""
        if not self.rounds or self.filing.dossier.state in Dossier.OVER:
            return ""
        clock = clock_of([each.round for each in self.rounds], today=self.filing.today)
        if clock.due_on is None or clock.turn is not Turn.REVIEWERS:
            return ""
        return _("Les examinateurs visent une réponse avant le %(day)s.") % {"day": long_date(clock.due_on)}

    def _judged(self, sent_back: set[int], closing: set[int]) -> dict[int, list[Judged]]:
        """The verdicts of the rounds that were told, by round, in the order of the screen."""
        keys, questions = self.filing.working.edition.keys, self.filing.working.definition.questions
        order = {key: place for place, key in enumerate(questions)}
        # What was sent stands as it was sent; of the last round, only what held when the review was closed.
        of_the_last = Q(round__in=closing, pk__in=Verdict.objects.standing().values("pk"))
        verdicts = (
            Verdict.objects.filter(Q(round__in=sent_back) | of_the_last)
            .select_related("item", "carried_from__round")
            .prefetch_related("replies__written_by")
        )
        found: dict[int, list[Judged]] = {}
        for verdict in sorted(verdicts, key=lambda each: order[keys[each.item.question_id]]):
            judged = Judged(question=questions[keys[verdict.item.question_id]], verdict=verdict)
            found.setdefault(verdict.round_id, []).append(judged)
        return found

    @cached_property
    def _corrections(self) -> list[Correction]:
        filing = self.filing
        places = places_of(filing.dossier, filing.working)
        return [
            Correction(
                question=filing.working.definition.questions[key],
                verdict=verdict,
                words=correction_words(filing, key),
                is_done=filing.is_settled(key),
                url=places[key],
                form=self._form(key),
            )
            for key, verdict in filing.sent_back.items()
        ]

    def _form(self, key: str) -> ReplyForm | None:
        if not self._can_reply:
            return None
        return self._typed.get(key) or ReplyForm(prefix=key)

    @property
    def refused(self) -> list[Correction]:
        return [each for each in self._corrections if each.verdict.decision == Verdict.Decision.REFUSED]

    @property
    def asked(self) -> list[Correction]:
        return [each for each in self._corrections if each.verdict.decision == Verdict.Decision.QUESTION]

    @property
    def to_settle(self) -> list[Correction]:
        return [each for each in self._corrections if not each.is_done]

    @cached_property
    def last_told(self) -> RoundRow | None:
        return next((each for each in reversed(self.rounds) if each.is_told), None)

    @cached_property
    def accepted(self) -> list[Accepted]:
        """What stands accepted in the last round that was told, by the round that really accepted it, the last one
        first."""
        section_of = _section_titles(self.filing.working.definition)
        found: dict[int, dict[str, list[engine.Question]]] = {}
        for each in self.last_told.judged if self.last_told else ():
            if each.verdict.decision == Verdict.Decision.ACCEPTED:
                sections = found.setdefault(self._given_in(each.verdict), {})
                sections.setdefault(section_of[each.question.key], []).append(each.question)
        return [Accepted(number=number, sections=found[number]) for number in sorted(found, reverse=True)]

    def _given_in(self, verdict: Verdict) -> int:
        """The number of the round that gave this verdict of the last told one."""
        assert self.last_told is not None
        return verdict.carried_from.round.number if verdict.carried_from else self.last_told.round.number

    @cached_property
    def pending(self) -> list[Gap]:
        return pending_gaps(self.filing)

    @property
    def revealed(self) -> tuple[Gap, ...]:
        changes = changes_of(self.filing)
        return changes.revealed if changes else ()


def changes_of(filing: Filing) -> Changes | None:
    """What submitting again would change; None before the first submission. No query beyond the filing's."""
    if filing.filed is None:
        return None
    to_file, filed = set(filing.to_file), filing.filed.states.keys()
    gone = [key for key in filing.working.definition.questions if key in filed and key not in to_file]
    revealed = [key for key in filing.working.definition.questions if key in filing.revealed]
    return Changes(
        revealed=tuple(_named(filing, key, _("apparue avec une correction")) for key in revealed),
        vanished=tuple(_named(filing, key, _("ne s’applique plus")) for key in gone),
        kept=len((to_file & filed) - filing.reopened),
        total=len(to_file),
    )


def _named(filing: Filing, key: str, words: str) -> Gap:
    url = place_of(filing.dossier, filing.working, key)
    return Gap(key=key, title=filing.working.definition.questions[key].title, words=words, url=url)


def _section_titles(definition: engine.Definition) -> dict[str, str]:
    """The title of each question's section."""
    orientation = orientation_of(definition)
    titles = {question.key: orientation.title for question in orientation.questions()}
    for section in sections_of(definition):
        titles |= {question.key: section.title for theme in section.themes for question in theme.questions}
    return titles
