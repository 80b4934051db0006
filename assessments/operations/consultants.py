"""Open a dossier to a consultant, and shut it."""

from collections.abc import Collection

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.operations.teams import lock
from assessments.models import Consultation, Dossier
from audit.operations import record
from notifications.operations import notify


class NotTheirs(Exception):
    """A dossier of another publisher than the consultant's membership, or a membership that is no consultant's."""


@transaction.atomic
def grant_exactly(membership: Membership, dossiers: Collection[Dossier], *, by: User) -> None:
    """Let the consultant read and fill these dossiers and no other of the publisher. Raises NotTheirs."""
    lock(membership.publisher)
    membership = Membership.objects.select_related("publisher", "user").get(pk=membership.pk)
    foreign = [each for each in dossiers if each.publisher_id != membership.publisher_id]
    if foreign or membership.role != Membership.Role.CONSULTANT:
        raise NotTheirs
    granted = {each.dossier_id: each for each in membership.consultations.select_related("dossier")}
    wanted = {dossier.pk: dossier for dossier in dossiers}
    of_whom = {"publisher": membership.publisher_id, "user": membership.user_id}
    for pk, consultation in granted.items():
        if pk not in wanted:
            consultation.delete()
            record("consultant.shut", membership, by=by, **of_whom, dossier=consultation.dossier.number)
    added = [dossier for pk, dossier in wanted.items() if pk not in granted]
    for dossier in added:
        Consultation.objects.create(dossier=dossier, membership=membership, granted_by=by)
        record("consultant.opened", membership, by=by, **of_whom, dossier=dossier.number)
    if added:
        _tell(membership, added)


def _tell(membership: Membership, added: Collection[Dossier]) -> None:
    assert membership.expires_at is not None
    numbers = ", ".join(dossier.number for dossier in added)
    notify(
        [membership.user],
        subject=_("%(publisher)s vous ouvre un dossier") % {"publisher": membership.publisher},
        body=_("Vous pouvez lire et remplir : %(numbers)s, jusqu’au %(day)s.")
        % {"numbers": numbers, "day": date_format(localtime(membership.expires_at), "j F Y")},
        path=reverse("dossiers:list"),
    )
