"""What following a newer edition would do to a dossier: what is carried, what is to be read again, what is left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils import timezone

from assessments.answer_states import EMPTY, AnswerState, Copy
from assessments.filing import Filing
from assessments.history import words_of
from assessments.models import AnswerOrigin, Attribution, Dossier, Draft, Import, TeamComment
from assessments.sections import sections_of
from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.queries import PublishedEdition, applies_from, editions_after, published, versions_between

# Where the answers are the team's alone: nothing was filed, nobody examines anything.
MAY_FOLLOW = (Dossier.State.ORIENTATION, Dossier.State.FILLING)


def next_edition_of(dossier: Dossier) -> Edition | None:
    """The edition that a dossier which is not over may follow, now or later: the last one published. One query."""
    if dossier.state in Dossier.OVER:
        return None
    return next(reversed(editions_after(dossier.edition)), None)


def next_editions_of(dossiers: Iterable[Dossier]) -> dict[int, Edition]:
    """The same for several, by dossier id; absent where there is none. One query for each edition that they follow."""
    found: dict[int, Edition | None] = {}
    editions: dict[int, Edition] = {}
    for dossier in dossiers:
        if dossier.edition_id not in found:
            found[dossier.edition_id] = next(reversed(editions_after(dossier.edition)), None)
        edition = found[dossier.edition_id]
        if edition is not None and dossier.state not in Dossier.OVER:
            editions[dossier.pk] = edition
    return editions


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A question of the edition before, as it is answered."""

    question: engine.Question
    state: AnswerState

    @property
    def words(self) -> str:
        return words_of(self.question, self.state)

    @property
    def is_answered(self) -> bool:
        return self.state.value is not None or self.state.not_applicable or bool(self.state.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What of an old answer would stay under the edition before, and why."""

    question: engine.Question
    why: str
    held: engine.Held
    files: int

    @property
    def words(self) -> str:
        if not self.held.states:
            return ""
        return words_of(self.question, AnswerState(value=self.held.value, not_applicable=self.held.not_applicable))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A section before and after. None: the edition does not have it, or nothing in it is scored."""

    code: str
    title: str
    before: engine.GroupResult | None
    after: engine.GroupResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """One question of the newer edition, beside the one or those that it comes from."""

    question: engine.Question
    earlier: tuple["Earlier", ...]
    carried: engine.CarriedAnswer
    state: AnswerState

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def fate(self) -> engine.Fate:
        return self.carried.fate

    @property
    def is_filled(self) -> bool:
        """Something is carried, an answer or not."""
        return self.carried.held != engine.Held()

    @property
    def words(self) -> str:
        """What would be answered, before anybody reads it again."""
        return words_of(self.question, self.state)

    @property
    def wording_diff(self) -> list[tuple[str, str]]:
        """(« same », « out » or « in », words) of the wording and of what is expected; empty where they are the same,
        and where several questions become one: they are read side by side."""
        if len(self.earlier) != 1:
            return []
        then, now = (f"{each.wording} {each.asked}" for each in (self.earlier[0].question, self.question))
        return list(engine.word_differences(then, now)) if then != now else []

    @property
    def what_changed(self) -> str:
        """« la question, le barème »; blank where several questions become one."""
        if len(self.earlier) != 1:
            return ""
        return ", ".join(engine.what_changed(self.earlier[0].question, self.question))


class Target:
    """An edition that dossiers would follow, and the roads to it: shared by several dossiers, each is read once."""

    def __init__(self, compiled: PublishedEdition) -> None:
        self.compiled = compiled
        self._roads: dict[tuple[str, str], Sequence[engine.Questionnaire]] = {}

    def road(self, old: engine.Questionnaire, new: engine.Questionnaire) -> Sequence[engine.Questionnaire]:
        """The versions from one to the other: see `versions_between`."""
        names = (old.name, new.name)
        if names not in self._roads:
            self._roads[names] = versions_between(old, new)
        return self._roads[names]


class NextEdition:
    """A dossier beside what it would be: what it holds is read at once, the rest is worked out when it is asked for.

    `left_behind` names what of the answers would stay under the edition before, and why. `target`: the edition in its
    compiled form, where it is not published, or is tried on several dossiers.
    """

    def __init__(self, filing: Filing, edition: Edition, target: Target | None = None) -> None:
        self.filing, self.dossier, self.edition = filing, filing.dossier, edition
        self.target = target or Target(published(edition))
        self.new = self.target.compiled
        self.today = timezone.localdate()
        # Read at once: following the edition changes what these queries would find.
        self.held = self._held()

    @cached_property
    def chains(self) -> dict[str, Sequence[engine.Questionnaire]]:
        """By the code of a questionnaire that both have, its versions from the one of the dossier to the new one."""
        old = {each.code: each for each in self.filing.working.definition.edition.questionnaires}
        news = self.new.definition.edition.questionnaires
        return {new.code: self.target.road(old[new.code], new) for new in news if new.code in old}

    def _held(self) -> Mapping[str, engine.Held]:
        """What the dossier holds, by question key."""
        people = self._attributed()
        working, origins = self.filing.working, self.filing.origins
        return {
            key: engine.Held(
                value=state.value,
                not_applicable=state.not_applicable,
                reason=state.reason,
                comment=state.comment,
                evidence=tuple(file.pk for file in state.files),
                assigned_to=people.get(key, ()),
                # One taken up from another dossier waits to be read too, and keeps nobody from submitting.
                to_reconfirm=key in origins and origins[key].kind == AnswerOrigin.Kind.EDITION,
            )
            for key in working.definition.questions
            for state in [working.state(key)]
        }

    def _attributed(self) -> dict[str, tuple[int, ...]]:
        keys = self.filing.working.edition.keys
        rows = Attribution.objects.filter(dossier=self.dossier, question__isnull=False)
        pairs = rows.values_list("question_id", "membership_id")
        return {keys[question]: (membership,) for question, membership in pairs if question in keys}

    @cached_property
    def carried(self) -> engine.Carried:
        """Of every questionnaire at once."""
        answers: dict[str, engine.CarriedAnswer] = {}
        left: list[engine.LeftBehind] = []
        for new in self.new.definition.edition.questionnaires:
            if new.code in self.chains:
                found = engine.carry_through(self.chains[new.code], self.held)
                answers |= found.answers
                left += found.left_behind
            else:
                answers |= {question.key: engine.CarriedAnswer() for question in new.questions()}
        return engine.Carried(answers=answers, left_behind=(*left, *self._of_no_questionnaire()))

    def _of_no_questionnaire(self) -> Iterator[engine.LeftBehind]:
        for old in self.filing.working.definition.edition.questionnaires:
            for question in () if old.code in self.chains else old.questions():
                held = self.held[question.key]
                if held != engine.Held():
                    why = "ce questionnaire n’est plus demandé"
                    yield engine.LeftBehind(key=question.key, version=old.name, held=held, why=why)

    @cached_property
    def shared(self) -> frozenset[str]:
        """The codes of the questionnaires whose version is the same in both: their answers stay where they are."""
        return frozenset(code for code, chain in self.chains.items() if len(chain) == 1)

    @cached_property
    def moved_keys(self) -> frozenset[str]:
        """The questions of the new edition that are asked by another version than before."""
        return frozenset(
            question.key
            for new in self.new.definition.edition.questionnaires
            if new.code not in self.shared
            for question in new.questions()
        )

    @cached_property
    def after(self) -> Copy:
        """The working copy as it would be."""
        files = {file.pk: file for state in self.filing.working.states.values() for file in state.files}
        states = {}
        for key, each in self.carried.answers.items():
            held = each.held
            if key not in self.moved_keys:
                states[key] = self.filing.working.state(key)
            elif held != engine.Held():
                states[key] = AnswerState(
                    value=held.value,
                    not_applicable=held.not_applicable,
                    reason=held.reason,
                    comment=held.comment,
                    revision=1 + max(self.filing.working.state(source).revision for source in each.sources),
                    files=tuple(files[pk] for pk in held.evidence if isinstance(pk, int)),
                )
        return Copy(edition=self.new, programme=self.dossier.programme, states=states)

    @cached_property
    def evaluation(self) -> engine.Evaluation:
        return self.after.evaluate(self.today)

    @cached_property
    def carriages(self) -> tuple[Carriage, ...]:
        """Every question of the new edition that is asked otherwise than by the same version, in its order."""
        working = self.filing.working
        return tuple(
            Carriage(
                question=question,
                earlier=tuple(
                    Earlier(question=working.definition.questions[source], state=working.state(source))
                    for source in self.carried.answers[key].sources
                ),
                carried=self.carried.answers[key],
                state=self.after.states.get(key, EMPTY),
            )
            for key, question in self.new.definition.questions.items()
            if key in self.moved_keys
        )

    def of(self, *fates: engine.Fate, shown: bool = True) -> list[Carriage]:
        """Those of these fates, among the questions that would be asked of this dossier."""
        results = self.evaluation.questions
        return [each for each in self.carriages if each.fate in fates and (results[each.key].shown or not shown)]

    @property
    def applies_from(self) -> date:
        return applies_from(self.edition)

    @property
    def grace_days(self) -> int:
        """The shortest delay that the maps give."""
        news = self.new.definition.edition.questionnaires
        days = [each.migration.grace_days for each in news if each.migration and each.code not in self.shared]
        return min(days, default=0)

    @property
    def deadline(self) -> date:
        """By when the dossier is asked to follow."""
        return self.applies_from + timedelta(days=self.grace_days)

    @property
    def reopens_orientation(self) -> bool:
        """Some orientation question would have no answer: the dossier goes back where they are asked."""
        results = self.evaluation.questions
        kinds = self.new.definition.kinds
        return any(results[key].incomplete for key, kind in kinds.items() if kind is engine.Kind.ORIENTATION)

    @property
    def new_blockers(self) -> list[engine.Question]:
        """What would keep the team from submitting, or stand as a gap, and does not today."""
        before, after = self.filing.evaluation, self.evaluation
        standing = {*before.incomplete, *before.unmet}
        found = dict.fromkeys((*after.incomplete, *after.unmet))
        return [self.new.definition.questions[key] for key in found if key not in standing]

    @property
    def left(self) -> list[Left]:
        """What would be left behind, in the order of the maps. What nobody answered leaves nothing."""
        old = self.filing.working.definition.questions
        return [
            Left(question=old[each.key], why=each.why, held=each.held, files=len(each.held.evidence))
            for each in self.carried.left_behind
            if each.key in old
        ]

    @property
    def scores(self) -> list[Score]:
        """Each section, before and after."""
        before = {each.code: each for each in sections_of(self.filing.working.definition)}
        after = {each.code: each for each in sections_of(self.new.definition)}
        return [
            Score(
                code=code,
                title=(after.get(code) or before[code]).title,
                before=before[code].result(self.filing.evaluation) if code in before else None,
                after=after[code].result(self.evaluation) if code in after else None,
            )
            for code in dict.fromkeys([*before, *after])
        ]

    @cached_property
    def comments(self) -> int:
        """How many comments of the team stand in the dossier."""
        return TeamComment.objects.filter(dossier=self.dossier, deleted_at=None).count()

    @cached_property
    def attributions(self) -> int:
        return Attribution.objects.filter(dossier=self.dossier).count()

    @cached_property
    def imports(self) -> list[Import]:
        """What somebody brought back and has not imported: it speaks of the questions of today."""
        waiting = Import.objects.current().filter(dossier=self.dossier, imported_at=None)
        return list(waiting.select_related("author"))

    @cached_property
    def drafts(self) -> int:
        return Draft.objects.filter(dossier=self.dossier).count()

    def target_of(self, key: str) -> str | None:
        """Where what is said about an old question goes on: the first new question that comes from it."""
        return self._targets.get(key)

    @cached_property
    def _targets(self) -> dict[str, str]:
        targets: dict[str, str] = {}
        for new, each in self.carried.answers.items():
            for source in each.sources:
                # A question that keeps its key is where one looks for it.
                if source not in targets or new == source:
                    targets[source] = new
        return targets
