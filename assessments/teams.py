"""Who works together on a dossier now."""

from django.db.models import Exists, OuterRef, Q

from accounts.models import Membership
from accounts.models import MembershipQuerySet as Memberships
from assessments.models import Consultation, Dossier


def members_of(dossier: Dossier) -> Memberships:
    """Whoever sees the dossier as its team does: the team, and the consultants to whom it is open. By name.

    Needs `product` loaded; gives `user` with each.
    """
    granted = Consultation.objects.filter(dossier=dossier, membership=OuterRef("pk"))
    seeing = Q(role__in=Membership.TEAM) | Exists(granted)
    members = Membership.objects.current().filter(seeing, publisher=dossier.publisher_id, user__is_active=True)
    return members.select_related("user").order_by("user__full_name", "pk")


def fillers_of(dossier: Dossier) -> Memberships:
    """Those of them who may answer, hence to whom something may be attributed."""
    return members_of(dossier).exclude(role=Membership.Role.READER)
