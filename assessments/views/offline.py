"""Working outside: the dossier's answers as a workbook or as JSON, and what comes back of them."""

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.filing import Filing
from assessments.forms.imports import ImportForm
from assessments.models import Dossier, Import
from assessments.offline.fhir_files import answers_as_fhir
from assessments.offline.json_files import answers_as_json
from assessments.offline.preview import preview, seen_from_text
from assessments.offline.returned import Returned
from assessments.offline.taking import NotTaken
from assessments.offline.uploads import read_upload
from assessments.offline.writing import workbook_of
from assessments.operations.imports import Moved, apply_import, keep_import, plan_of
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from evidence import file_names, uploads
from questionnaires.queries import published


@require_http_methods(["GET", "POST"])
def workbook(request: SignedInRequest, number: str) -> HttpResponse:
    """Both directions, explained; a POST brings a file back."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    is_writable = dossier.state in Dossier.WRITABLE
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if is_writable and form.is_valid() and (kept := _kept(request, dossier, form)):
        return redirect("dossiers:import", number, kept.pk)
    context = {
        "dossier": dossier,
        "form": form,
        "can_import": is_writable and policies.can_fill(request.user, dossier),
        "is_over": not is_writable,
        "waiting": Import.objects.current().filter(dossier=dossier, author=request.user, imported_at=None).first(),
        "max_bytes": settings.IMPORT_MAX_BYTES,
    }
    return render(request, "dossiers/offline.html", context, status=422 if form.is_bound else 200)


def _kept(request: SignedInRequest, dossier: Dossier, form: ImportForm) -> Import | None:
    """None, with the reason in the form, when the file is not taken."""
    upload = form.cleaned_data["file"]
    try:
        source, returned = read_upload(upload, dossier, published(dossier.edition).definition)
    except NotTaken as refusal:
        form.add_error("file", refusal.sentence)
        return None
    name = file_names.neutralise(upload.name)
    return keep_import(dossier=dossier, returned=returned, source=source, file_name=name, by=request.user)


@require_GET
def workbook_file(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    content = workbook_of(Filing(dossier), exported_by=str(request.user))
    return _file(content, uploads.XLSX, f"classeur-{dossier.number}.xlsx")


@require_GET
def answers_file(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    return _file(answers_as_json(Filing(dossier)), "application/json", f"reponses-{dossier.number}.json")


@require_GET
def fhir_file(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    return _file(answers_as_fhir(Filing(dossier)), "application/fhir+json", f"reponses-{dossier.number}.fhir.json")


def _file(content: bytes | str, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "POST"])
def import_answers(request: SignedInRequest, number: str, import_id: int) -> HttpResponse:
    """What a file would change, to its author alone; a POST imports it."""
    dossier = get_dossier_to_fill(request, number)
    mine = Import.objects.current().filter(dossier=dossier, author=request.user)
    kept = get_object_or_404(mine.select_related("dossier"), pk=import_id)
    taken, seen = _taken(request.POST), seen_from_text(request.POST.get("seen", ""))
    if request.method == "POST":
        try:
            apply_import(kept, seen=seen, taken=taken, by=request.user)
        except Moved:
            return _page(request, dossier, kept, taken=taken, seen=seen)
        return redirect("dossiers:import", number, import_id)
    return _page(request, dossier, kept)


def _page(
    request: SignedInRequest,
    dossier: Dossier,
    kept: Import,
    *,
    taken: frozenset[tuple[str, str]] = frozenset(),
    seen: dict[str, int] | None = None,
) -> HttpResponse:
    """`seen`: what was agreed to, and is no longer so: it is shown again, with what was chosen."""
    filing, returned = Filing(dossier), Returned.from_json(kept.content)
    planned = plan_of(filing, returned)
    moved = [key for key, revision in planned.seen.items() if seen is not None and seen.get(key) != revision]
    context = {
        "dossier": dossier,
        "kept": kept,
        "preview": preview(planned, returned, filing, taken=taken, moved=moved),
        "has_moved": seen is not None,
        "is_workbook": kept.source == Import.Source.WORKBOOK,
    }
    return render(request, "dossiers/import.html", context, status=200 if seen is None else 409)


def _taken(data: QueryDict) -> frozenset[tuple[str, str]]:
    """The contested cells to take from the file: those whose radio « choice-<key>-<field> » says so."""
    names = [name.removeprefix("choice-") for name in data if name.startswith("choice-") and data[name] == "take"]
    return frozenset((key, field) for key, _dash, field in (name.rpartition("-") for name in names))
