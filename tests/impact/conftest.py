"""The dossiers over the real edition, for what is compared with them."""

from tests.assessments.conftest import dossier

__all__ = ["dossier"]
