"""Pages of the portal itself: home, statements, health."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import policies
from accounts.models import User
from ui.radar import RadarPoint


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The public presentation; a signed-in person goes straight to their work."""
    user = request.user
    if not isinstance(user, User):
        return render(request, "pages/home.html", {"example": _example()})
    if destination := _desk(user):
        return redirect(destination)
    return render(request, "pages/gie.html")


def _example() -> list[RadarPoint]:
    """What a result looks like, for those who have none yet: invented values, said so beside it."""
    return [
        RadarPoint(_("Éligibilité"), Decimal(1)),
        RadarPoint(_("Interopérabilité"), Decimal("0.72")),
        RadarPoint(_("Sécurité"), Decimal("0.84")),
        RadarPoint(_("Données personnelles"), Decimal("0.91")),
        RadarPoint(_("Éthique"), Decimal("0.66")),
    ]


def _desk(user: User) -> str | None:
    """Where the person works; None for a GIE officer, whose desk does not exist yet."""
    if user.membership_roles:
        return "dossiers:list"
    if policies.is_reviewer(user):
        return "reviews:queue"
    if policies.is_editor(user) or policies.is_administrator(user):
        return "questionnaires:index"
    if policies.is_support(user):
        return "enrolment:queue"
    if policies.is_gie_officer(user):
        return None
    return "enrolment:start"


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
@login_not_required
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal.html")


@require_safe
@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """To whom a weakness is reported (RFC 9116). It asks for an end: a year from now, drawn at each reading."""
    until = timezone.now() + timedelta(days=365)
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {until:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For the machine that watches: 200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "error", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})
