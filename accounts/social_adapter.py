"""What the portal asks of allauth about accounts of an identity provider."""

import logging
from typing import Any, NoReturn

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.names import acceptable_name
from accounts.openid import ASKED_AT, ASKED_OF, PROVIDER_ID
from accounts.operations.people import note_creation
from accounts.sessions import renew_key

logger = logging.getLogger(__name__)

# By how much the provider's clock may be behind ours.
CLOCKS_DIFFER_SECONDS = 60


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": _(
            "C’est votre seul moyen d’entrer : choisissez d’abord un mot de passe (« Mot de passe oublié ? »)."
        ),
        "connected_other": _("Cette identité est déjà reliée à un autre compte."),
        "invalid_token": _("La réponse du fournisseur d’identité n’est pas valable. Recommencez."),
    }

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims
        # ProConnect has no « family_name », but the name that the person uses.
        parts = (data.get("first_name"), data.get("last_name") or claims.get("usual_name"))
        # What the form would refuse is not taken from a provider either: the person is then called by their address.
        user.full_name = acceptable_name((data.get("name") or " ".join(part for part in parts if part))[:150])
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        user = super().save_user(request, sociallogin, form)
        if form is None:  # with a form, the account's adapter saved it and said so
            note_creation(user)
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Whoever left to prove again who they are comes back here. It signs nobody in, neither them nor another."""
        if ASKED_OF in sociallogin.state:
            raise ImmediateHttpResponse(_take_proof(request, sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> NoReturn:
        """Back to the sign-in page, with a sentence: cancelled, or refused, never a page without a way out."""
        if error == AuthError.CANCELLED:
            messages.info(request, gettext("Vous avez renoncé : rien n’a changé. Connectez-vous comme vous voulez."))
        else:
            logger.warning("A sign-in by the identity provider was refused: %s %s", error, type(exception).__name__)
            messages.error(
                request,
                gettext("La connexion n’a pas abouti. Recommencez, ou connectez-vous avec votre mot de passe."),
            )
        state = (extra_context or {}).get("state") or {}
        raise ImmediateHttpResponse(_ask_again(state) if ASKED_OF in state else redirect("account_login"))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        account_adapter().send_notification_mail(*args, **kwargs)


def _take_proof(request: HttpRequest, sociallogin: Any) -> HttpResponse:
    """Go on with what was asked for; or say why not, and leave everything as it was."""
    account, state = sociallogin.account, sociallogin.state
    person = request.user if request.user.is_authenticated and request.user.pk == state[ASKED_OF] else None
    if person is None or account.user_id != person.pk:
        logger.warning("Somebody else came back from the identity provider.", extra={"request": request})
        messages.error(request, gettext("Ce n’est pas l’identité reliée à votre compte : rien n’a été fait."))
        return _ask_again(state)
    if not _is_fresh(account.extra_data["id_token"], since=state[ASKED_AT]):
        logger.warning("The identity provider did not ask again who the person is.", extra={"request": request})
        messages.error(request, gettext("Le fournisseur d’identité ne vous a rien redemandé : cela ne prouve rien."))
        return _ask_again(state)
    renew_key(request)
    proof = {"provider": account.provider, "uid": account.uid, "reauthenticated": True}
    record_authentication(request, person, "socialaccount", **proof)
    # allauth reads in the request where one was going.
    request.GET = QueryDict(urlencode({"next": state.get("next") or ""}))
    response: HttpResponse = resume_request(request) or redirect("home")
    return response


def _is_fresh(claims: dict[str, Any], *, since: float) -> bool:
    """When the provider last saw the person. `max_age` obliges it to tell: what it does not tell proves nothing."""
    seen_at = claims.get("auth_time")
    return isinstance(seen_at, int | float) and seen_at >= since - CLOCKS_DIFFER_SECONDS


def _ask_again(state: dict[str, Any]) -> HttpResponse:
    page = reverse("openid_connect_login", args=[PROVIDER_ID])
    return redirect(f"{page}?{urlencode({'next': state['next']})}" if state.get("next") else page)
