"""Work asked for, under way, done or failed: to read."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["task", "subject_id", "state", "progress", "attempts", "created_at", "alive_at"]
    list_filter = ["state", "task"]
    search_fields = ["=subject_id", "error"]
    show_full_result_count = False
    list_per_page = 50
