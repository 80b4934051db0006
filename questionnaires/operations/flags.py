"""Write the flags of a draft edition: the named conditions that its questions read."""

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.operations import record
from questionnaires.models import Edition, Flag
from questionnaires.operations.drafts import lock_edition


class FlagGone(Exception):
    """The edition has no such flag any more."""


class FlagTaken(Exception):
    """Another flag of the edition has this name."""


class FlagEditedMeanwhile(Exception):
    """Somebody changed the flag after the person had opened it."""

    def __init__(self, current: Flag) -> None:
        super().__init__(current.name)
        self.current = current


@transaction.atomic
def add_flag(*, edition: Edition, name: str, meaning: str, condition: str, by: User) -> Flag:
    """Write a flag after the others. Raises NotADraft, FlagTaken."""
    edition = lock_edition(edition)
    last = edition.flags.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():
            flag = edition.flags.create(name=name, meaning=meaning, condition=condition, position=last + 1)
    except IntegrityError as error:
        raise FlagTaken from error
    record("flag.added", edition, by=by, flag=name)
    return flag


@transaction.atomic
def save_flag(*, edition: Edition, name: str, meaning: str, condition: str, base_revision: int, by: User) -> Flag:
    """Change what a flag means and when it is raised. Its name is read by conditions: it stays.

    Raises NotADraft, FlagGone, FlagEditedMeanwhile.
    """
    edition = lock_edition(edition)
    flag = edition.flags.filter(name=name).first()
    if flag is None:
        raise FlagGone
    if (flag.meaning, flag.condition) == (meaning, condition):
        return flag
    if flag.revision != base_revision:
        raise FlagEditedMeanwhile(flag)
    before = {"meaning": flag.meaning, "condition": flag.condition}
    flag.meaning, flag.condition = meaning, condition
    flag.revision += 1
    flag.save(update_fields=["meaning", "condition", "revision"])
    record("flag.saved", edition, by=by, flag=name, before=before)
    return flag


@transaction.atomic
def remove_flag(*, edition: Edition, name: str, by: User) -> None:
    """Remove a flag; conditions that still read it are told at once as wrong. Twice is once. Raises NotADraft."""
    edition = lock_edition(edition)
    flag = edition.flags.filter(name=name).first()
    if flag is None:
        return
    before = {"meaning": flag.meaning, "condition": flag.condition}
    flag.delete()
    record("flag.removed", edition, by=by, flag=name, before=before)
