"""Give a role of the State's side to somebody, or take it back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import StaffRole, User
from accounts.operations.staff import MemberOfPublisher, give_staff_role, take_staff_role


class Command(BaseCommand):
    help = "Donne ou retire un rôle d’agent : staff_role give adresse@exemple.fr reviewer. Voir docs/roles.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["give", "take"])
        parser.add_argument("email")
        parser.add_argument("role", choices=StaffRole.values)

    def handle(self, *args: Any, **options: Any) -> None:
        giving = options["what"] == "give"
        known = User.objects.filter(email__iexact=options["email"])
        # A role is taken from a closed account too: it would open with it again.
        user = (known.filter(is_active=True) if giving else known).first()
        if user is None:
            raise CommandError("Aucun compte ouvert à cette adresse : la personne crée d’abord son compte.")
        role = StaffRole(options["role"])
        change = give_staff_role if giving else take_staff_role
        try:
            change(user, role, by=None)
        except MemberOfPublisher as error:
            raise CommandError("Cette personne fait partie d’un éditeur : elle le quitte d’abord.") from error
        roles = ", ".join(sorted(User.objects.get(pk=user.pk).staff_roles)) or "aucun"
        self.stdout.write(self.style.SUCCESS(f"Rôles de {user.email} : {roles}."))
