"""Make the groups of the State's side, with what each may do in Django's admin."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from accounts.models import StaffRole

# None may delete: what has served stays. Reviewers and GIE officers work in the portal, not in the admin.
PERMISSIONS: dict[StaffRole, Q | None] = {
    StaffRole.REVIEWER: None,
    StaffRole.REVIEW_LEAD: None,
    StaffRole.SUPPORT: None,
    StaffRole.GIE_OFFICER: None,
    StaffRole.EDITOR: Q(content_type__app_label="questionnaires")
    & (Q(codename__startswith="view_") | Q(codename__startswith="change_")),
    StaffRole.ADMINISTRATOR: Q(codename__startswith="view_")
    | Q(content_type__app_label__in=["accounts", "questionnaires"])
    & (Q(codename__startswith="add_") | Q(codename__startswith="change_")),
}


@transaction.atomic
def sync_roles() -> None:
    """Create what is missing, put the permissions back as they should be. Running it again changes nothing."""
    for role, condition in PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        permissions = Permission.objects.none() if condition is None else Permission.objects.filter(condition)
        group.permissions.set(permissions)


class Command(BaseCommand):
    help = "Crée les groupes des agents de l’État et leurs droits dans l’administration."

    def handle(self, *args: Any, **options: Any) -> None:
        sync_roles()
        self.stdout.write(self.style.SUCCESS(f"Groupes à jour : {', '.join(StaffRole.values)}."))
