"""Print the code of the moment of a demonstration's staff."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.second_factors import NotADemonstration, demonstration_code


class Command(BaseCommand):
    help = "Affiche le code à usage unique du moment, commun aux agents de la démonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(demonstration_code())
        except NotADemonstration as error:
            raise CommandError("Ce portail n’est pas une démonstration : personne n’y connaît un secret.") from error
