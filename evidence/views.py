"""A publisher's files: the list, and the files themselves."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from evidence import operations, policies
from evidence.models import DocumentVersion
from evidence.uploads import CSV, TXT

PER_PAGE = 25


@require_GET
def document_list(request: SignedInRequest) -> HttpResponse:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document__publisher")
    page = Paginator(versions.order_by("-received_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    several_publishers = len(request.user.membership_roles) > 1
    return render(request, "evidence/list.html", {"page": page, "several_publishers": several_publishers})


@require_GET
def file(request: SignedInRequest, pk: int) -> FileResponse:
    versions = DocumentVersion.objects.visible_to(request.user).select_related("document")
    version = get_object_or_404(versions, pk=pk)
    if not policies.can_open(request.user, version):
        raise PermissionDenied
    operations.note_opening(version, by=request.user)
    return file_response(version)


def file_response(version: DocumentVersion) -> FileResponse:
    """Send the bytes as an attachment that no browser runs, guesses about or keeps.

    The caller has guarded the way here and traced it with `operations.note_opening`.
    """
    media_type, name = version.media_type, version.original_name
    if media_type == CSV:
        # A spreadsheet would run the formulas of a CSV, and what opens a file goes by its name more than by its type.
        media_type, name = TXT, f"{name}.txt"
    return FileResponse(
        version.file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=media_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            # Should a browser show it all the same: no script, no form, no origin.
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
