"""Account requests, to read: they are decided on their own page."""

from django.contrib import admin

from audit.admin import ReadOnlyAdmin
from enrolment.models import AccountRequest


@admin.register(AccountRequest)
class AccountRequestAdmin(ReadOnlyAdmin):
    list_display = ["legal_name", "siren", "state", "state_since", "requester"]
    list_filter = ["state"]
    list_select_related = ["requester"]
    search_fields = ["legal_name", "siren", "requester__email"]
    fields = [
        "requester",
        "siren",
        "legal_name",
        "state",
        "state_since",
        "signatory_name",
        "signatory_role",
        "decided_by",
    ]
