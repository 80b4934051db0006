"""The evidence application."""

from django.apps import AppConfig
from django.core.checks import register

from evidence.checks import scanner_is_configured, storage_is_private


class EvidenceConfig(AppConfig):
    name = "evidence"

    def ready(self) -> None:
        register(scanner_is_configured)
        register(storage_is_private)
