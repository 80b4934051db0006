"""Dossiers that are filled, submitted or examined, over the real edition, in few queries.

    dossier = filled_dossier(product=product, by=contributor)            # can be submitted, without any gap
    dossier = filled_dossier(answers={"SEC-EXP-04": "non"})              # an honest « non »; None: left empty
    dossier = filled_dossier(not_applicable={"SEC-DEV-06": "Aucun audit à ce jour."})
    dossier = filled_dossier(everything=True)                            # every trait of a service: 200 answers
    fill(dossier, by=contributor)                                        # what is left of a dossier opened before
    dossier = submitted_dossier(...)                                     # the same arguments, then submitted
    examine(dossier, by=reviewer, refused=["SEC-GOV-02"])                # a verdict on each review item

What a person would do item by item (answers, files, verdicts) is written in bulk; the rest goes through the
operations. Questions that an answer reveals are filled too.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from assessments.answer_states import AnswerState, Copy, working_copy
from assessments.filing import Filing
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Assignment,
    Attachment,
    Dossier,
    Programme,
    Round,
    SubmissionItem,
    Verdict,
)
from assessments.operations.dossiers import move, open_dossier
from assessments.operations.replies import reply
from assessments.operations.reviews import unexamined
from assessments.operations.submissions import submit
from evidence.models import DocumentVersion
from products.models import Product, Variant
from questionnaires import engine
from questionnaires.engine import Choice, ChoiceRule, QuestionType, Scoring
from questionnaires.queries import published
from tests.assessments.editions import published_edition
from tests.evidence.factories import DocumentVersionFactory
from tests.evidence.samples import PDF
from tests.factories import ProductFactory, UserFactory

# What the orientation of an ordinary service answers « oui » to: it treats and hosts health data.
ORDINARY_TRAITS = frozenset({"ORI-DON-01", "ORI-DON-02"})
SENTENCE = "L’équipe décrit ici ce qu’elle fait, qui s’en occupe, à quel rythme et comment elle le vérifie. "
DOCUMENTS = ("Politique de sécurité", "Registre des traitements", "Attestation de conformité")


def filled_dossier(
    *,
    product: Product | None = None,
    by: User | None = None,
    programme: str = Programme.WITHOUT_EXCHANGE,
    answers: Mapping[str, object] | None = None,
    not_applicable: Mapping[str, str] | None = None,
    without_evidence: Collection[str] = (),
    everything: bool = False,
    state: str = Dossier.State.FILLING,
) -> Dossier:
    """A dossier whose shown questions all have an answer that earns the whole score, with clean files.

    `answers` are stored values by key, which win; `not_applicable` gives reasons by key, and leaves the value empty.
    With `everything`, the service has every trait and exchanges data; `product`, when given, keeps its own.
    """
    edition = published_edition()
    if everything:
        programme = Programme.WITH_EXCHANGE
        product = product or ProductFactory.create(platforms=list(Variant.Platform), device_class="IIa")
    product = product or ProductFactory.create()
    by = by or UserFactory.create()
    dossier = open_dossier(product=product, programme=programme, edition=edition, by=by)
    fill(
        dossier,
        by=by,
        answers=answers,
        not_applicable=not_applicable,
        without_evidence=without_evidence,
        everything=everything,
    )
    if state != dossier.state:
        move(dossier, state)
    return dossier


def fill(
    dossier: Dossier,
    *,
    by: User,
    answers: Mapping[str, object] | None = None,
    not_applicable: Mapping[str, str] | None = None,
    without_evidence: Collection[str] = (),
    everything: bool = False,
) -> None:
    """Answer the shown questions that nobody answered yet; the answers that stand are left as they are."""
    copy = _filled(
        working_copy(dossier),
        answers=answers or {},
        not_applicable=not_applicable or {},
        everything=everything,
        files=_documents(dossier.product, by),
        without_evidence=without_evidence,
    )
    _write(dossier, copy, by=by)


def submitted_dossier(*, by: User | None = None, **how: object) -> Dossier:
    """A filled dossier, handed over to the reviewers with all its gaps acknowledged. Arguments of `filled_dossier`."""
    by = by or UserFactory.create()
    dossier = filled_dossier(by=by, **how)  # type: ignore[arg-type]  # its own names and types
    return submit_again(dossier, by=by)


def submit_again(dossier: Dossier, *, by: User) -> Dossier:
    """Submit, with all the gaps acknowledged; what was sent back and left as it was is replied to first."""
    filing = Filing(dossier)
    for key in filing.unsettled:
        reply(dossier=dossier, key=key, text="Nous maintenons notre réponse.", by=by)
    gaps = filing.next_evaluation.unmet
    submit(dossier=dossier, by=by, acknowledged=frozenset(gaps))
    dossier.refresh_from_db()
    return dossier


def last_round(dossier: Dossier) -> Round:
    return Round.objects.select_related("submission", "review").filter(review__dossier=dossier).latest("number")


def item_of(dossier: Dossier, key: str) -> SubmissionItem:
    """The item of one question in the last submission."""
    return last_round(dossier).submission.items.get(question__key=key)


def examine(
    dossier: Dossier,
    *,
    by: User,
    refused: Collection[str] = (),
    asked: Collection[str] = (),
    but: Collection[str] = (),
) -> Round:
    """Judge each review item that has no verdict yet: accept it, unless its key is refused or asked about.

    The keys of `but` stay to be examined. Returns the round, not sent.
    """
    current = last_round(dossier)
    definition = published(dossier.edition).definition
    waiting = {item.question.key: item for item in unexamined(current, definition)}
    if unknown := {*refused, *asked, *but} - set(waiting):
        raise KeyError(f"No verdict is awaited on {', '.join(sorted(unknown))}.")
    Verdict.objects.bulk_create(
        Verdict(round=current, item=item, decided_at=timezone.now(), decided_by=by, **_verdict(key, refused, asked))
        for key, item in waiting.items()
        if key not in but
    )
    Assignment.objects.get_or_create(
        review=current.review, reviewer=by, defaults={"assigned_at": timezone.now(), "assigned_by": by}
    )
    if dossier.state == Dossier.State.SUBMITTED:
        move(dossier, Dossier.State.UNDER_REVIEW)
    return current


def _verdict(key: str, refused: Collection[str], asked: Collection[str]) -> dict[str, str]:
    if key in refused:
        return {
            "decision": Verdict.Decision.REFUSED,
            "reason": Verdict.Reason.INCOMPLETE,
            "text": "Il manque la page signée.",
        }
    if key in asked:
        return {"decision": Verdict.Decision.QUESTION, "text": "De quand date ce document ?"}
    return {"decision": Verdict.Decision.ACCEPTED}


# --- Choosing answers --------------------------------------------------------------------------


def best_value(question: engine.Question, today: date) -> object:
    """A value, as stored, that earns the best score; None for a file question."""
    match question.type:
        case QuestionType.FILE:
            return None
        case QuestionType.YES_NO | QuestionType.SINGLE_CHOICE:
            return max(question.choices, key=_share).value
        case QuestionType.MULTIPLE_CHOICE:
            return [choice.value for choice in _to_tick(question)]
        case QuestionType.NUMBER:
            return str(max(_numbers(question), key=lambda number: engine.score_answer(question, number, today)))
        case QuestionType.DATE:
            return (today + timedelta(days=400 if question.not_before_today else -20)).isoformat()
        case _:
            return _text(question)


def _share(choice: Choice) -> Decimal:
    return choice.score if choice.score is not None else Decimal(choice.value == "oui")


def _to_tick(question: engine.Question) -> list[Choice]:
    allowed = [choice for choice in question.choices if choice.rule is not ChoiceRule.FORBIDDEN]
    if question.scoring is Scoring.MIN:
        best = max(_share(choice) for choice in allowed)
        return [choice for choice in allowed if _share(choice) == best]
    # « Aucun » earns nothing and contradicts the rest.
    return [choice for choice in allowed if choice.score != 0 or choice.rule is not ChoiceRule.FREE]


def _numbers(question: engine.Question) -> list[Decimal]:
    bounds = [question.minimum, question.maximum]
    for threshold in question.thresholds:
        bounds += [threshold.low, threshold.high]
    return sorted({bound for bound in bounds if bound is not None} | {Decimal(1)})


def _text(question: engine.Question) -> str:
    long_enough = SENTENCE * (1 + (question.min_length or 0) // len(SENTENCE))
    return long_enough[: question.max_length].strip()


def _filled(
    copy: Copy,
    *,
    answers: Mapping[str, object],
    not_applicable: Mapping[str, str],
    everything: bool,
    files: tuple[DocumentVersion, ...],
    without_evidence: Collection[str],
) -> Copy:
    """Answer what is shown until nothing more appears."""
    today = timezone.localdate()
    given = {**_orientation(copy.definition, everything), **answers}
    while fresh := [key for key in _shown(copy, today) if key not in copy.states]:
        states = dict(copy.states)
        for key in fresh:
            question = copy.definition.questions[key]
            states[key] = AnswerState(
                value=_value(question, given, not_applicable, today),
                not_applicable=key in not_applicable,
                reason=not_applicable.get(key, ""),
                files=_proof(question, files) if key not in without_evidence else (),
            )
        copy = Copy(edition=copy.edition, programme=copy.programme, states=states)
    return copy


def _value(
    question: engine.Question, given: Mapping[str, object], not_applicable: Collection[str], today: date
) -> object:
    if question.key in given:
        return given[question.key]
    return None if question.key in not_applicable else best_value(question, today)


def _orientation(definition: engine.Definition, everything: bool) -> dict[str, object]:
    keys = [key for key, kind in definition.kinds.items() if kind is engine.Kind.ORIENTATION]
    return {key: "oui" if everything or key in ORDINARY_TRAITS else "non" for key in keys}


def _shown(copy: Copy, today: date) -> Iterable[str]:
    return (key for key, result in copy.evaluate(today).questions.items() if result.shown)


def _proof(question: engine.Question, files: tuple[DocumentVersion, ...]) -> tuple[DocumentVersion, ...]:
    if question.requires_evidence or question.type is QuestionType.FILE:
        return (files[sum(question.key.encode()) % len(files)],)
    return ()


# --- Writing them ------------------------------------------------------------------------------


def _documents(product: Product, by: User) -> tuple[DocumentVersion, ...]:
    """A few clean files of the publisher; the same ones for each of its dossiers."""
    standing = tuple(
        DocumentVersion.objects.filter(
            document__publisher=product.publisher, document__title__in=DOCUMENTS, state=DocumentVersion.State.CLEAN
        ).order_by("pk")
    )
    return standing or tuple(
        DocumentVersionFactory.create(
            clean=True,
            document__publisher=product.publisher,
            document__title=title,
            document__created_by=by,
            original_name=f"{title.lower().replace(' ', '-')}.pdf",
            media_type="application/pdf",
            content=PDF + title.encode(),
        )
        for title in DOCUMENTS
    )


def _write(dossier: Dossier, copy: Copy, *, by: User) -> None:
    """Answers at their first revision, and their attachments. What the product told already is left as it is."""
    assessments = dict(Assessment.objects.filter(dossier=dossier).values_list("version_id", "pk"))
    homes = {
        question.key: assessments[copy.edition.version_ids[questionnaire.code]]
        for questionnaire in copy.definition.edition.questionnaires
        for question in questionnaire.questions()
    }
    now = timezone.now()
    fresh = [key for key, state in copy.states.items() if state.revision == 0]
    rows = Answer.objects.bulk_create(
        Answer(
            assessment_id=homes[key],
            question_id=copy.edition.question_ids[key],
            revision=1,
            updated_at=now,
            updated_by=by,
            **_content(copy.state(key)),
        )
        for key in fresh
    )
    AnswerRevision.objects.bulk_create(
        AnswerRevision(answer=row, number=1, saved_at=now, saved_by=by, **_content(copy.state(key)))
        for key, row in zip(fresh, rows, strict=True)
    )
    Attachment.objects.bulk_create(
        Attachment(answer=row, document_version_id=file.pk, attached_by=by)
        for key, row in zip(fresh, rows, strict=True)
        for file in copy.state(key).files
    )


def _content(state: AnswerState) -> dict[str, object]:
    return {
        "value": state.value,
        "not_applicable": state.not_applicable,
        "reason": state.reason,
        "comment": state.comment,
    }
