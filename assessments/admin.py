"""Dossiers, what was submitted, and reviews: to read. Answers and internal comments are not shown."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from assessments.models import Dossier, Review, Round, Submission
from audit.admin import ReadOnlyAdmin, ReadOnlyInline

SEARCHED = ["number", "product__name", "product__reference", "product__publisher__legal_name"]


class SubmissionInline(ReadOnlyInline):
    model = Submission
    fields = ["number", "submitted_at", "submitted_by", "acknowledged_gaps"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).select_related("submitted_by")


@admin.register(Dossier)
class DossierAdmin(ReadOnlyAdmin):
    list_display = ["number", "product", "publisher", "programme", "state", "state_since"]
    list_filter = ["state", "programme", "edition"]
    list_select_related = ["product__publisher"]
    search_fields = SEARCHED
    fields = [
        "number", "product", "publisher", "programme", "edition", "state", "state_since", "created_at", "created_by",
    ]  # fmt: skip
    readonly_fields = ["publisher"]
    inlines = [SubmissionInline]

    @admin.display(description=_("éditeur"), ordering="product__publisher__legal_name")
    def publisher(self, dossier: Dossier) -> str:
        return dossier.product.publisher.legal_name


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ["dossier", "number", "submitted_at", "submitted_by", "acknowledged_gaps"]
    list_filter = [("submitted_at", admin.DateFieldListFilter)]
    list_select_related = ["dossier", "submitted_by"]
    search_fields = [f"dossier__{path}" for path in SEARCHED]
    ordering = ["-submitted_at"]


class RoundInline(ReadOnlyInline):
    model = Round
    fields = ["number", "opened_at", "sent_at", "sent_by", "message"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Round]:
        return super().get_queryset(request).select_related("sent_by")


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ["dossier", "opened_at", "outcome", "closed_at", "closed_by"]
    list_filter = ["outcome", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["dossier", "closed_by"]
    search_fields = [f"dossier__{path}" for path in SEARCHED]
    inlines = [RoundInline]
