"""Signing up, as the diagnostic sees it: its conclusion follows its author into the account.

Here and not in `accounts`, which stands below the diagnostic and does not know it.
"""

import uuid
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest

from accounts.adapter import AccountAdapter
from accounts.models import User
from assessments.operations.diagnostics import claim_diagnostic

# The session's key for the token of the diagnostic that a visitor wants to keep.
DIAGNOSTIC_TO_KEEP = "diagnostic_to_keep"


class DiagnosticKeepingAdapter(AccountAdapter):
    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> User:
        """Claim at once, not after the address is confirmed: that may happen in another browser."""
        person = super().save_user(request, user, form, commit)
        token = request.session.pop(DIAGNOSTIC_TO_KEEP, None)
        if commit and token is not None:
            claim_diagnostic(uuid.UUID(token), person)
        return person
