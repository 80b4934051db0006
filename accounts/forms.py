"""Accounts and teams, as typed. The names of the first ones are fixed by settings.ACCOUNT_FORMS."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as second_factors
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social_forms
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.models import Membership, User
from accounts.names import validate_name
from accounts.second_factors import use_up
from notifications.models import MailPreference
from ui.forms import PortalForm

PASSWORD_HELP = _(
    "Douze caractères au moins. Une phrase que vous retenez vaut mieux qu’un mot compliqué ; "
    "ni votre nom ni votre adresse, ni un mot de passe courant."
)
EMAIL_HELP = _("Format attendu : prenom.nom@entreprise.fr")


class Words:
    """Our words over allauth's fields. The placeholders go: they vanish when one starts typing.

    Stands between PortalForm and allauth's form, so that the words are there when PortalForm looks.
    """

    labels: dict[str, Any] = {}
    help_texts: dict[str, Any] = {}
    required: dict[str, Any] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.error_messages["required"] = self.required.get(name, field.error_messages["required"])
            field.widget.attrs.pop("placeholder", None)


REQUIRED = {
    "full_name": _("Saisissez votre prénom et votre nom."),
    "login": _("Saisissez l’adresse de votre compte."),
    "email": _("Saisissez une adresse électronique."),
    "password": _("Saisissez votre mot de passe."),
    "oldpassword": _("Saisissez votre mot de passe actuel."),
    "password1": _("Saisissez le mot de passe que vous choisissez."),
    "password2": _("Saisissez une seconde fois le même mot de passe."),
}


class SignInForm(PortalForm, Words, allauth_forms.LoginForm):
    labels = {"login": _("Adresse électronique"), "password": _("Mot de passe"), "remember": _("Rester connecté")}
    help_texts = {"login": EMAIL_HELP, "remember": _("Ne cochez pas cette case sur un poste partagé.")}
    required = REQUIRED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A password manager looks for "username" on a sign-in form, whatever the field holds.
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignUpForm(PortalForm, Words, allauth_forms.SignupForm):
    full_name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    field_order = ["full_name", "email", "password1", "password2"]
    labels = {
        "email": _("Adresse électronique professionnelle"),
        "password1": _("Mot de passe"),
        "password2": _("Mot de passe, une seconde fois"),
    }
    help_texts = {"email": EMAIL_HELP, "password1": PASSWORD_HELP}
    required = REQUIRED

    def try_save(self, request: Any) -> Any:
        """An address that has an account takes the time of one that has none: a password is hashed, for nothing."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class PasswordResetForm(PortalForm, Words, allauth_forms.ResetPasswordForm):
    labels = {"email": _("Adresse électronique de votre compte")}
    help_texts = {"email": EMAIL_HELP}
    required = REQUIRED


class PasswordResetKeyForm(PortalForm, Words, allauth_forms.ResetPasswordKeyForm):
    labels = {"password1": _("Nouveau mot de passe"), "password2": _("Nouveau mot de passe, une seconde fois")}
    help_texts = {"password1": PASSWORD_HELP}
    required = REQUIRED


class PasswordChangeForm(PortalForm, Words, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Mot de passe actuel"),
        "password1": _("Nouveau mot de passe"),
        "password2": _("Nouveau mot de passe, une seconde fois"),
    }
    help_texts = {"password1": PASSWORD_HELP}
    required = REQUIRED


class PasswordSetForm(PortalForm, Words, allauth_forms.SetPasswordForm):
    labels = {"password1": _("Mot de passe"), "password2": _("Mot de passe, une seconde fois")}
    help_texts = {"password1": PASSWORD_HELP}
    required = REQUIRED


class ReauthenticateForm(PortalForm, Words, allauth_forms.ReauthenticateForm):
    labels = {"password": _("Mot de passe")}
    required = REQUIRED


class TypedCode:
    """A code is refused after too many wrong ones, and the second time that it is given."""

    def clean_code(self) -> str:
        user: User = self.user  # type: ignore[attr-defined]
        attempt = limits.attempt(
            context.request,
            "login_failed",
            f"second factor of {user.pk}",
            known=lambda: limits.opened_from_here(User.objects.filter(pk=user.pk)),
        )
        if attempt is None:
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        used: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if used.type == Authenticator.Type.TOTP and not use_up(code, user):
            raise get_mfa_adapter().validation_error("incorrect_code")
        attempt.rollback()
        return code


class SecondFactorForm(TypedCode, PortalForm, Words, second_factors.AuthenticateForm):
    labels = {"code": _("Code à six chiffres, ou code de secours")}
    required = {"code": _("Saisissez le code du moment, ou un code de secours.")}


class SecondFactorAgainForm(TypedCode, PortalForm, Words, second_factors.ReauthenticateForm):
    labels = {"code": _("Code à six chiffres, ou code de secours")}
    required = {"code": _("Saisissez le code du moment, ou un code de secours.")}


class ActivateCodesForm(PortalForm, Words, totp.ActivateTOTPForm):
    labels = {"code": _("Le code que l’application affiche maintenant")}
    required = {"code": _("Saisissez le code à six chiffres que l’application affiche.")}

    def clean_code(self) -> str:
        """Whoever read it over a shoulder does not sign in with it a moment later."""
        code: str = super().clean_code()
        if not use_up(code, self.user):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class RemovePasskeyForm(forms.Form):
    """Nothing to type: only whether it may be."""

    def __init__(self, *args: Any, authenticator: Authenticator, **kwargs: Any) -> None:
        self.authenticator = authenticator
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        if not get_mfa_adapter().can_delete_authenticator(self.authenticator):
            raise get_mfa_adapter().validation_error("cannot_delete_authenticator")
        return self.cleaned_data


class AddPasskeyForm(PortalForm, Words, webauthn.AddWebAuthnForm):
    labels = {"name": _("Nom de la clé"), "passwordless": _("Me connecter avec cette clé seule, sans mot de passe")}
    help_texts = {
        "name": _("Pour la reconnaître parmi d’autres. Exemple : ordinateur du bureau."),
        "passwordless": _("L’appareil vous demandera votre empreinte, votre visage ou son code."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(PortalForm, Words, webauthn.EditWebAuthnForm):
    labels = {"name": _("Nom de la clé")}
    help_texts = {"name": _("Exemple : ordinateur du bureau.")}
    required = {"name": _("Donnez un nom à cette clé.")}


class NameForm(PortalForm):
    full_name = forms.CharField(
        label=_("Prénom et nom"),
        max_length=150,
        validators=[validate_name],
        error_messages={"required": _("Saisissez votre nom.")},
        help_text=_("Tel que votre équipe et les examinateurs le liront."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class IdentitySignUpForm(PortalForm, Words, social_forms.SignupForm):
    labels = {"email": _("Adresse électronique professionnelle")}
    help_texts = {"email": EMAIL_HELP}
    required = REQUIRED


class AddEmailForm(PortalForm, Words, allauth_forms.AddEmailForm):
    labels = {"email": _("Nouvelle adresse électronique")}
    help_texts = {"email": EMAIL_HELP}
    required = REQUIRED


# What each role may do, said where one chooses.
ROLES = {
    Membership.Role.MANDATAIRE: _("Mandataire : compose l’équipe, remplit et soumet les dossiers"),
    Membership.Role.REPRESENTATIVE: _("Représentant : invite des collègues, remplit et soumet les dossiers"),
    Membership.Role.CONTRIBUTOR: _("Contributeur : remplit les dossiers, sans les soumettre"),
    Membership.Role.READER: _("Lecteur : lit tout ce que voit l’équipe, n’écrit rien"),
    Membership.Role.CONSULTANT: _("Consultant : remplit les dossiers que vous lui ouvrez, jusqu’à une date"),
}


class DayField(forms.DateField):
    """A day, meant until its very end in Paris: cleans to that moment."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        until = timezone.make_aware(datetime.combine(day, time.max))
        latest = timezone.now() + timedelta(days=settings.CONSULTANT_MAX_DAYS + 1)
        if until <= timezone.now():
            raise forms.ValidationError(_("Choisissez un jour à venir."))
        if until > latest:
            raise forms.ValidationError(
                _("Choisissez un jour avant le %(day)s : un accès dure au plus %(number)d jours, et se prolonge.")
                % {"day": date_format(latest.date(), "j F Y"), "number": settings.CONSULTANT_MAX_DAYS}
            )
        return until

    def prepare_value(self, value: Any) -> Any:
        return timezone.localtime(value).date() if isinstance(value, datetime) else value


class InvitationForm(PortalForm):
    conditional = ("access_until",)

    email = forms.EmailField(
        label=_("Adresse électronique"),
        error_messages={"required": _("Saisissez l’adresse de la personne à inviter.")},
        help_text=_("Elle y recevra un lien pour accepter. Elle créera son compte à ce moment-là, si elle n’en a pas."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Rôle"), widget=forms.RadioSelect)
    access_until = DayField(
        label=_("Pour un consultant : accès jusqu’au"),
        required=False,
        help_text=_(
            "Obligatoire pour un consultant, inutile pour les autres rôles. Vous pourrez prolonger ou raccourcir."
        ),
    )

    def __init__(self, *args: Any, roles: Sequence[Membership.Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, ROLES[role]) for role in roles]
        self.fields["role"].initial = Membership.Role.CONTRIBUTOR.value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") != Membership.Role.CONSULTANT:
            cleaned["access_until"] = None
        elif not cleaned.get("access_until") and "access_until" not in self.errors:
            self.add_error("access_until", _("Choisissez le dernier jour de l’accès du consultant."))
        return cleaned


class AccessEndForm(PortalForm):
    access_until = DayField(
        label=_("Accès jusqu’au"), error_messages={"required": _("Choisissez le dernier jour de l’accès.")}
    )


class RoleForm(PortalForm):
    role = forms.ChoiceField(label=_("Rôle"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[Membership.Role], **kwargs: Any) -> None:
        """A consultant is invited as such: no member becomes one, nor the reverse."""
        super().__init__(*args, **kwargs)
        offered = [(role.value, ROLES[role]) for role in roles if role in Membership.TEAM]
        self.fields["role"].choices = offered


class MailForm(PortalForm):
    """When what is shown in the app also leaves by e-mail."""

    when = forms.ChoiceField(
        label=_("M’écrire aussi par courrier électronique"),
        choices=MailPreference.When.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez quand vous écrire."),
            "invalid_choice": _("Choisissez quand vous écrire."),
        },
    )
