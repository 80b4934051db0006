"""Make a dossier follow a newer edition: everything at once, once, and nothing of the edition before is altered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assessments.filing import Filing
from assessments.models import (
    Answer,
    AnswerOrigin,
    AnswerRevision,
    Assessment,
    Attachment,
    Attribution,
    Dossier,
    Draft,
    EditionChange,
    Import,
    MergedOrigin,
    TeamComment,
)
from assessments.next_edition import MAY_FOLLOW, NextEdition
from assessments.operations.answers import lock_dossier
from assessments.operations.dossiers import AlreadyOpen, move
from audit.operations import record
from notifications.operations import notify
from questionnaires import engine
from questionnaires.models import Edition, Theme
from questionnaires.queries import editions_after


class NotNow(Exception):
    """What was filed is examined, or the dossier is over: its edition does not change."""


class NotANextEdition(Exception):
    """The dossier follows this edition already by another road, or it is not published, or not a later one."""


@transaction.atomic
def follow_edition(*, dossier: Dossier, edition: Edition, by: User) -> EditionChange:
    """Carry the working copy to `edition`, as its maps say. Doing it twice is doing it once.

    New assessments stand beside the old ones, which are never written again. Each answer that is carried says which
    one it repeats; what has no place any more stays readable where it was. Raises NotNow, NotANextEdition, and
    AlreadyOpen when the product has an open dossier under that edition. The caller has checked
    `policies.can_follow_edition`.
    """
    dossier = lock_dossier(dossier)
    done = EditionChange.objects.filter(dossier=dossier, to_edition=edition).first()
    if done is not None:
        return done
    if dossier.state not in MAY_FOLLOW:
        raise NotNow
    if edition not in editions_after(dossier.edition):
        raise NotANextEdition
    standing = Dossier.objects.open().filter(product=dossier.product_id, programme=dossier.programme, edition=edition)
    if (other := standing.first()) is not None:
        raise AlreadyOpen(other)
    plan = NextEdition(Filing(dossier), edition)
    change = EditionChange.objects.create(
        dossier=dossier, from_edition=dossier.edition, to_edition=edition, changed_at=timezone.now(), changed_by=by
    )
    _write(plan, change)
    # What was brought back speaks of the questions of before: its author has the file still, and is told.
    Import.objects.filter(dossier=dossier, imported_at=None).delete()
    dossier.edition = edition
    dossier.save(update_fields=["edition"])
    if dossier.state == Dossier.State.FILLING and plan.reopens_orientation:
        move(dossier, Dossier.State.ORIENTATION)
    _tell(plan, change)
    return change


def _write(plan: NextEdition, change: EditionChange) -> None:
    revisions, assessments = _revisions(plan), _assessments(plan, change)
    answers = _write_answers(plan, change, assessments, revisions)
    _write_origins(plan, answers, revisions)
    _write_files(plan, answers)
    _move_drafts(plan)
    _move_comments(plan)
    _move_attributions(plan)


def _revisions(plan: NextEdition) -> dict[str, int]:
    """The id of the revision that stands, by old question key."""
    states = plan.filing.working.states
    numbers = {state.answer_id: (key, state.revision) for key, state in states.items() if state.answer_id}
    rows = AnswerRevision.objects.filter(answer__in=numbers).values_list("answer_id", "number", "pk")
    return {numbers[answer][0]: pk for answer, number, pk in rows if numbers[answer][1] == number}


def _assessments(plan: NextEdition, change: EditionChange) -> dict[str, int]:
    """Set the old ones aside and open the new ones. Returns the assessment of each new question that moves."""
    dossier, old, new = plan.dossier, plan.filing.working.edition, plan.new
    left = [pk for code, pk in old.version_ids.items() if code not in plan.shared]
    dossier.assessments.filter(version__in=left).update(replaced_by=change)
    opened = Assessment.objects.bulk_create(
        Assessment(dossier=dossier, version_id=pk) for code, pk in new.version_ids.items() if code not in plan.shared
    )
    by_version = {each.version_id: each.pk for each in opened}
    return {
        question.key: by_version[new.version_ids[each.code]]
        for each in new.definition.edition.questionnaires
        if each.code not in plan.shared
        for question in each.questions()
    }


def _write_answers(
    plan: NextEdition, change: EditionChange, assessments: Mapping[str, int], old_revisions: Mapping[str, int]
) -> dict[str, AnswerRevision]:
    """One answer and one revision for each question that receives something; returns the revisions by key.

    What is kept as it was stays its author's, of the day it was written; what was changed on the way, whoever accepts.

    Numbers go on from those of before: a page that was opened under the earlier edition is told that it is stale.
    """
    content = {
        each.key: {
            "value": each.state.value,
            "not_applicable": each.state.not_applicable,
            "reason": each.state.reason,
            "comment": each.state.comment,
        }
        for each in plan.carriages
        if each.key in plan.after.states and _holds_an_answer(each.carried.held)
    }
    written = _written(plan, change, content, old_revisions)
    answers = Answer.objects.bulk_create(
        Answer(
            assessment_id=assessments[key],
            question_id=plan.new.question_ids[key],
            revision=plan.after.states[key].revision,
            updated_at=written[key][0],
            updated_by_id=written[key][1],
            **said,
        )
        for key, said in content.items()
    )
    revisions = AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer, number=answer.revision, saved_at=answer.updated_at, saved_by_id=answer.updated_by_id, **said
        )
        for answer, said in zip(answers, content.values(), strict=True)
    )
    return dict(zip(content, revisions, strict=True))


def _written(
    plan: NextEdition, change: EditionChange, keys: Iterable[str], old_revisions: Mapping[str, int]
) -> dict[str, tuple[datetime, int]]:
    """When, and by whom, each new answer was written."""
    old = AnswerRevision.objects.in_bulk(set(old_revisions.values()))
    found = {}
    for key in keys:
        carried = plan.carried.answers[key]
        sources = [old[old_revisions[source]] for source in carried.sources if source in old_revisions]
        if carried.fate is engine.Fate.KEPT and len(sources) == 1:
            found[key] = sources[0].saved_at, sources[0].saved_by_id
        else:
            found[key] = change.changed_at, change.changed_by_id
    return found


def _holds_an_answer(held: engine.Held) -> bool:
    """Somebody who sees to a question that holds nothing makes no answer."""
    return bool(held.states or held.reason or held.comment or held.evidence)


def _write_origins(plan: NextEdition, written: Mapping[str, AnswerRevision], revisions: Mapping[str, int]) -> None:
    """Each new revision points to the one that it says again, and to those that were gathered with it."""
    sources = {key: [source for source in plan.carried.answers[key].sources if source in revisions] for key in written}
    origins = AnswerOrigin.objects.bulk_create(
        _of_another_dossier(plan, key, revision)
        or AnswerOrigin(
            revision=revision,
            source_id=revisions[_first(plan.carried.answers[key], sources[key])],
            kind=AnswerOrigin.Kind.EDITION,
            to_read=plan.carried.answers[key].fate is engine.Fate.TO_RECONFIRM,
            why=plan.carried.answers[key].why,
        )
        for key, revision in written.items()
    )
    MergedOrigin.objects.bulk_create(
        MergedOrigin(origin=origin, source_id=revisions[source], differs=source in plan.carried.answers[key].rivals)
        for key, origin in zip(written, origins, strict=True)
        for source in sources[key]
        if origin.kind == AnswerOrigin.Kind.EDITION and revisions[source] != origin.source_id
    )


def _of_another_dossier(plan: NextEdition, key: str, revision: AnswerRevision) -> AnswerOrigin | None:
    """What was taken up from another dossier and is kept as it is still comes from there, until somebody reads it."""
    carried = plan.carried.answers[key]
    waiting = [plan.filing.origins[source] for source in carried.sources if source in plan.filing.origins]
    if carried.fate is not engine.Fate.KEPT or len(carried.sources) != 1 or not waiting:
        return None
    return AnswerOrigin(revision=revision, source_id=waiting[0].source_id, kind=AnswerOrigin.Kind.DOSSIER)


def _first(carried: engine.CarriedAnswer, sources: list[str]) -> str:
    """The one whose answer is proposed."""
    return next((source for source in sources if source not in carried.rivals), sources[0])


def _write_files(plan: NextEdition, written: Mapping[str, AnswerRevision]) -> None:
    """The same files, joined when and by whom they were."""
    rows = [
        (revision.answer_id, was)
        for key, revision in written.items()
        for was in _attachments(plan, plan.carried.answers[key].sources)
    ]
    created = Attachment.objects.bulk_create(
        Attachment(answer_id=answer, document_version_id=was.document_version_id, attached_by_id=was.attached_by_id)
        for answer, was in rows
    )
    for each, (_answer, was) in zip(created, rows, strict=True):
        each.attached_at = was.attached_at
    Attachment.objects.bulk_update(created, ["attached_at"])


def _attachments(plan: NextEdition, keys: Sequence[str]) -> Iterable[Attachment]:
    """The files of these old questions, each once."""
    found: dict[int, Attachment] = {}
    for key in keys:
        for each in plan.filing.attachments.get(key, ()):
            found.setdefault(each.document_version_id, each)
    return found.values()


def _move_drafts(plan: NextEdition) -> None:
    """What somebody typed and has not saved goes on under the new question, unless they have words there already."""
    taken: set[tuple[str, int]] = set()
    keys = plan.filing.working.edition.keys
    for draft in Draft.objects.filter(dossier=plan.dossier, question__in=list(keys)).order_by("pk"):
        key = keys[draft.question_id]
        target = plan.target_of(key)
        if target not in plan.moved_keys or (target, draft.author_id) in taken:
            continue
        taken.add((target, draft.author_id))
        was, now = plan.filing.working.state(key).revision, plan.after.state(target).revision
        draft.question_id = plan.new.question_ids[target]
        # In conflict before, in conflict after.
        draft.base_revision = now if draft.base_revision == was else 0
        draft.save(update_fields=["question", "base_revision"])


def _move_comments(plan: NextEdition) -> None:
    """The team's talk about a question goes on where the question does."""
    ids = plan.filing.working.edition.question_ids
    for key in plan.filing.working.definition.questions:
        target = plan.target_of(key)
        if target is not None and target in plan.moved_keys:
            TeamComment.objects.filter(dossier=plan.dossier, question=ids[key]).update(
                question=plan.new.question_ids[target]
            )


def _move_attributions(plan: NextEdition) -> None:
    """Whoever saw to a question or a theme sees to what it has become."""
    rows = list(Attribution.objects.filter(dossier=plan.dossier).select_related("theme", "theme__version"))
    old, new = plan.filing.working.edition, plan.new
    themes = dict(Theme.objects.filter(version__in=new.version_ids.values()).values_list("code", "pk"))
    held = {old.keys[row.question_id]: row for row in rows if row.question_id and row.question_id in old.keys}
    for row in rows:
        if row.theme is not None and row.theme.code in themes and row.theme_id != themes[row.theme.code]:
            row.theme_id = themes[row.theme.code]
            row.save(update_fields=["theme"])
    for target, each in plan.carried.answers.items():
        theirs = [held[source] for source in each.sources if source in held]
        if theirs and target in plan.moved_keys:
            row = theirs[0]
            Attribution.objects.create(
                dossier=plan.dossier,
                question_id=new.question_ids[target],
                membership_id=row.membership_id,
                due_on=row.due_on,
                attributed_at=row.attributed_at,
                attributed_by_id=row.attributed_by_id,
            )


def _tell(plan: NextEdition, change: EditionChange) -> None:
    dossier, to_read = plan.dossier, len(plan.of(engine.Fate.TO_RECONFIRM))
    record(
        "dossier.edition_followed",
        dossier,
        by=change.changed_by,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        earlier=change.from_edition.code,
        edition=change.to_edition.code,
        left_behind=sorted({each.key for each in plan.carried.left_behind}),
    )
    words = {"number": dossier.number, "product": dossier.product.name, "edition": change.to_edition.title}
    body = ngettext(
        "Le dossier %(number)s (%(product)s) suit maintenant « %(edition)s » : %(count)d réponse est à relire.",
        "Le dossier %(number)s (%(product)s) suit maintenant « %(edition)s » : %(count)d réponses sont à relire.",
        to_read,
    )
    notify(
        [person for person in dossier.team() if person != change.changed_by],
        subject=_("Dossier %(number)s : nouvelle édition") % words,
        body=body % {**words, "count": to_read},
        path=dossier.get_absolute_url(),
        in_app=True,
    )
