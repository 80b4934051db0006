"""Products: to read. Their publisher describes them in the portal."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin, ReadOnlyInline
from products.models import Product, Variant


class VariantInline(ReadOnlyInline):
    model = Variant
    fields = ["platform"]


@admin.register(Product)
class ProductAdmin(ReadOnlyAdmin):
    list_display = ["name", "reference", "publisher", "device_class", "created_at"]
    list_filter = ["device_class", "variants__platform"]
    list_select_related = ["publisher"]
    search_fields = ["name", "reference", "publisher__legal_name", "publisher__siren"]
    fields = [
        "name", "reference", "publisher", "description", "website", "device_class", "created_at", "created_by",
    ]  # fmt: skip
    inlines = [VariantInline]
