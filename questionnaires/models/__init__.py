"""The questions: questionnaires, their versions, and the editions that tie versions together.

Rows are the editable form. At publication an edition is compiled to an immutable `Definition`
(`questionnaires.queries.published`), which is what every page and every evaluation reads.
"""

from questionnaires.models.content import Choice, Outcome, Part, Question, Theme, Threshold
from questionnaires.models.editing import QuestionDraft, QuestionRevision, Remark
from questionnaires.models.editions import Edition, EditionVersion, Flag
from questionnaires.models.imports import WaitingFile
from questionnaires.models.migration import (
    MigrationChoice,
    MigrationMap,
    MigrationMove,
    MigrationSource,
    MigrationTarget,
)
from questionnaires.models.publication import PublicationStatus
from questionnaires.models.versions import Questionnaire, Version

__all__ = [
    "Choice",
    "Edition",
    "EditionVersion",
    "Flag",
    "MigrationChoice",
    "MigrationMap",
    "MigrationMove",
    "MigrationSource",
    "MigrationTarget",
    "Outcome",
    "Part",
    "PublicationStatus",
    "Question",
    "QuestionDraft",
    "QuestionRevision",
    "Questionnaire",
    "Remark",
    "Theme",
    "Threshold",
    "Version",
    "WaitingFile",
]
