"""What happened, to read; and the base of every admin page where nothing is written."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from audit.exports import csv_of
from audit.models import Event
from audit.operations import note_export
from audit.verbs import sentence_of

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline


class KeptAdmin(ModelAdmin):
    """Rows that are never deleted through the admin, by anybody."""

    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django looks for the row before the right to read it: no number would tell whether it was given."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnlyAdmin(KeptAdmin):
    """Rows that the admin shows and never writes: their changes are the portal's operations."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    """Related rows, shown below and never written."""

    extra = 0
    can_delete = False
    view_on_site = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor", "acting_as", "sentence", "object_type", "object_id", "publisher_id", "address"]
    list_filter = ["verb", "object_type", ("at", admin.DateFieldListFilter)]
    list_select_related = ["actor"]
    search_fields = [
        "=object_id",
        "=request_id",
        "=publisher_id",
        "=data__dossier",
        "verb",
        "actor__email",
        "actor__full_name",
    ]
    search_help_text = _("Nom ou adresse de la personne, numéro de dossier, d’objet, d’éditeur ou de requête, action.")
    fields = [
        "at",
        "actor",
        "acting_as",
        "sentence",
        "verb",
        "object_type",
        "object_id",
        "publisher_id",
        "data",
        "request_id",
        "address",
    ]
    readonly_fields = ["at", "sentence"]
    show_full_result_count = False  # the table only grows
    list_per_page = 50
    change_list_template = "audit/event_list.html"

    @admin.display(description=_("quoi"), ordering="verb")
    def sentence(self, event: Event) -> str:
        return sentence_of(event.verb)

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        return [path("export.csv", export, name="audit_event_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows now, filters and search included, as CSV. Exporting is itself an event."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            events = self.get_changelist_instance(request).get_queryset(request).order_by("-pk")
        except IncorrectLookupParameters:
            # As the list itself does with a filter that means nothing.
            return redirect(f"{reverse('admin:audit_event_changelist')}?{ERROR_FLAG}=1")
        note_export(by=request.user, filters=[name for name, value in request.GET.items() if value])
        response = StreamingHttpResponse(
            csv_of(events.iterator(chunk_size=1_000)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = 'attachment; filename="journal.csv"'
        return response
