"""Write the questions of a draft: each save is kept, two people who write at once lose nothing."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit.operations import record
from questionnaires import engine
from questionnaires.models import Question, QuestionDraft, QuestionRevision, Theme, Version
from questionnaires.operations.drafts import lock_version
from questionnaires.rows import create_question, read_question, write_question


class QuestionGone(Exception):
    """The version has no such question any more, or no such theme."""


class KeyTaken(Exception):
    """The key names a question already, here or in another version: it is for life."""


class EditedMeanwhile(Exception):
    """Somebody saved the question after the person had opened it, and both changed the same.

    `fields` names what both changed; `current` is the question as it stands, under `revision`, saved by `by`.
    `merged` is what the person wrote with what others changed elsewhere, under the names of `kept`: what to go on
    from, so that nothing of theirs goes unseen.
    """

    def __init__(self, *, current: engine.Question, merged: engine.Merged, revision: int, by: User | None) -> None:
        super().__init__(", ".join(merged.conflicts))
        self.current = current
        self.merged = merged.question
        self.revision = revision
        self.fields = merged.conflicts
        self.kept = merged.kept
        self.by = by


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a save did. `kept`: the fields that somebody else had changed meanwhile, and that stand beside."""

    revision: int
    is_changed: bool
    kept: tuple[str, ...] = ()


@transaction.atomic
def save_question(*, version: Version, content: engine.Question, base_revision: int, by: User) -> Saved:
    """Replace what the question says, and end the person's draft of it.

    Based on an older revision, what others changed since stays where this person did not change it.
    Raises EditedMeanwhile where both changed the same, NotADraft, QuestionGone.
    """
    version = lock_version(version)
    row = _question(version, content.key)
    current, kept = read_question(row), tuple[str, ...]()
    if base_revision != row.revision:
        merged = _merged(version, base_revision, content, current)
        if merged.conflicts:
            last = _revisions(version, content.key).select_related("saved_by").filter(number=row.revision).first()
            raise EditedMeanwhile(
                current=current, merged=merged, revision=row.revision, by=last.saved_by if last else None
            )
        content, kept = merged.question, merged.kept
    QuestionDraft.objects.filter(version=version, key=content.key, author=by).delete()
    return _write(version, row, current, content, kept=kept, by=by)


def _merged(version: Version, base_revision: int, content: engine.Question, current: engine.Question) -> engine.Merged:
    base = _content_of(version, content.key, base_revision)
    if base is None:
        # Written from nothing that we know: whatever differs might undo what somebody else did.
        return engine.Merged(question=content, conflicts=tuple(engine.changed_fields(current, content)))
    return engine.merge_questions(base, content, current)


def _write(
    version: Version,
    row: Question,
    current: engine.Question,
    content: engine.Question,
    *,
    kept: tuple[str, ...] = (),
    by: User,
) -> Saved:
    fields = engine.changed_fields(current, content)
    if not fields:
        return Saved(revision=row.revision, is_changed=False, kept=kept)
    _remember(version, row, current)
    row.revision += 1
    write_question(row, content)
    _keep_revision(version, row.revision, content, by=by)
    record("question.saved", version, by=by, question=row.key, revision=row.revision, fields=list(fields))
    return Saved(revision=row.revision, is_changed=True, kept=kept)


@transaction.atomic
def add_question(*, version: Version, theme: str, content: engine.Question, by: User) -> Question:
    """Write a new question at the end of a theme. Raises NotADraft, QuestionGone (no such theme), KeyTaken."""
    version = lock_version(version)
    named = Question.objects.filter(key=content.key).exists()
    if named or QuestionRevision.objects.filter(key=content.key).exists():
        raise KeyTaken
    row = _create(version, theme, content, by=by)
    record("question.added", version, by=by, question=row.key, theme=theme)
    return row


@transaction.atomic
def bring_back(*, version: Version, key: str, theme: str, by: User) -> Question:
    """Put a question that was taken out back, as it was then, at the end of a theme.

    Raises NotADraft, QuestionGone (it never was there, or no such theme), KeyTaken (it is there).
    """
    version = lock_version(version)
    if Question.objects.filter(theme__version=version, key=key).exists():
        raise KeyTaken
    last = _revisions(version, key).last()
    if last is None:
        raise QuestionGone
    row = _create(version, theme, engine.question_from_plain(last.content), by=by, revision=last.number + 1)
    record("question.brought_back", version, by=by, question=key, theme=theme)
    return row


@transaction.atomic
def restore_question(*, version: Version, key: str, number: int, by: User) -> Saved:
    """Make a question say again what it said at that revision: one more save, nothing is undone.

    What the person is typing of it stays: nobody gave it up. Raises NotADraft, QuestionGone (no such question, or no
    such revision).
    """
    version = lock_version(version)
    content = _content_of(version, key, number)
    if content is None:
        raise QuestionGone
    row = _question(version, key)
    return _write(version, row, read_question(row), content, by=by)


@transaction.atomic
def take_out(*, version: Version, key: str, by: User) -> None:
    """Take a question out of a draft. What it was stays, and can be brought back. Twice is once. Raises NotADraft."""
    version = lock_version(version)
    row = Question.objects.select_related("theme").filter(theme__version=version, key=key).first()
    if row is None:
        return
    _remember(version, row, read_question(row))
    left = row.theme
    row.delete()
    _close_ranks(left)
    record("question.taken_out", version, by=by, question=key)


@transaction.atomic
def move_question(*, version: Version, key: str, theme: str, before: str | None, by: User) -> None:
    """Put a question before another one of a theme, or at its end. Raises NotADraft, QuestionGone."""
    version = lock_version(version)
    row, target = _question(version, key), _theme(version, theme)
    others = list(target.questions.exclude(pk=row.pk))
    places = [other.key for other in others]
    if before is not None and before not in places:
        raise QuestionGone
    others.insert(len(others) if before is None else places.index(before), row)
    left, row.theme = row.theme, target
    for position, each in enumerate(others, start=1):
        each.position = position
    Question.objects.bulk_update(others, ["theme", "position"])
    if left != target:
        _close_ranks(left)
    record("question.moved", version, by=by, question=key, theme=theme, before=before or "")


def _close_ranks(theme: Theme) -> None:
    """Ranks count from one without a gap, whatever left the theme."""
    rows = list(theme.questions.all())
    for position, row in enumerate(rows, start=1):
        row.position = position
    Question.objects.bulk_update(rows, ["position"])


def _create(version: Version, theme: str, content: engine.Question, *, by: User, revision: int = 1) -> Question:
    target = _theme(version, theme)
    last = target.questions.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():
            row = create_question(target, last + 1, content)
    except IntegrityError as error:
        raise KeyTaken from error
    Question.objects.filter(pk=row.pk).update(revision=revision)
    row.revision = revision
    _keep_revision(version, revision, content, by=by)
    return row


def _question(version: Version, key: str) -> Question:
    try:
        return Question.objects.select_related("theme").get(theme__version=version, key=key)
    except Question.DoesNotExist:
        raise QuestionGone from None


def _theme(version: Version, code: str) -> Theme:
    try:
        return version.themes.get(code=code)
    except Theme.DoesNotExist:
        raise QuestionGone from None


def _revisions(version: Version, key: str) -> QuerySet[QuestionRevision]:
    return QuestionRevision.objects.filter(version=version, key=key)


def _content_of(version: Version, key: str, number: int) -> engine.Question | None:
    found = _revisions(version, key).filter(number=number).first()
    return engine.question_from_plain(found.content) if found else None


def _remember(version: Version, row: Question, current: engine.Question) -> None:
    """The question as the draft began with it is nobody's save, and what a file wrote over it since is not either:
    kept when it is about to change.
    """
    last = _revisions(version, row.key).last()
    if last is None:
        _keep_revision(version, row.revision, current, by=None)
    elif last.number != row.revision or engine.question_from_plain(last.content) != current:
        row.revision = last.number + 1
        _keep_revision(version, row.revision, current, by=None)


def _keep_revision(version: Version, number: int, content: engine.Question, *, by: User | None) -> None:
    QuestionRevision.objects.create(
        version=version,
        key=content.key,
        number=number,
        content=engine.question_as_plain(content),
        saved_at=timezone.now(),
        saved_by=by,
    )
