"""What the retention rules did, to read. Archives of people are theirs: the admin does not show them."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from privacy.models import RetentionRun


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "counts"]
    fields = ["started_at", "counts"]
