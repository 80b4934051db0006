"""Dossiers over the real edition, and a browser of the contributor."""

from tests.assessments.conftest import blank_dossier, dossier, edition, new_dossier, new_file
from tests.dossiers.conftest import filler

__all__ = ["blank_dossier", "dossier", "edition", "filler", "new_dossier", "new_file"]
