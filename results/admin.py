"""Sealed results and their reports: to read, by their references. Their content is read in the portal."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin, ReadOnlyInline
from results.models import Report, Result


class ReportInline(ReadOnlyInline):
    model = Report
    fields = ["rendered_at", "sha256"]


@admin.register(Result)
class ResultAdmin(ReadOnlyAdmin):
    list_display = ["dossier", "content_hash", "sealed_at", "sealed_by"]
    list_filter = [("sealed_at", admin.DateFieldListFilter)]
    list_select_related = ["dossier", "sealed_by"]
    search_fields = ["dossier__number", "dossier__product__name", "content_hash"]
    fields = ["dossier", "submission", "content_hash", "sealed_at", "sealed_by"]
    inlines = [ReportInline]
