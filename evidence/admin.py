"""Documents and their versions: to read. Files themselves are only opened in the portal, which traces it."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.admin import ReadOnlyAdmin, ReadOnlyInline
from evidence.models import Document, DocumentVersion


class VersionInline(ReadOnlyInline):
    model = DocumentVersion
    fields = [
        "number",
        "original_name",
        "media_type",
        "size",
        "state",
        "refusal",
        "received_at",
        "received_from",
        "sha256",
    ]
    readonly_fields = ["received_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentVersion]:
        return super().get_queryset(request).select_related("received_from")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["title", "publisher", "created_at", "created_by"]
    list_filter = ["versions__state", ("created_at", admin.DateFieldListFilter)]
    list_select_related = ["publisher", "created_by"]
    search_fields = ["title", "publisher__legal_name", "versions__original_name", "=versions__sha256"]
    fields = ["title", "publisher", "created_at", "created_by"]
    inlines = [VersionInline]
