"""What the portal asks of allauth: our fields, our addresses, our sentences."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, ou choisissez un nouveau mot de passe."
        ),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel. Saisissez-le à nouveau."),
        "incorrect_password": _("Ce n’est pas votre mot de passe. Saisissez-le à nouveau."),
        "invalid_password_reset": _("Ce lien a déjà servi ou n’est plus valable. Demandez-en un nouveau."),
        "duplicate_email": _("Cette adresse est déjà associée à votre compte."),
        "too_many_login_attempts": _(
            "Trop d’essais ont échoué. Attendez cinq minutes, ou choisissez un nouveau mot de passe."
        ),
        "rate_limited": _("Vous avez fait trop de demandes en peu de temps. Attendez quelques minutes."),
        "unverified_primary_email": _("Confirmez d’abord cette adresse : un message vous y attend."),
        "cannot_remove_primary_email": _("C’est votre adresse principale. Choisissez-en d’abord une autre."),
    }

    def save_user(self, request: HttpRequest, user: Any, form: BaseForm, commit: bool = True) -> User:
        user.full_name = form.cleaned_data.get("full_name", "")
        person: User = super().save_user(request, user, form, commit)
        return person

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A new account has no publisher yet: that is what comes next."""
        return reverse("accounts:publisher-create")
