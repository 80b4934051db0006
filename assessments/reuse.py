"""What a dossier may take up from another one of the same publisher: a question's key is for life."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.translation import gettext as _

from accounts.models import User
from assessments import policies
from assessments.answer_states import AnswerState, Copy, HeldFile, working_copy
from assessments.answer_words import answer_in_words
from assessments.file_rules import refusal_of_file
from assessments.filing import Filing
from assessments.models import Dossier
from assessments.proofs import versions_to_choose
from questionnaires import engine

# With fewer answers, what the product told when the dossier was opened is all there is.
FEWEST = 5
SOURCES = 20


def sources_of(dossier: Dossier, user: User) -> QuerySet[Dossier]:
    """The dossiers to take answers from, most relevant first: those of the same product, then the fullest.

    Of the same publisher, visible to the person, of the same edition or an earlier one. `answers`: how many each has.
    """
    given = Q(assessments__replaced_by=None) & (
        Q(assessments__answers__value__isnull=False) | Q(assessments__answers__not_applicable=True)
    )
    edition = dossier.edition
    return (
        Dossier.objects.visible_to(user)
        .filter(Q(edition=edition) | Q(edition__published_at__lt=edition.published_at))
        .filter(product__publisher=dossier.publisher_id)
        .exclude(pk=dossier.pk)
        .annotate(answers=Count("assessments__answers", filter=given))
        .filter(answers__gte=FEWEST)
        .select_related("product__publisher", "edition")
        .order_by(Case(When(product=dossier.product_id, then=0), default=1), "-answers", "-pk")
    )


def suggested_source(filing: Filing, user: User) -> Dossier | None:
    """Where to take answers from, while the dossier is mostly empty: afterwards nobody needs to be told. One query."""
    if filing.dossier.state not in {Dossier.State.ORIENTATION, Dossier.State.FILLING}:
        return None
    kinds = filing.working.definition.kinds
    shown = [
        result
        for key, result in filing.evaluation.questions.items()
        if result.shown and kinds[key] is engine.Kind.EVALUATION
    ]
    given = sum(result.state is not engine.State.UNANSWERED for result in shown)
    return sources_of(filing.dossier, user).first() if given * 4 <= len(shown) else None


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One answer of the source, for the same question here. `earlier`: the question as it was answered there."""

    question: engine.Question
    earlier: engine.Question
    theirs: AnswerState
    current: AnswerState
    # The files to attach: those of the source that the person may join and that the question takes.
    files: tuple[HeldFile, ...]

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def base(self) -> str:
        return f"{self.key}:{self.current.revision}"

    @property
    def is_blank(self) -> bool:
        """Nothing of this dossier's is replaced."""
        current = self.current
        return current.value is None and not (current.not_applicable or current.comment or current.files)

    @cached_property
    def is_changed(self) -> bool:
        """The question is not the one that was answered."""
        return _asked(self.question) != _asked(self.earlier)

    @property
    def is_ticked(self) -> bool:
        return self.is_blank and not self.is_changed

    @property
    def words(self) -> str:
        return answer_in_words(self.question, self.theirs) if self.question.type is not engine.QuestionType.FILE else ""

    @property
    def file_names(self) -> tuple[str, ...]:
        return tuple(file.original_name for file in self.files)

    @property
    def current_words(self) -> str:
        return answer_in_words(self.question, self.current)

    @property
    def wording_diff(self) -> list[tuple[str, str]]:
        """(« same », « out » or « in », words) of the wording and of what is expected; empty where they are as they
        were."""
        now, then = (f"{each.wording} {each.asked}" for each in (self.question, self.earlier))
        return list(engine.word_differences(then, now)) if now != then else []

    @property
    def choices_in(self) -> list[str]:
        return _labels_apart(self.question, self.earlier)

    @property
    def choices_out(self) -> list[str]:
        return _labels_apart(self.earlier, self.question)


def _asked(question: engine.Question) -> tuple[object, ...]:
    choices = tuple((choice.value, choice.label) for choice in question.choices)
    return question.wording, question.asked, question.unit, choices


def _labels_apart(one: engine.Question, other: engine.Question) -> list[str]:
    there = {choice.label for choice in other.choices}
    return [choice.label for choice in one.choices if choice.label not in there]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """What may be taken up from one source, in the order of the edition; and what may not, each with why."""

    source: Dossier
    offered: tuple[Proposal, ...]
    left: tuple[tuple[engine.Question, str], ...]

    @property
    def ticked(self) -> int:
        return sum(each.is_ticked for each in self.offered)


def reuse_from(source: Dossier, filing: Filing, user: User) -> Reuse:
    """Compare two dossiers. Three queries, once both editions are compiled. The caller has checked that the person
    sees the source and may fill the dossier."""
    copy = working_copy(source)
    held = {file.pk for state in copy.states.values() for file in state.files}
    # The latest versions only: one that was replaced proves nothing any more.
    joinable = versions_to_choose(user, filing.dossier).filter(pk__in=held)
    usable = {each.pk for each in joinable if each.is_readable and not each.document.is_expired}
    return compare(source, copy, filing, usable=usable)


def compare(source: Dossier, copy: Copy, filing: Filing, *, usable: Collection[int]) -> Reuse:
    """The same, over what was read. Pure. `usable`: identifiers of the document versions that may be joined here."""
    questions = filing.working.definition.questions
    candidates: dict[str, Proposal] = {}
    refused: dict[str, str] = {}
    for key, earlier, theirs in _answered(copy, filing.today):
        if (question := questions.get(key)) is None:
            continue
        current = filing.working.state(key)
        files = _files_to_join(question, theirs, current, usable)
        if reason := _why_not(question, earlier, theirs, files):
            refused[key] = reason
        elif files or not _says_the_same(theirs, current):
            candidates[key] = Proposal(question=question, earlier=earlier, theirs=theirs, current=current, files=files)
    open_then = open_keys_once_taken(filing, candidates)
    return Reuse(
        source=source,
        offered=tuple(candidates[key] for key in questions if key in candidates and key in open_then),
        left=tuple((questions[key], refused[key]) for key in questions if key in refused and key in open_then),
    )


def open_keys_once_taken(filing: Filing, candidates: dict[str, Proposal]) -> frozenset[str]:
    """What would be open once the answers that are ticked at first are taken up: some reveal others."""
    taken: set[str] = set()
    while True:
        open_now = policies.open_keys(filing)
        new = {key for key in open_now - taken if key in candidates and candidates[key].is_ticked}
        if not new:
            return open_now
        taken |= new
        for key in new:
            filing = filing.with_answer(key, candidates[key].theirs)


def _answered(copy: Copy, today: date) -> Iterator[tuple[str, engine.Question, AnswerState]]:
    """What the source says. A hidden answer counts for nothing there: it is not proposed elsewhere."""
    for key, result in copy.evaluate(today).questions.items():
        if result.state in {engine.State.ANSWERED, engine.State.NOT_APPLICABLE}:
            yield key, copy.definition.questions[key], copy.state(key)


def _files_to_join(
    question: engine.Question, theirs: AnswerState, current: AnswerState, usable: Collection[int]
) -> tuple[HeldFile, ...]:
    joined: list[HeldFile] = []
    for file in theirs.files:
        there = [*current.files, *joined]
        is_there = file.pk in {each.pk for each in there}
        if file.pk in usable and not is_there and not refusal_of_file(question, file.original_name, there=there):
            joined.append(file)
    return tuple(joined)


def _why_not(
    question: engine.Question, earlier: engine.Question, theirs: AnswerState, files: tuple[HeldFile, ...]
) -> str:
    """Why an answer cannot be taken up; blank when it can."""
    if question.type is not earlier.type:
        return _("la question demande maintenant une autre sorte de réponse")
    if theirs.not_applicable and not question.allows_not_applicable:
        return _("la question ne peut plus être déclarée non applicable")
    if question.type is engine.QuestionType.FILE:
        gone = _("son fichier a été remplacé, n’est plus valable, ou ne peut pas être joint ici")
        return "" if files or theirs.not_applicable else gone
    try:
        engine.parse_value(question, theirs.value)
    except engine.InvalidAnswer:
        return _("la réponse donnée ne fait plus partie des choix")
    return ""


def _says_the_same(theirs: AnswerState, current: AnswerState) -> bool:
    return (theirs.value, theirs.not_applicable, theirs.reason, theirs.comment) == (
        current.value,
        current.not_applicable,
        current.reason,
        current.comment,
    )
