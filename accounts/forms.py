"""Accounts and publishers, as typed. The names of the first ones are fixed by settings.ACCOUNT_FORMS."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siren as siren_number

from accounts.models import Membership
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
        label=_("Prénom et nom"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    field_order = ["full_name", "email", "password1", "password2"]
    labels = {
        "email": _("Adresse électronique professionnelle"),
        "password1": _("Mot de passe"),
        "password2": _("Mot de passe, une seconde fois"),
    }
    help_texts = {"email": EMAIL_HELP, "password1": PASSWORD_HELP}
    required = REQUIRED


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


class AddEmailForm(PortalForm, Words, allauth_forms.AddEmailForm):
    labels = {"email": _("Nouvelle adresse électronique")}
    help_texts = {"email": EMAIL_HELP}
    required = REQUIRED


def _already_registered() -> str:
    return gettext(
        "Cette entreprise est déjà inscrite. Demandez à son mandataire de vous ajouter à l’équipe, avec l’adresse de "
        "votre compte. Vous ne savez pas qui il est ? Écrivez à %(support)s."
    ) % {"support": settings.SUPPORT_EMAIL}


class PublisherForm(PortalForm):
    siren = forms.CharField(
        label=_("Numéro SIREN"),
        error_messages={"required": _("Saisissez le numéro SIREN de l’entreprise.")},
        max_length=20,
        help_text=_("Neuf chiffres, avec ou sans espaces. Exemple : 732 829 320."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    legal_name = forms.CharField(
        label=_("Raison sociale"),
        error_messages={"required": _("Saisissez la raison sociale.")},
        max_length=200,
        help_text=_("Le nom de l’entreprise tel qu’il figure au registre."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.CharField(
        label=_("Adresse"),
        error_messages={"required": _("Saisissez l’adresse du siège.")},
        max_length=300,
        help_text=_("Numéro et voie du siège."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.RegexField(
        label=_("Code postal"),
        regex=r"^\s*[0-9]{5}\s*$",
        max_length=10,
        error_messages={
            "required": _("Saisissez le code postal."),
            "invalid": _("Un code postal compte cinq chiffres. Exemple : 75002."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Ville"),
        error_messages={"required": _("Saisissez la ville.")},
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )

    already_registered = lazy(_already_registered, str)()

    def clean_siren(self) -> str:
        typed = self.cleaned_data["siren"]
        try:
            return siren_number.validate(typed)
        except StdnumError as error:
            raise forms.ValidationError(
                _(
                    "Ce numéro n’est pas un SIREN. Recopiez les neuf chiffres de votre extrait Kbis ; "
                    "le SIRET en compte quatorze, dont les neuf premiers sont le SIREN."
                )
            ) from error


# What each role may do, said where one chooses.
ROLES = [
    (Membership.Role.MANDATAIRE, _("Mandataire : compose l’équipe, remplit et soumet les dossiers")),
    (Membership.Role.REPRESENTATIVE, _("Représentant : remplit et soumet les dossiers")),
    (Membership.Role.CONTRIBUTOR, _("Contributeur : remplit les dossiers, sans les soumettre")),
    (Membership.Role.READER, _("Lecteur : lit tout ce que voit l’équipe, n’écrit rien")),
]


class MemberForm(PortalForm):
    email = forms.EmailField(
        label=_("Adresse électronique de son compte"),
        error_messages={"required": _("Saisissez l’adresse de la personne à ajouter.")},
        help_text=_("La personne doit avoir créé son compte et confirmé cette adresse."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Rôle"), choices=ROLES, initial=Membership.Role.CONTRIBUTOR.value, widget=forms.RadioSelect
    )


class RoleForm(PortalForm):
    role = forms.ChoiceField(label=_("Rôle"), choices=ROLES, widget=forms.RadioSelect)
