"""All that moved in a dossier since one's last visit; its page shows the latest of it (see `dossiers`)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from assessments.filing import Filing
from assessments.models import Visit
from assessments.since_visits import lines_of, moved_since
from assessments.views.dossiers import get_dossier

PER_PAGE = 25


@require_GET
def changes(request: SignedInRequest, number: str) -> HttpResponse:
    """All of it. Reading it is not a visit of the dossier: the list is the same when one comes back to it."""
    dossier = get_dossier(request, number)
    filing = Filing(dossier)
    visit = Visit.objects.filter(dossier=dossier, user=request.user).first()
    since = visit.previous_at if visit else None
    moved = moved_since(filing, since, besides=request.user) if since else []
    page = Paginator(moved, PER_PAGE).get_page(request.GET.get("page"))
    context = {"dossier": dossier, "since": since, "page": page, "lines": lines_of(page.object_list, filing)}
    return render(request, "dossiers/changes.html", context)
