"""How long a session and its cookie last, and the second factor without which nobody works for the State's side."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.obligations import Obligation, obligation
from accounts.policies import is_staff_member
from accounts.second_factors import FACTORS
from accounts.views.held_forms import give_back

OPENED, SEEN = "session_opened_at", "session_seen_at"
# The moment of the last request is written at most this often: not one write for each page.
NOTED_EVERY_SECONDS = 300


class Sessions(SessionMiddleware):
    """As Django's, but a session that was over before the request came takes no cookie away.

    A save of a page that stayed open may leave before its author signs in again in another tab, and be answered after:
    the cookie that it would take away is the new one. Only what ends a session here ends it in the browser.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        ends_here = request.session.modified
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie["max-age"] == 0 and not ends_here:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class SignInRequired(LoginRequiredMiddleware):
    """Deny by default. A form that comes too late is given back with what was typed in it; a button alone leads back to
    its page: its own address may open nothing.

    A script is told 401: led to where one signs in, it would take that page for its answer. The page that it serves
    stays, with what was typed in it.
    """

    def handle_no_permission(  # type: ignore[override]  # Django's own only ever redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(_("Connectez-vous de nouveau."), status=401, content_type="text/plain")
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        if page := give_back(request):
            return page
        messages.warning(
            request, _("Rien n’a été fait : vous n’étiez plus connecté. Connectez-vous, puis recommencez.")
        )
        return redirect_to_login(_page_of_the_form(request), self.get_login_url(view_func))


def _page_of_the_form(request: HttpRequest) -> str:
    """The path that the browser says it comes from, if it is ours; else the home page."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(came_from)._replace(scheme="", netloc="", fragment="").geturl()
    return reverse("home")


def session_limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """End sessions that have lasted, or slept, too long (settings.SESSION_LIMITS_HOURS)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            _keep_within_limits(request, request.user)
        return get_response(request)

    return middleware


def _keep_within_limits(request: HttpRequest, user: User) -> None:
    now, session = time.time(), request.session
    limits = settings.SESSION_LIMITS_HOURS["staff" if is_staff_member(user) else "team"]
    opened, seen = session.setdefault(OPENED, now), session.get(SEEN, now)
    if now - opened > limits["total"] * 3600 or now - seen > limits["idle"] * 3600:
        logout(request)
        messages.info(request, _("Votre session est terminée : connectez-vous de nouveau."))
        return
    # A page that asks by itself is nobody at work: left open on a screen, it keeps no session alive.
    by_itself = "X-By-Itself" in request.headers
    if SEEN not in session or (not by_itself and now - seen > NOTED_EVERY_SECONDS):
        session[SEEN] = now


class SecondFactorForStaff:
    """Refuse every page to a member of staff whose session was not opened, or confirmed, with a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or obligation(request) is not Obligation.SECOND_FACTOR:
            return None
        if request.method != "GET" or request.headers.get("HX-Request"):
            refusal = HttpResponse(_("Confirmez d’abord votre second facteur."), status=403, content_type="text/plain")
            return give_back(request) or refusal
        if is_mfa_enabled(user, FACTORS):
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        messages.warning(
            request,
            _("Votre rôle demande un second facteur. Choisissez-en un : c’est l’affaire d’une minute."),
        )
        return redirect("mfa_index")
