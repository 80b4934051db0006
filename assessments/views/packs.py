"""The evidence of a dossier in one archive: ask for it, watch it being made, take it away. For both sides."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.models import Dossier, EvidencePack, Submission
from assessments.operations.packs import note_taking, request_pack
from assessments.pack_panel import pack_panel
from assessments.views.dossiers import get_dossier
from assessments.views.reviews import get_review
from evidence.storage import answering


@require_http_methods(["GET", "POST"])
def own_pack(request: SignedInRequest, number: str) -> HttpResponse:
    """A POST asks for the archive; a GET tells how far it is, for the page that waits."""
    return _ask_or_tell(request, _own(request, number), space="dossiers")


@require_GET
def own_pack_file(request: SignedInRequest, number: str) -> FileResponse:
    return _file(request, _own(request, number))


@require_http_methods(["GET", "POST"])
def reviewers_pack(request: SignedInRequest, number: str) -> HttpResponse:
    return _ask_or_tell(request, get_review(request, number).dossier, space="reviews")


@require_GET
def reviewers_pack_file(request: SignedInRequest, number: str) -> FileResponse:
    return _file(request, get_review(request, number).dossier)


def _own(request: SignedInRequest, number: str) -> Dossier:
    dossier = get_dossier(request, number)
    if not policies.can_take_evidence(request.user, dossier):
        raise PermissionDenied
    return dossier


def _last_submission(dossier: Dossier) -> Submission:
    submission = dossier.submissions.order_by("-number").first()
    if submission is None:
        raise Http404
    submission.dossier = dossier
    return submission


def _ask_or_tell(request: SignedInRequest, dossier: Dossier, *, space: str) -> HttpResponse:
    submission = _last_submission(dossier)
    if request.method == "POST":
        request_pack(submission, by=request.user)
        return redirect(f"{reverse(f'{space}:detail', args=[dossier.number])}#dossier-de-preuves")
    return render(request, "dossiers/_pack.html", pack_panel(submission, space=space))


def _file(request: SignedInRequest, dossier: Dossier) -> FileResponse:
    submission = _last_submission(dossier)
    pack = EvidencePack.objects.filter(submission=submission).first()
    if pack is None or not pack.is_ready:
        raise Http404
    pack.submission = submission
    with answering():
        opened = pack.file.open("rb")
    note_taking(pack, by=request.user)
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"preuves-{dossier.number}-{submission.number}.zip",
        content_type="application/zip",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
