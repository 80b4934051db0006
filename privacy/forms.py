"""What a person confirms before their account is erased."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ui.forms import PortalForm


class CloseAccountForm(PortalForm):
    email = forms.EmailField(
        label=_("Votre adresse électronique"),
        help_text=_("Pour être sûr que c’est bien ce compte que vous fermez."),
        error_messages={"required": _("Saisissez l’adresse du compte que vous fermez.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        if typed.strip().lower() != self.user.email.lower():
            raise forms.ValidationError(
                _("Ce n’est pas l’adresse de ce compte : saisissez %(email)s.") % {"email": self.user.email}
            )
        return typed
