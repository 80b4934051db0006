"""The admin as a whole: its names, its door, and what is left out of it."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from dsfr.models import DsfrConfig

NAMES = {
    "accounts": _("Comptes et éditeurs"),
    "assessments": _("Dossiers"),
    "audit": _("Journal"),
    "enrolment": _("Demandes de compte"),
    "evidence": _("Preuves"),
    "jobs": _("Travaux en arrière-plan"),
    "privacy": _("Données personnelles"),
    "products": _("Produits"),
    "questionnaires": _("Questionnaires"),
    "results": _("Résultats"),
}

admin.site.site_header = _("Administration de Convergence")
admin.site.site_title = _("Convergence")
admin.site.index_title = _("Ce que vous pouvez administrer")
admin.site.enable_nav_sidebar = False


def _to_the_portal(name: str) -> Any:
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(name)

    return view


def _but_rows_as_the_portal_shows_them(get_urls: Callable[[], list[URLResolver | URLPattern]]) -> Any:
    def urls() -> list[URLResolver | URLPattern]:
        # `r/…` would lead from any row's number to its page in the portal, whose address says its name.
        return [each for each in get_urls() if getattr(each, "name", "") != "view_on_site"]

    return urls


# People sign in on the portal's own page, with its limits on attempts (allauth's way of asking for it); whoever is
# signed in has nothing to type here. Passwords change and sessions end there too: slowed, traced, told by e-mail.
admin.site.login = secure_admin_login(_to_the_portal("admin:index"))  # type: ignore[method-assign]
admin.site.password_change = _to_the_portal("account_change_password")  # type: ignore[method-assign]
admin.site.password_change_done = _to_the_portal("account_change_password")  # type: ignore[method-assign]
admin.site.logout = _to_the_portal("account_logout")  # type: ignore[method-assign]
admin.site.get_urls = _but_rows_as_the_portal_shows_them(admin.site.get_urls)  # type: ignore[method-assign]

for label, name in NAMES.items():
    apps.get_app_config(label).verbose_name = name

# Groups are made by `sync_roles`; addresses, second factors, sessions and identities belong to their people; our
# templates read nothing of django-dsfr's own settings. Their admin modules come later in the list of applications:
# import them first.
for path, model in {
    "django.contrib.auth.admin.GroupAdmin": Group,
    "allauth.account.admin.EmailAddressAdmin": EmailAddress,
    "allauth.mfa.admin.AuthenticatorAdmin": Authenticator,
    "allauth.socialaccount.admin.SocialAccountAdmin": SocialAccount,
    "allauth.socialaccount.admin.SocialAppAdmin": SocialApp,
    "allauth.socialaccount.admin.SocialTokenAdmin": SocialToken,
    "allauth.usersessions.admin.UserSessionAdmin": UserSession,
    "dsfr.admin.DsfrConfigAdmin": DsfrConfig,
}.items():
    import_string(path)
    admin.site.unregister(model)
