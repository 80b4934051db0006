"""A publisher's files: to open, and to send in pieces. Its library is shown by `assessments.views.library`."""

from uuid import UUID

from allauth.core import ratelimit
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Publisher
from accounts.requests import SignedInRequest
from evidence import operations, pieces, policies
from evidence.delivery import delivered_as
from evidence.models import DocumentVersion, Preview, Upload
from evidence.storage import answering
from evidence.uploads import JPEG, InvalidUpload

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    # Should a browser show it all the same: no script, no form, no origin.
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@require_GET
def file(request: SignedInRequest, pk: int) -> FileResponse:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document")
    version = get_object_or_404(versions, pk=pk)
    if not policies.can_open(request.user, version):
        raise PermissionDenied
    operations.note_opening(version, by=request.user)
    return file_response(version)


@require_GET
def preview(request: SignedInRequest, pk: int, page: int) -> FileResponse:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document")
    version = get_object_or_404(versions, pk=pk)
    if not policies.can_open(request.user, version):
        raise PermissionDenied
    drawn = get_object_or_404(version.previews, page=page)
    operations.note_preview(version, page, by=request.user)
    return preview_response(drawn)


def preview_response(drawn: Preview) -> FileResponse:
    """Show a picture that we drew, and that no browser keeps.

    The caller has guarded the way here and traced it with `operations.note_preview`.
    """
    with answering():
        opened = drawn.file.open("rb")
    return FileResponse(
        opened,
        filename=f"page-{drawn.page}.jpg",
        content_type=JPEG,
        headers=HEADERS,
    )


def file_response(version: DocumentVersion) -> FileResponse:
    """Send the bytes as an attachment that no browser runs, guesses about or keeps.

    The caller has guarded the way here and traced it with `operations.note_opening`. Raises StorageUnavailable, which
    is a page that says so (`evidence.middleware`).
    """
    media_type, name = delivered_as(version)
    with answering():
        opened = version.file.open("rb")
    return FileResponse(
        opened,
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers=HEADERS,
    )


# --- A file in pieces: JSON, for static/js/uploads.js ---------------------------------------------
# What becomes of the whole is decided where it is wanted: a question, the library, a document.


@require_POST
def start_upload(request: SignedInRequest, siren: str) -> HttpResponse:
    """201 with the upload, or 422 with the sentence that says why the file is not taken."""
    own = Publisher.objects.filter(memberships__in=request.user.memberships.current())
    publisher = get_object_or_404(own, siren=siren)
    if not policies.can_upload(request.user, publisher.pk):
        raise PermissionDenied
    if not ratelimit.consume(request, action="upload", user=request.user):
        return _too_many(request)
    size = request.POST.get("size", "")
    try:
        upload = pieces.start_upload(
            publisher=publisher,
            name=request.POST.get("name", ""),
            size=int(size) if size.isascii() and size.isdecimal() else 0,
            by=request.user,
        )
    except InvalidUpload as error:
        return JsonResponse({"sentence": str(error.sentence)}, status=422)
    return JsonResponse(_as_json(upload), status=201)


@require_http_methods(["GET", "DELETE"])
def upload(request: SignedInRequest, upload_id: UUID) -> HttpResponse:
    """GET says which pieces are there, to go on after a cut; DELETE gives the upload up."""
    found = _own_upload(request, upload_id)
    if request.method == "GET":
        return JsonResponse(_as_json(found))
    pieces.abandon(found)
    return HttpResponse(status=204)


@require_http_methods(["PUT"])
def piece(request: SignedInRequest, upload_id: UUID, piece_number: int) -> HttpResponse:
    """The bytes of one piece are the body. 204, however often it is sent; 400 when no such piece is expected."""
    found = _own_upload(request, upload_id)
    if not ratelimit.consume(request, action="upload_piece", user=request.user):
        return _too_many(request)
    try:
        # Read from the stream: a piece is larger than what Django takes in memory for a form.
        pieces.put_piece(found, piece_number, request.read(found.piece_size + 1))
    except pieces.WrongPiece:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _own_upload(request: SignedInRequest, upload_id: UUID) -> Upload:
    return get_object_or_404(Upload.objects.of(request.user), pk=upload_id)


def _as_json(upload: Upload) -> dict[str, object]:
    there = sorted(upload.pieces.values_list("number", flat=True))
    return {"id": str(upload.pk), "piece_size": upload.piece_size, "count": upload.count, "pieces": there}


def _too_many(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = ratelimit.respond_429(request)
    return response
