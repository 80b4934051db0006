"""The sessions of one's own, and ending them."""

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from accounts.sessions import end_one, end_others


@login_not_required
@never_cache
@require_GET
def current_session(request: HttpRequest) -> JsonResponse:
    """Who is signed in with this browser (null: nobody) and the token of their forms: a page that stayed open while its
    session ended asks, and goes on."""
    person = request.user.pk if request.user.is_authenticated else None
    return JsonResponse({"person": person, "token": get_token(request)})


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def own_sessions(request: SignedInRequest) -> HttpResponse:
    """Where one is signed in. POST: end the one whose number is given, else all but this one."""
    if request.method == "POST":
        return _end(request)
    living = UserSession.objects.purge_and_list(request.user)
    sessions = sorted(living, key=lambda session: session.created_at)
    return render(request, "usersessions/usersession_list.html", {"sessions": sessions})


def _end(request: SignedInRequest) -> HttpResponse:
    if "session" not in request.POST:
        end_others(request)
        messages.info(request, _("Vos autres sessions sont fermées."))
        return redirect("usersessions_list")
    number = request.POST["session"]
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    end_one(get_object_or_404(others, pk=int(number[:18]) if number.isdecimal() else 0), by=request)
    messages.info(request, _("Cette session est fermée."))
    return redirect("usersessions_list")
