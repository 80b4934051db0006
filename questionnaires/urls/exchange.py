"""Addresses of what comes in and goes out as files: they stand among the editor's."""

from django.urls import path

from questionnaires.exports import ExportFormat
from questionnaires.views import exchange

VERSION = "versions/<str:code>/<str:number>/"

urlpatterns = [
    path("importer/", exchange.bring, name="import"),
    path("importer/modele.xlsx", exchange.template, name="import-template"),
    path("importer/<int:waiting_id>/", exchange.confirm, name="import-confirm"),
    path(f"{VERSION}exporter/", exchange.export, name="export"),
    path(
        f"{VERSION}exporter/questionnaire.yaml",
        exchange.export_file,
        {"taken_as": ExportFormat.YAML},
        name="export-yaml",
    ),
    path(
        f"{VERSION}exporter/questionnaire.xlsx",
        exchange.export_file,
        {"taken_as": ExportFormat.WORKBOOK},
        name="export-workbook",
    ),
    path(
        f"{VERSION}exporter/questionnaire.fhir.json",
        exchange.export_file,
        {"taken_as": ExportFormat.FHIR},
        name="export-fhir",
    ),
]
