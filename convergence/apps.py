from django.apps import AppConfig
from django.core.checks import Tags, register

from convergence.checks import fit_for_production


class ConvergenceConfig(AppConfig):
    name = "convergence"

    def ready(self) -> None:
        register(fit_for_production, Tags.security, deploy=True)
