"""`manage.py load_demonstration`: the demonstration's data, once, and its accounts, each time."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.models import Membership, StaffRole
from accounts.second_factors import DEMONSTRATION_SECRET
from convergence.demonstration.loading import NoEdition, OutsideDemonstration, is_loaded, load
from convergence.demonstration.people import PASSWORD
from convergence.demonstration.stories import People, read_people


class Command(BaseCommand):
    help = "Charge les données de démonstration, une fois, et écrit les comptes. Refusé hors démonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        people = read_people()
        try:
            if not settings.DEMONSTRATION:
                raise OutsideDemonstration
            if not is_loaded(people):
                load(people)
        except OutsideDemonstration:
            raise CommandError("Ces comptes ont un mot de passe public : seulement avec DEMONSTRATION=true.") from None
        except NoEdition:
            raise CommandError("L’édition en vigueur n’est pas publiée : lancez load_questionnaires.") from None
        for line in accounts(people):
            self.stdout.write(line)


def accounts(people: People) -> Iterator[str]:
    """The sign-in address, the password, then one line for each person."""
    yield ""
    yield f"Comptes de démonstration, sur {settings.SITE_URL}{reverse('account_login')}"
    yield f"Mot de passe de tous : {PASSWORD}"
    yield f"Second facteur des agents (clé pour l’application de codes) : {DEMONSTRATION_SECRET}"
    yield 'Sans application, le code du moment : make manage ARGS="second_factor_code"'
    yield ""
    for person in people.staff:
        yield _line(str(StaffRole(person.role).label), person.email, person.look_at)
    for company in people.companies:
        yield ""
        yield f"  {company.legal_name}"
        for person in company.team:
            yield _line(str(Membership.Role(person.role).label), person.email, person.look_at)
    yield ""
    yield "  À la porte"
    yield _line(str(Membership.Role.CONSULTANT.label), people.consultant.email, people.consultant.look_at)
    for request in people.requests:
        yield _line("Demande de compte", request.person.email, request.person.look_at)
    yield ""


def _line(role: str, email: str, look_at: str) -> str:
    return f"  {role:26} {email:32} {look_at}"
