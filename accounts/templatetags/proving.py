"""What a person proves who they are for, on the page that asks them to."""

import json
from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django import template
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

register = template.Library()

# By name of address: « Pour … ». An address that is not here is told in general words.
PURPOSES: dict[str, Promise] = {
    "account_email": _("changer les adresses de votre compte"),
    "account_set_password": _("choisir un mot de passe"),
    "accounts:invitation-resend": _("renvoyer une invitation"),
    "accounts:invitation-revoke": _("annuler une invitation"),
    "accounts:member": _("changer la place d’une personne"),
    "accounts:member-remove": _("retirer une personne de l’équipe"),
    "accounts:team": _("inviter une personne"),
    "admin:accounts_user_change": _("changer le compte d’une personne"),
    "consultants:dossiers": _("ouvrir des dossiers à un consultant"),
    "dossiers:submit": _("soumettre le dossier"),
    "enrolment:examine": _("décider d’une demande de compte"),
    "mfa_activate_totp": _("activer des codes à usage unique"),
    "mfa_add_webauthn": _("ajouter une clé d’accès"),
    "mfa_deactivate_totp": _("ne plus utiliser de codes"),
    "mfa_download_recovery_codes": _("emporter vos codes de secours"),
    "mfa_edit_webauthn": _("renommer une clé d’accès"),
    "mfa_generate_recovery_codes": _("faire de nouveaux codes de secours"),
    "mfa_remove_webauthn": _("retirer une clé d’accès"),
    "mfa_view_recovery_codes": _("voir vos codes de secours"),
    "openid_connect_login": _("relier votre compte à un fournisseur d’identité"),
    "privacy:close": _("fermer votre compte"),
    "privacy:download": _("emporter la copie de vos données"),
    "questionnaires:publish": _("approuver et publier une édition"),
    "questionnaires:retire": _("retirer une édition"),
    "results:close": _("clore l’instruction"),
    "reviews:assign": _("confier le dossier"),
    "usersessions_list": _("fermer une session"),
}


@register.simple_tag(takes_context=True)
def proving_for(context: dict[str, Any]) -> str:
    """{% proving_for as purpose %}: « inviter une personne »; blank when it is not known."""
    request = context["request"]
    suspended = json.loads(request.session.get(STATE_SESSION_KEY, {}).get("request", "{}"))
    asked = suspended.get("path") or request.GET.get(REDIRECT_FIELD_NAME, "").partition("?")[0]
    try:
        name = resolve(asked).view_name
    except Resolver404:
        return ""
    return str(PURPOSES.get(name, ""))
