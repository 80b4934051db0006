"""A version in the formats that people take away. What is published is written once per process."""

import json
from enum import StrEnum
from functools import lru_cache

from questionnaires import engine, models
from questionnaires.exchange.fhir import questionnaire_resource
from questionnaires.exchange.workbook_writing import write_workbook
from questionnaires.exchange.yaml_text import questionnaire_yaml
from questionnaires.models import PublicationStatus
from questionnaires.queries import read_edition
from questionnaires.rows import read_version

FHIR_STATUS = {
    PublicationStatus.DRAFT: "draft",
    PublicationStatus.PUBLISHED: "active",
    PublicationStatus.RETIRED: "retired",
}


class ExportFormat(StrEnum):
    """Each by the end of its files' names."""

    YAML = "yaml"
    WORKBOOK = "xlsx"
    FHIR = "fhir.json"


def exported(version: models.Version, taken_as: ExportFormat) -> bytes:
    """The file. Raises workbook_writing.TooLongForCell."""
    if version.status == PublicationStatus.DRAFT:
        return _written(version, taken_as)
    return _written_once(version.pk, version.status, taken_as)


@lru_cache(maxsize=24)
def _written_once(version_id: int, _status: str, taken_as: ExportFormat) -> bytes:
    version = models.Version.objects.select_related("questionnaire").get(pk=version_id)
    return _written(version, taken_as)


def _written(version: models.Version, taken_as: ExportFormat) -> bytes:
    content = read_version(version)
    match taken_as:
        case ExportFormat.YAML:
            return questionnaire_yaml(content, version.source).encode()
        case ExportFormat.WORKBOOK:
            return write_workbook(content)
    around = _surroundings(version)
    resource = questionnaire_resource(
        content,
        flags=around.flags,
        others=around.questionnaires,
        status=FHIR_STATUS[PublicationStatus(version.status)],
        published_on=version.published_at.date() if version.published_at else None,
    )
    return json.dumps(resource, ensure_ascii=False, indent=2).encode()


def _surroundings(version: models.Version) -> engine.Edition:
    """What the conditions of a version cite: the flags and questions of the newest edition that holds it. Around what
    is published, nothing of a draft is told."""
    editions = version.editions.order_by("-pk")
    if version.status != PublicationStatus.DRAFT:
        editions = editions.exclude(status=PublicationStatus.DRAFT)
    edition = editions.first()
    return read_edition(edition) if edition else engine.Edition(code="")
