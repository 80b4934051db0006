"""Questionnaires that come from files and leave as files."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from accounts.requests import SignedInRequest
from questionnaires.exchange.reading import NotRead, Reading
from questionnaires.exchange.recognition import recognise
from questionnaires.exchange.workbook_writing import TooLongForCell, empty_workbook
from questionnaires.exports import ExportFormat, exported
from questionnaires.fitting import misfits
from questionnaires.forms.exchange import QuestionnaireFileForm
from questionnaires.models import PublicationStatus, Version, WaitingFile
from questionnaires.operations.importing import (
    DoesNotFit,
    DraftThere,
    OtherQuestionnaire,
    Standing,
    import_waiting,
    keep_file,
    outlook,
)
from questionnaires.operations.storing import AlreadyPublished
from questionnaires.policies import can_edit
from questionnaires.views.access import for_editors

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {
    ExportFormat.YAML: "application/yaml; charset=utf-8",
    ExportFormat.WORKBOOK: XLSX,
    ExportFormat.FHIR: "application/fhir+json; charset=utf-8",
}


# --- Coming in ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@for_editors
def bring(request: SignedInRequest) -> HttpResponse:
    """A file is read and kept; nothing is written before its author has looked."""
    form = QuestionnaireFileForm(request.POST, request.FILES) if request.method == "POST" else QuestionnaireFileForm()
    if form.is_valid():
        name = (form.cleaned_data["file"].name or "")[:255]
        kept = keep_file(form.data_read, file_name=name, by=request.user)
        return redirect("questionnaires:import-confirm", kept.pk)
    waiting = WaitingFile.objects.current().defer("data").filter(author=request.user).first()
    context = {"form": form, "waiting": waiting}
    return render(request, "questionnaires/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_editors
def confirm(request: SignedInRequest, waiting_id: int) -> HttpResponse:
    """What was understood, to its author alone; a POST writes the draft."""
    kept = get_object_or_404(WaitingFile.objects.current().filter(author=request.user), pk=waiting_id)
    try:
        reading = recognise(bytes(kept.data), kept.file_name)
    except NotRead as error:  # it was readable when it came: the portal was updated since
        messages.error(request, str(error))
        return redirect("questionnaires:import")
    if request.method != "POST":
        return _understood(request, kept, reading)
    try:
        version = import_waiting(kept, reading, replace="replace" in request.POST, by=request.user)
    except (DoesNotFit, DraftThere, OtherQuestionnaire, AlreadyPublished):
        return _understood(request, kept, reading, refused=True)
    names = {"code": reading.content.code, "number": version.number}
    messages.success(request, _("Le brouillon %(code)s@%(number)s est écrit.") % names)
    return redirect("questionnaires:version", reading.content.code, version.number)


def _understood(
    request: SignedInRequest, kept: WaitingFile, reading: Reading, *, refused: bool = False
) -> HttpResponse:
    themes = reading.content.themes
    lengths = {item.key: item.length for item in reading.items if item.kind == "requirement"}
    context = {
        "kept": kept,
        "reading": reading,
        "outlook": outlook(reading),
        "Standing": Standing,
        "misfits": misfits(reading.content),
        "refused": refused,
        "tree": [(theme, [(each, lengths[each.key]) for each in theme.questions]) for theme in themes],
        "question_count": sum(len(theme.questions) for theme in themes),
        "parts": {part.code: part for part in reading.content.parts},
    }
    return render(request, "questionnaires/import_confirm.html", context, status=409 if refused else 200)


@require_GET
@for_editors
def template(request: SignedInRequest) -> HttpResponse:
    """The empty workbook."""
    return _file(empty_workbook(), XLSX, "modele-de-questionnaire.xlsx")


# --- Going out ------------------------------------------------------------------------------------


@require_GET
@login_not_required
def export(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The formats of a version."""
    version = _readable(request.user, code, number)
    return _export_page(request, version) if version else _absent(request)


@require_GET
@login_not_required
def export_file(request: HttpRequest, code: str, number: str, taken_as: ExportFormat) -> HttpResponse:
    version = _readable(request.user, code, number)
    if version is None:
        return _absent(request)
    try:
        content = exported(version, taken_as)
    except TooLongForCell as error:
        return _export_page(request, version, problem=str(error))
    return _file(content, CONTENT_TYPES[taken_as], f"{code.lower()}-{number}.{taken_as}")


def _readable(user: object, code: str, number: str) -> Version | None:
    """What is published is everybody's; a draft is the editors'."""
    versions = Version.objects.select_related("questionnaire").defer("source")
    version = versions.filter(questionnaire__code=code, number=number).first()
    if version and version.status == PublicationStatus.DRAFT and not (isinstance(user, User) and can_edit(user)):
        return None
    return version


def _absent(request: HttpRequest) -> HttpResponse:
    """Whether a draft exists is not told: it may be theirs once they have signed in."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path())


def _export_page(request: HttpRequest, version: Version, problem: str = "") -> HttpResponse:
    context = {
        "version": version,
        "is_draft": version.status == PublicationStatus.DRAFT,
        "problem": problem,
        "can_edit": isinstance(request.user, User) and can_edit(request.user),
    }
    return render(request, "questionnaires/export.html", context, status=422 if problem else 200)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
