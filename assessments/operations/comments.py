"""What the team says among itself about a question: write, correct, delete, settle. No reviewer ever reads it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessments import mentions
from assessments.models import Dossier, Mention, TeamComment
from assessments.operations.answers import lock_dossier
from assessments.overviews import theme_url
from assessments.sections import section_of_key
from assessments.teams import members_of
from audit.operations import record
from notifications.operations import notify
from questionnaires.queries import published


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A comment, whom it told, and the calls in it that name nobody, as typed."""

    comment: TeamComment
    told: tuple[User, ...] = ()
    unknown: tuple[str, ...] = ()


@transaction.atomic
def write_comment(*, dossier: Dossier, key: str, text: str, by: User) -> Written:
    """Add to the thread of a question; whoever is called by name is told, and whoever takes part in the thread.

    `text` is not blank. The caller has checked `policies.can_fill`, and that the question exists.
    """
    dossier = lock_dossier(dossier)
    question = published(dossier.edition).question_ids[key]
    people = _people(dossier)
    words, called = mentions.stored(text, _names(people))
    thread = TeamComment.objects.filter(dossier=dossier, question=question, deleted_at=None)
    taking_part = set(thread.values_list("author", flat=True))
    comment = TeamComment.objects.create(
        dossier=dossier, question_id=question, author=by, text=words, written_at=timezone.now()
    )
    Mention.objects.bulk_create(Mention(comment=comment, person_id=person) for person in sorted(called))
    # Its words stay out of the trail, which lasts longer than the comment.
    record("comment.written", dossier, by=by, **_which(dossier, key))
    called_now = [people[person] for person in sorted(called - {by.pk})]
    in_thread = [people[person] for person in sorted((taking_part & people.keys()) - called - {by.pk})]
    _tell_called(comment, dossier, key, called_now)
    _tell_thread(comment, dossier, key, in_thread)
    return Written(comment=comment, told=(*called_now, *in_thread), unknown=mentions.calls_of_nobody(words))


@transaction.atomic
def edit_comment(comment: TeamComment, *, text: str, by: User) -> Written:
    """Change one's own words; whoever is newly called by name is told. Deleted meanwhile, nothing happens.

    `text` is not blank. The caller has checked that `by` wrote it.
    """
    dossier, key = lock_dossier(comment.dossier), comment.question.key
    comment = TeamComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    people = _people(dossier)
    before = set(comment.mentions.values_list("person", flat=True))
    # Whoever has left the team stays called where they were.
    known = {each.pk: str(each) for each in User.objects.filter(pk__in=before)} | _names(people)
    words, called = mentions.stored(text, known)
    if comment.deleted_at is not None or words == comment.text:
        return Written(comment=comment)
    comment.text, comment.edited_at = words, timezone.now()
    comment.save(update_fields=["text", "edited_at"])
    comment.mentions.exclude(person__in=called).delete()
    Mention.objects.bulk_create(Mention(comment=comment, person_id=person) for person in sorted(called - before))
    record("comment.edited", dossier, by=by, **_which(dossier, key))
    called_now = [people[person] for person in sorted((called - before - {by.pk}) & people.keys())]
    _tell_called(comment, dossier, key, called_now)
    return Written(comment=comment, told=tuple(called_now), unknown=mentions.calls_of_nobody(words))


@transaction.atomic
def delete_comment(comment: TeamComment, *, by: User) -> None:
    """Take one's own words away for good: only that there were some stays. Twice is once.

    The caller has checked that `by` wrote it.
    """
    dossier, key = lock_dossier(comment.dossier), comment.question.key
    if TeamComment.objects.filter(pk=comment.pk, deleted_at=None).update(text="", deleted_at=timezone.now()):
        Mention.objects.filter(comment=comment).delete()
        record("comment.deleted", dossier, by=by, **_which(dossier, key))


@transaction.atomic
def settle_comment(comment: TeamComment, *, settled: bool, by: User) -> None:
    """Say that a comment is dealt with, or that it is not after all. The same again changes nothing."""
    dossier, key = lock_dossier(comment.dossier), comment.question.key
    standing = TeamComment.objects.filter(pk=comment.pk, deleted_at=None, settled_at__isnull=settled)
    values = {"settled_at": timezone.now(), "settled_by": by} if settled else {"settled_at": None, "settled_by": None}
    if standing.update(**values):
        record("comment.settled" if settled else "comment.reopened", dossier, by=by, **_which(dossier, key))


def comment_url(dossier: Dossier, key: str) -> str:
    """Where the thread of a question is opened."""
    place = section_of_key(published(dossier.edition).definition, key)
    assert place is not None  # the orientation has no thread
    return f"{theme_url(dossier, *place)}#equipe-{key}"


def _people(dossier: Dossier) -> dict[int, User]:
    return {member.user_id: member.user for member in members_of(dossier)}


def _names(people: dict[int, User]) -> dict[int, str]:
    return {pk: str(user) for pk, user in people.items()}


def _which(dossier: Dossier, key: str) -> dict[str, Any]:
    return {"publisher": dossier.publisher_id, "dossier": dossier.number, "question": key}


def _tell_called(comment: TeamComment, dossier: Dossier, key: str, people: Collection[User]) -> None:
    words = {"who": comment.author, "key": key, "number": dossier.number, "product": dossier.product.name}
    notify(
        people,
        subject=_("Dossier %(number)s : on vous mentionne à propos de %(key)s") % words,
        body=_("%(who)s vous mentionne à propos de %(key)s, dans le dossier %(number)s (%(product)s).") % words,
        path=comment_url(dossier, key),
        about=comment.author,
        in_app=True,
    )


def _tell_thread(comment: TeamComment, dossier: Dossier, key: str, people: Collection[User]) -> None:
    words = {"who": comment.author, "key": key, "number": dossier.number, "product": dossier.product.name}
    notify(
        people,
        subject=_("Dossier %(number)s : un nouveau commentaire sur %(key)s") % words,
        body=_("%(who)s a écrit à la suite de votre commentaire sur %(key)s, dans le dossier %(number)s (%(product)s).")
        % words,
        path=comment_url(dossier, key),
        about=comment.author,
        in_app=True,
    )
