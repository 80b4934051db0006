"""The two addresses of a sign-in through the identity provider: going there, coming back.

Whoever is signed in already goes there to prove again who they are (accounts.social_adapter takes the answer).
"""

import logging
import time
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import passthrough_next_redirect_url
from allauth.account.views import BaseReauthenticateView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from requests.exceptions import RequestException

from accounts.openid import ASKED_AT, ASKED_OF, OpenIDAdapter

logger = logging.getLogger(__name__)


@login_not_required
@require_http_methods(["GET", "POST"])
@reauthentication_required(enabled=lambda request: request.GET.get("process") == AuthProcess.CONNECT)
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    if request.user.is_authenticated and request.GET.get("process") != AuthProcess.CONNECT:
        return _served(ProveAgain.as_view(), request, provider_id)
    return _served(OAuth2LoginView.adapter_view(OpenIDAdapter(request, provider_id)), request, provider_id)


@login_not_required
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _served(OAuth2CallbackView.adapter_view(OpenIDAdapter(request, provider_id)), request, provider_id)


class ProveAgain(BaseReauthenticateView):
    """Ask the provider to see the person again, whatever it remembers of the browser."""

    form_class = Form
    template_name = "socialaccount/reauthenticate.html"

    def dispatch(self, request: HttpRequest, *args: Any, provider_id: str, **kwargs: Any) -> HttpResponse:
        self.provider = get_adapter().get_provider(request, provider_id)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = self.provider.redirect(
            self.request,
            process=AuthProcess.LOGIN,
            next_url=self.get_next_url(),
            auth_params={**self.provider.get_auth_params(), "prompt": "login", "max_age": "0"},
            **{ASKED_OF: self.request.user.pk, ASKED_AT: time.time()},
        )
        return response


def _served(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view(request, provider_id=provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except RequestException:
        logger.warning("The identity provider does not answer.", exc_info=True)
        messages.error(request, _("Le fournisseur d’identité ne répond pas : servez-vous de votre mot de passe."))
        there = reverse("account_reauthenticate" if request.user.is_authenticated else "account_login")
        return redirect(passthrough_next_redirect_url(request, there, "next"))
    return response
