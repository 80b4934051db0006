"""What editors type and say before anything is saved: their drafts and their remarks."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.operations import record
from questionnaires.models import Question, QuestionDraft, QuestionRevision, Remark, Version
from questionnaires.operations.drafts import lock_version
from questionnaires.operations.questions import QuestionGone


@transaction.atomic
def keep_question_draft(
    *, version: Version, key: str, typed: Mapping[str, Sequence[str]], base_revision: int, by: User
) -> QuestionDraft:
    """Replace the person's draft of this question, exactly as typed: of one that was taken out too, to go on from
    when it comes back.

    Raises NotADraft, QuestionGone (the version never had it).
    """
    version = lock_version(version)
    is_there = Question.objects.filter(theme__version=version, key=key).exists()
    if not is_there and not QuestionRevision.objects.filter(version=version, key=key).exists():
        raise QuestionGone
    draft, _ = QuestionDraft.objects.update_or_create(
        version=version,
        key=key,
        author=by,
        defaults={
            "typed": {name: list(texts) for name, texts in typed.items()},
            "base_revision": base_revision,
            "saved_at": timezone.now(),
        },
    )
    return draft


def give_up_question_draft(*, version: Version, key: str, by: User) -> None:
    """The person gives up what they typed. Giving up twice is giving up once."""
    QuestionDraft.objects.filter(version=version, key=key, author=by).delete()


@transaction.atomic
def write_remark(*, version: Version, key: str, text: str, by: User) -> Remark:
    """Say something to the other editors about a question, or about the whole version when `key` is blank."""
    remark = Remark.objects.create(version=version, key=key, text=text, author=by)
    record("remark.written", version, by=by, question=key, remark=remark.pk)
    return remark


@transaction.atomic
def settle_remark(remark: Remark, *, by: User) -> Remark:
    """Nothing is left to do about it. Settling twice is settling once."""
    remark = Remark.objects.select_for_update().get(pk=remark.pk)
    if remark.settled_at is None:
        remark.settled_at, remark.settled_by = timezone.now(), by
        remark.save(update_fields=["settled_at", "settled_by"])
        record("remark.settled", remark.version, by=by, question=remark.key, remark=remark.pk)
    return remark
