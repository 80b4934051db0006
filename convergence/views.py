"""Pages of the portal itself: home, statements, health."""

from decimal import Decimal

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
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
        return "admin:index"
    if policies.is_gie_officer(user):
        return None
    return "accounts:publisher-create"


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
@login_not_required
def legal(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/legal.html")


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
