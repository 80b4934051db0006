"""One's own personal data: what is done with them, a copy, and the end."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from accounts.models import Publisher
from accounts.operations.teams import LastMandataire, keeps_a_mandataire
from accounts.policies import is_staff_member
from accounts.requests import SignedInRequest
from jobs.models import Job
from privacy.forms import CloseAccountForm
from privacy.models import DataExport
from privacy.operations import erasure, exports


@require_safe
@login_not_required
def notice(request: HttpRequest) -> HttpResponse:
    """What the portal does with personal data; durations come from the settings that apply them."""
    return render(
        request,
        "privacy/notice.html",
        {
            "days": settings.RETENTION_DAYS,
            "notice_days": settings.INACTIVITY_NOTICE_DAYS,
            "contact": settings.PRIVACY_CONTACT,
        },
    )


@require_http_methods(["GET", "POST"])
def mine(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        exports.request_export(request.user)
        return redirect("privacy:mine")
    return render(request, "privacy/mine.html", _export_context(request))


@require_GET
def progress(request: SignedInRequest) -> HttpResponse:
    """How far the archive is, for the page that waits."""
    return render(request, "privacy/_export.html", _export_context(request))


@require_GET
@reauthentication_required
def download(request: SignedInRequest, pk: int) -> FileResponse | HttpResponse:
    export = get_object_or_404(DataExport.objects.visible_to(request.user), pk=pk)
    if not export.is_ready:
        raise Http404
    if export.is_void:
        return redirect("privacy:mine")  # which says why, and offers another
    exports.note_download(export, by=request.user)
    return FileResponse(
        export.file.open("rb"),
        as_attachment=True,
        filename="mes-donnees-convergence.zip",
        content_type="application/zip",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def close(request: SignedInRequest) -> HttpResponse:
    form = CloseAccountForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            erasure.erase_account(request.user, by=request.user)
        except LastMandataire:
            form.add_error(None, _("Vous êtes le seul mandataire d’une équipe : nommez-en d’abord un autre."))
        except erasure.StillOnDuty:
            form.add_error(None, _("Vous travaillez pour l’Agence ou le GIE : faites d’abord retirer votre rôle."))
        else:
            logout(request)
            messages.success(request, _("Votre compte est fermé et vos données personnelles sont effacées."))
            return redirect("home")
    context = {
        "form": form,
        "on_duty": is_staff_member(request.user),
        "days": settings.RETENTION_DAYS["account_requests"],
        "alone_in": _managed_alone(request),
    }
    return render(request, "privacy/close.html", context)


def _managed_alone(request: SignedInRequest) -> list[Publisher]:
    """The publishers that nobody else could manage: their mandataire cannot leave."""
    memberships = request.user.memberships.select_related("publisher")
    return [membership.publisher for membership in memberships if not keeps_a_mandataire(membership)]


def _export_context(request: SignedInRequest) -> dict[str, object]:
    export = DataExport.objects.visible_to(request.user).select_related("job").first()
    under_way = export is not None and export.expires_at is None
    is_void = export is not None and export.is_ready and export.is_void
    return {
        "export": export if export and not is_void and (export.is_ready or under_way) else None,
        "is_void": is_void,
        "job": export.job if export else None,
        "has_failed": bool(export and under_way and export.job and export.job.state == Job.State.FAILED),
        "days": settings.RETENTION_DAYS["exports"],
    }
