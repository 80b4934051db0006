"""A person's own account: made, corrected."""

from django.db import transaction

from accounts.models import User
from accounts.operations.teams import forget_roles
from audit.operations import record


def note_creation(person: User) -> None:
    """Trace a new account."""
    record("account.created", person, by=person)
    # Read to write the event; allauth puts the person in the session, which takes JSON only.
    forget_roles(person)


@transaction.atomic
def rename(user: User, *, full_name: str, by: User) -> User:
    """Correct a name. The trail keeps that it changed, and neither the former nor the new one."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.full_name != full_name:
        user.full_name = full_name
        user.save(update_fields=["full_name"])
        record("account.renamed", user, by=by)
    return user
