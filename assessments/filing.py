"""Between what was filed and what the team has typed since: what leaves with the next submission, and what stays."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from django.utils import timezone

from accounts.models import User, name_of
from assessments.answer_states import (
    PERSON_FIELDS,
    AnswerState,
    Copy,
    HeldFile,
    changed_since,
    standing_attachments_of,
    submitted_copy,
    working_copy,
)
from assessments.models import AnswerOrigin, Attachment, Dossier, Round, Submission, Verdict
from assessments.prepared import ID, Prepared
from assessments.sections import orientation_of
from questionnaires import engine


def next_submission_copy(working: Copy, filed: Copy, *, filed_on: date, sent_back: Collection[str]) -> Copy:
    """What submitting again would file, once its hidden questions are left out. Pure.

    A question that was sent back is taken as it stands in the working copy; any other that was shown when the dossier
    was filed, exactly as it was filed, or not at all. What was hidden then is taken from the working copy too: hidden,
    it counts for nothing (rule 9); shown, it was revealed by an answer that was sent back, since nothing else moved.
    """
    then = filed.evaluate(filed_on).questions
    states = {
        key: source.state(key)
        for key, result in then.items()
        for source in [working if key in sent_back or not result.shown else filed]
        if key in source.states
    }
    return Copy(edition=working.edition, programme=working.programme, states=states)


TO_CONFIRM = Prepared(
    lambda dossier_id: (
        AnswerOrigin.objects.to_confirm()
        .filter(revision__answer__assessment__dossier=dossier_id, revision__answer__assessment__replaced_by=None)
        .values_list("pk", "revision__answer__question")
    ),
    dossier_id=ID,
)
PEOPLE = Prepared(
    lambda people: User.objects.filter(pk__in=people).values_list("pk", *PERSON_FIELDS),
    people=[ID],
)


class Filing:
    """A dossier as its team has it: the working copy, what was filed last, and what would be filed now.

    Reads the database when asked for something, once: two queries for the working copy, five for what was filed, four
    for what was sent back, whatever the number of answers.

    `keys`, when given, are the only questions that will be asked about. Once the dossier was filed they limit nothing:
    what leaves with the next submission hangs on all the answers.
    """

    def __init__(self, dossier: Dossier, working: Copy | None = None, *, keys: Collection[str] | None = None) -> None:
        self.dossier = dossier
        self.working = working or working_copy(dossier, None if self._was_filed else keys)
        self.today = timezone.localdate()

    def narrowed(self, keys: Collection[str]) -> "Filing":
        """The same dossier, asked about fewer questions: nothing is read again."""
        if self.working.keys is None:
            return self
        return Filing(self.dossier, replace(self.working, keys=frozenset(keys)))

    @property
    def _was_filed(self) -> bool:
        return self.dossier.state not in {Dossier.State.ORIENTATION, Dossier.State.FILLING}

    def with_answer(self, key: str, state: AnswerState) -> "Filing":
        """The same dossier, one answer of its working copy changed: nothing that was read is read again."""
        changed = Filing(self.dossier, self.working.with_state(key, state))
        for name in self.__dict__.keys() & {"submission", "filed", "sent_back", "attachments", "people"}:
            changed.__dict__[name] = self.__dict__[name]
        return changed

    @cached_property
    def evaluation(self) -> engine.Evaluation:
        """The working copy's, today."""
        return self.working.evaluate(self.today)

    @cached_property
    def attachments(self) -> Mapping[str, tuple[Attachment, ...]]:
        """The files of the working copy as pages draw them, by question key."""
        return self.attachments_of(self.working.states)

    def attachments_of(self, keys: Collection[str]) -> Mapping[str, tuple[Attachment, ...]]:
        """Those of these questions, read again each time."""
        return standing_attachments_of(self.working, self.dossier, keys)

    @cached_property
    def people(self) -> Mapping[int, str]:
        """The names of those who changed files last, by id."""
        states = self.working.states.values()
        ids = {each.files_changed_by_id for each in states if each.files_changed_by_id and each.files_changed_last}
        return {pk: name_of(*person) for pk, *person in PEOPLE.rows(people=sorted(ids))}

    @cached_property
    def submission(self) -> Submission | None:
        """The last one; None before the first."""
        if not self._was_filed:
            return None
        return self.dossier.submissions.order_by("-number").first()

    @cached_property
    def filed(self) -> Copy | None:
        if self.submission is None:
            return None
        return submitted_copy(self.submission, edition=self.working.edition, programme=self.working.programme)

    @cached_property
    def sent_back(self) -> dict[str, Verdict]:
        """What the last round refused or asked about, by question key. Empty unless corrections are asked."""
        if self.dossier.state != Dossier.State.CORRECTIONS_ASKED:
            return {}
        last = Round.objects.filter(review__dossier=self.dossier).order_by("-number").values("pk")[:1]
        verdicts = (
            Verdict.objects.filter(round=last, decision__in=Verdict.REOPENING)
            .select_related("item__revision", "round")
            .prefetch_related("item__evidence", "replies__written_by")
        )
        keys = self.working.edition.keys
        found = {keys[verdict.item.question_id]: verdict for verdict in verdicts}
        return {key: found[key] for key in self.working.definition.questions if key in found}

    @property
    def answer_by(self) -> date | None:
        """By when the reviewers ask for the corrections; None when they ask for none, or set no date."""
        return next((verdict.round.answer_by for verdict in self.sent_back.values()), None)

    @cached_property
    def next_copy(self) -> Copy:
        """What submitting now would file. With the reviewers, and once closed: what was filed last."""
        if self.submission is None or self.filed is None:
            return self.working
        return next_submission_copy(
            self.working, self.filed, filed_on=self.submission.evaluated_on, sent_back=self.sent_back
        )

    @cached_property
    def next_evaluation(self) -> engine.Evaluation:
        """Its evaluation: on the day it was filed while it is judged as it is, else today."""
        if self.submission is None:
            return self.evaluation
        still = self.dossier.state not in Dossier.SUBMITTABLE
        return self.next_copy.evaluate(self.submission.evaluated_on if still else self.today)

    @cached_property
    def to_file(self) -> tuple[str, ...]:
        """The questions that submitting now would file, in the order of the edition."""
        return tuple(key for key, result in self.next_evaluation.questions.items() if self._is_filed(key, result))

    def _is_filed(self, key: str, result: engine.QuestionResult) -> bool:
        return result.shown and key in self.next_copy.states

    def files_to_file(self, key: str) -> tuple[HeldFile, ...]:
        """Refused files are left out; what was filed already goes again as it was."""
        files = self.next_copy.state(key).files
        is_kept = self.filed is not None and key not in self.reopened
        return files if is_kept else tuple(file for file in files if file.is_readable)

    @cached_property
    def revealed(self) -> frozenset[str]:
        """The questions that the corrected answers make appear."""
        if not self.sent_back or self.submission is None or self.filed is None:
            return frozenset()
        then = self.filed.evaluate(self.submission.evaluated_on).questions
        now = self.next_evaluation.questions
        return frozenset(key for key, result in now.items() if result.shown and not then[key].shown)

    @cached_property
    def reopened(self) -> frozenset[str]:
        """The questions whose working answer leaves with the next submission. They stay on the screen even where a
        change that stays pending hides them in the working copy."""
        now = self.next_evaluation.questions
        return self.revealed | {key for key in self.sent_back if now[key].shown}

    def result(self, key: str) -> engine.QuestionResult:
        """Where a question stands on the team's screens."""
        own = self.evaluation.questions[key]
        return own if own.shown or key not in self.reopened else self.next_evaluation.questions[key]

    @cached_property
    def pending(self) -> tuple[str, ...]:
        """The shown questions whose working answer or files are not what was filed, and that stay behind."""
        if self.filed is None:
            return ()
        return tuple(
            key
            for key, result in self.evaluation.questions.items()
            if result.shown
            and key not in self.reopened
            and not self.working.state(key).says_the_same_as(self.filed.state(key))
        )

    def is_corrected(self, key: str) -> bool:
        """Whether a question that was sent back has another answer or other files since."""
        return changed_since(self.sent_back[key].item, self.working.state(key))

    def is_settled(self, key: str) -> bool:
        """Corrected, replied to, or gone with a corrected answer: nothing is left to do before submitting."""
        has_reply = bool(self.sent_back[key].replies.all())
        return key not in self.reopened or has_reply or self.is_corrected(key)

    @cached_property
    def unsettled(self) -> tuple[str, ...]:
        """What was sent back and has neither been changed nor replied to."""
        return tuple(key for key in self.sent_back if not self.is_settled(key))

    @cached_property
    def origins(self) -> dict[str, AnswerOrigin]:
        """By question key, where the answers that were taken up from another dossier, and not read again, come from.
        One query, two when there are some."""
        questions: dict[int, int] = dict(TO_CONFIRM.rows(dossier_id=self.dossier.pk))
        if not questions:
            return {}
        origins = AnswerOrigin.objects.select_related(
            "source__answer__assessment__dossier__product",
            "source__answer__assessment__replaced_by__from_edition",
            "source__saved_by",
        ).filter(pk__in=questions)
        keys = self.working.edition.keys
        return {keys[questions[origin.pk]]: origin for origin in origins}

    @cached_property
    def to_read_again(self) -> tuple[str, ...]:
        """What would leave with the next submission and that its edition asks to read again first, in its order."""
        leaving = self.next_copy
        return tuple(
            key
            for key in self.to_file
            if key in self.origins
            and self.origins[key].kind == AnswerOrigin.Kind.EDITION
            and leaving.state(key).revision == self.working.state(key).revision
        )

    @cached_property
    def unanswered(self) -> frozenset[str]:
        """The shown questions without an answer, whether they block or not."""
        results = self.evaluation.questions.items()
        return frozenset(key for key, result in results if result.state is engine.State.UNANSWERED)

    @cached_property
    def blocking(self) -> frozenset[str]:
        """What keeps the team from submitting; nothing while it may not submit anyway."""
        if self.dossier.state not in Dossier.SUBMITTABLE:
            return frozenset()
        return frozenset((*self.next_evaluation.incomplete, *self.unsettled, *self.to_read_again))

    @cached_property
    def orientation(self) -> frozenset[str]:
        return frozenset(question.key for question in orientation_of(self.working.definition).questions())
