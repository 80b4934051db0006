"""One's own account."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import NameForm
from accounts.operations.people import rename
from accounts.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def account_home(request: SignedInRequest) -> HttpResponse:
    """Everything that concerns one's own account, one's name to correct, and what is worth doing for its safety."""
    form = NameForm(request.POST or None, initial={"full_name": request.user.full_name})
    if request.method == "POST" and form.is_valid():
        rename(request.user, full_name=form.cleaned_data["full_name"], by=request.user)
        messages.success(request, _("Votre nom est enregistré."))
        return redirect("account_home")
    secured = is_mfa_enabled(request.user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
    return render(request, "account/home.html", {"secured": secured, "form": form})
