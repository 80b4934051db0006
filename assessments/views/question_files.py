"""The files of an answer: joined from one's computer or from the library, opened, removed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from accounts.requests import SignedInRequest
from assessments.answer_states import HeldFile
from assessments.file_rules import refusal_of_file
from assessments.models import Attachment, Dossier
from assessments.operations.answers import NotOpen, attach, detach
from assessments.overviews import theme_row
from assessments.proofs import versions_to_choose
from assessments.views.desks import Desk
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from evidence.arrivals import Arrival, arrivals
from evidence.models import DocumentVersion
from evidence.operations import note_opening, receive
from evidence.policies import is_cleared
from evidence.sentences import UPLOADS
from evidence.uploads import InvalidUpload
from evidence.views import file_response

CHOICES_PER_PAGE = 10


@dataclass(slots=True)
class Attached:
    """What became of posted files: how many were attached, and a sentence for each that was not. What came in pieces
    is refused by its upload, where the page shows it."""

    count: int = 0
    refusals: list[str] = field(default_factory=list)
    refused_uploads: dict[str, str] = field(default_factory=dict)

    def refuse(self, arrival: Arrival, sentence: str) -> None:
        if arrival.upload_id:
            self.refused_uploads[arrival.upload_id] = sentence
        else:
            self.refusals.append(sentence)


def attach_posted(request: SignedInRequest, desk: Desk, key: str) -> Attached:
    """Receive and attach the files of the request."""
    outcome = Attached()
    there = _there(desk, key)
    for arrival in arrivals(request, publisher=desk.dossier.product.publisher, prefix=f"{key}-"):
        if arrival.became and arrival.became.pk in there:
            continue
        if sentence := _attach_one(request, desk, key, arrival, there):
            outcome.refuse(arrival, sentence)
        else:
            outcome.count += 1
    return outcome


def _there(desk: Desk, key: str) -> dict[int, HeldFile]:
    """The files of the answer, by identifier."""
    return {file.pk: file for file in desk.copy.state(key).files}


def _attach_one(request: SignedInRequest, desk: Desk, key: str, arrival: Arrival, there: dict[int, HeldFile]) -> str:
    """Attach the file and note it among those that are there. Returns why it was not, or nothing."""
    question = desk.copy.definition.questions[key]
    if arrival.is_gone:
        return str(UPLOADS["gone"])
    if sentence := refusal_of_file(question, arrival.name, there=there.values()):
        return sentence
    keep = partial(receive, publisher=desk.dossier.product.publisher, by=request.user)
    try:
        version = arrival.receive(lambda file: keep(file=file))
        if version.pk in there:
            return _("Ce fichier est déjà joint, sous le nom %(name)s.") % {"name": version.original_name}
        attach(dossier=desk.dossier, key=key, version=version, by=request.user)
    except InvalidUpload as error:
        return str(error.sentence)
    except NotOpen:
        return _("Cette question n’est plus ouverte : le fichier n’a pas été joint.")
    there[version.pk] = version
    return ""


@require_GET
def file(request: SignedInRequest, number: str, key: str, attachment_id: int) -> FileResponse:
    """A file attached to an answer, for whoever sees the dossier: the team, and consultants to whom it is open."""
    dossier = get_dossier(request, number)
    attachments = Attachment.objects.select_related("document_version__document")
    attachment = get_object_or_404(
        attachments, pk=attachment_id, answer__assessment__dossier=dossier, answer__question__key=key, removed_at=None
    )
    version = attachment.document_version
    if not version.is_readable or not is_cleared(request.user, version.document):
        raise PermissionDenied
    note_opening(version, by=request.user, dossier=dossier.number)
    return file_response(version)


def _files_fragment(
    request: SignedInRequest, dossier: Dossier, key: str, *, refusals: Iterable[str] = (), takes_focus: bool = False
) -> HttpResponse:
    """The files again. `takes_focus`: the button that asked is among what is replaced, and loses it."""
    desk = Desk.of(request, dossier)
    context = {
        "dossier": dossier,
        "card": desk.card(key),
        "refusals": refusals,
        "row": theme_row(dossier, *desk.place(key), desk.evaluation),
        "announce": request.method == "POST",
        "takes_focus": takes_focus,
    }
    return render(request, "questions/files_changed.html", context)


@require_http_methods(["GET", "POST"])
def files(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """The files of one answer: GET while they are being scanned, POST to add some (htmx)."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    desk.place(key)
    outcome = attach_posted(request, desk, key) if request.method == "POST" else Attached()
    response = _files_fragment(request, dossier, key, refusals=outcome.refusals)
    if outcome.refused_uploads:
        trigger_client_event(response, "uploads:done", {"refused": outcome.refused_uploads})
    return response


@require_POST
def remove_file(request: SignedInRequest, number: str, key: str, attachment_id: int) -> HttpResponse:
    dossier = get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    desk.place(key)
    attachment = get_object_or_404(
        Attachment,
        pk=attachment_id,
        answer__assessment__dossier=dossier,
        answer__assessment__replaced_by=None,
        answer__question__key=key,
    )
    refusals = []
    try:
        detach(dossier=dossier, key=key, attachment=attachment, by=request.user)
    except NotOpen:
        refusals.append(_("Cette question n’est plus ouverte : le fichier reste joint."))
    return _changed(request, desk, key, refusals)


@require_http_methods(["GET", "POST"])
def choose(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """The publisher's own proofs, to join one to the answer: a page, or with htmx a part of the question's card."""
    dossier = get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    section, theme = desk.place(key)
    if request.method == "POST":
        version = get_object_or_404(
            versions_to_choose(request.user, dossier), pk=_number(request.POST.get("version", ""))
        )
        return _changed(request, desk, key, _refusals_of(request, desk, key, version))
    words = request.GET.get("q", "").strip()
    page = Paginator(versions_to_choose(request.user, dossier, words), CHOICES_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "dossier": dossier,
        "section": section,
        "theme": theme,
        "card": desk.card(key),
        "page": page,
        "words": words,
        "there": _there(desk, key),
    }
    template = "_choice.html" if request.headers.get("HX-Request") else "choose.html"
    return render(request, f"dossiers/{template}", context)


def _refusals_of(request: SignedInRequest, desk: Desk, key: str, version: DocumentVersion) -> list[str]:
    """Attach the version. Returns why it was not, in a list of one sentence at most."""
    there = _there(desk, key)
    if version.pk in there:
        return [_("Ce fichier est déjà joint, sous le nom %(name)s.") % {"name": version.original_name}]
    question = desk.copy.definition.questions[key]
    if sentence := refusal_of_file(question, version.original_name, there=there.values()):
        return [sentence]
    try:
        attach(dossier=desk.dossier, key=key, version=version, by=request.user)
    except NotOpen:
        return [_("Cette question n’est plus ouverte : le fichier n’a pas été joint.")]
    return []


def _changed(request: SignedInRequest, desk: Desk, key: str, refusals: list[str]) -> HttpResponse:
    """The files again in place, by htmx; without it, back to the question."""
    if request.headers.get("HX-Request"):
        return _files_fragment(request, desk.dossier, key, refusals=refusals, takes_focus=True)
    for sentence in refusals:
        messages.error(request, sentence)
    section, theme = desk.place(key)
    response = redirect("dossiers:theme", desk.dossier.number, section.slug, theme.slug)
    response["Location"] += f"#{key}"
    return response


def _number(text: str) -> int:
    """The identifier that was posted; 0, which is nobody's, for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
