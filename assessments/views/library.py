"""A publisher's library of proofs: the list, a deposit, one document and its versions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.models import Publisher
from accounts.policies import FILLING, can_fill
from accounts.requests import SignedInRequest
from assessments import library
from assessments.forms.library import DepositForm, DocumentForm
from assessments.operations.new_versions import Kept, use_everywhere
from evidence.arrivals import Arrival, arrivals
from evidence.library import SameBytes, add_version, describe
from evidence.models import Document, DocumentVersion, Preview
from evidence.operations import receive
from evidence.pieces import abandon
from evidence.policies import cleared_for
from evidence.uploads import InvalidUpload

PER_PAGE = 25
# Pages shown of each version; all of them are for who examines it.
PREVIEWED_PAGES = 5
KEPT = {
    Kept.CLOSED: gettext_lazy("Ce dossier est clos, ou vous ne pouvez que le lire : ses réponses ne changent pas."),
    Kept.HIDDEN: gettext_lazy("La question n’est plus posée dans ce dossier."),
    Kept.FORMAT: gettext_lazy("La question ne prend pas de fichier de ce type."),
    Kept.FULL: gettext_lazy("La question a déjà tous les fichiers qu’elle prend."),
}


def _publishers_to_fill(request: SignedInRequest) -> QuerySet[Publisher]:
    own = [pk for pk, role in request.user.membership_roles.items() if role in FILLING]
    return Publisher.objects.visible_to(request.user).filter(pk__in=own)


@require_GET
def index(request: SignedInRequest) -> HttpResponse:
    filters = library.Filters.read(request.GET)
    page = Paginator(library.listed(request.user, filters), PER_PAGE).get_page(request.GET.get("page"))
    roles = request.user.membership_roles
    context = {
        "page": page,
        "rows": library.rows_of(page, request.user),
        "filters": filters,
        "choices": {
            "conditions": library.Condition.choices,
            "kinds": Document.Kind.choices,
            "validities": library.Validity.choices,
            "usages": library.Usage.choices,
        },
        "several_publishers": len(roles) > 1,
        "skips_confidential": not roles.keys() <= set(cleared_for(request.user)),
        "can_deposit": any(role in FILLING for role in roles.values()),
    }
    return render(request, "evidence/list.html", context)


# --- Deposit --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def deposit(request: SignedInRequest) -> HttpResponse:
    """One or several documents at once, by a plain form, or one that came in pieces (htmx)."""
    publishers = _publishers_to_fill(request)
    choices = list(publishers)
    if not choices:
        raise PermissionDenied
    data: Any = request.POST if len(choices) > 1 else {"publisher": choices[0].pk}
    form = DepositForm(data if request.method == "POST" else None, publishers=publishers)
    refusals: list[str] = []
    if request.method == "POST" and form.is_valid():
        publisher = form.cleaned_data["publisher"]
        keep = partial(receive, publisher=publisher, by=request.user)
        given = list(arrivals(request, publisher=publisher))
        if given and request.headers.get("HX-Request"):
            return _told(given, lambda arrival: _deposit(arrival, lambda file: keep(file=file)))
        refusals = _deposit_all(request, given, lambda file: keep(file=file))
        if not refusals:
            return redirect("library:list")
    context = {"form": form, "several": len(choices) > 1, "publishers": choices, "refusals": refusals}
    status = 422 if request.method == "POST" else 200
    return render(request, "evidence/deposit.html", context, status=status)


def _deposit_all(request: SignedInRequest, given: list[Arrival], keep: Callable[..., DocumentVersion]) -> list[str]:
    """Keep each file; say how many were. Returns a sentence for each that was not."""
    if not given:
        return [_("Choisissez au moins un fichier.")]
    sentences = [sentence for arrival in given if (sentence := _deposit(arrival, keep)[1])]
    if kept := len(given) - len(sentences):
        text = ngettext("%(count)d document déposé.", "%(count)d documents déposés.", kept)
        messages.success(request, text % {"count": kept})
    return sentences


def _deposit(arrival: Arrival, keep: Callable[..., DocumentVersion]) -> tuple[DocumentVersion | None, str]:
    """The version that the file became, or why it was not kept."""
    started = timezone.now()
    try:
        version = arrival.became or arrival.receive(keep)
    except InvalidUpload as error:
        return None, _named(arrival, str(error.sentence))
    if version.received_at < started and arrival.became is None:
        known = _("%(name)s est déjà dans vos preuves, sous le titre « %(title)s ».")
        return None, known % {"name": arrival.name, "title": version.document.title}
    return version, ""


def _named(arrival: Arrival, sentence: str) -> str:
    """Of a plain form, which may hold several files, the sentence names the one; elsewhere it stands beside it."""
    if arrival.upload_id or not arrival.name:
        return sentence
    return _("%(name)s : %(sentence)s") % {"name": arrival.name, "sentence": sentence}


def _told(given: list[Arrival], keep: Callable[[Arrival], tuple[DocumentVersion | None, str]]) -> HttpResponse:
    """Tell the script what became of each upload: where its document is, or why it was not kept."""
    kept, refused = {}, {}
    for arrival in given:
        version, sentence = keep(arrival)
        if version is None:
            refused[arrival.upload_id] = sentence
        else:
            kept[arrival.upload_id] = reverse("library:document", args=[version.document_id])
    return trigger_client_event(HttpResponse(), "uploads:done", {"kept": kept, "refused": refused})


# --- One document ---------------------------------------------------------------------------------


def _get_document(request: SignedInRequest, pk: int) -> Document:
    """The document of the person's own publisher, or 404."""
    few = Preview.objects.filter(page__lte=PREVIEWED_PAGES).order_by("page")
    versions = (
        DocumentVersion.objects.select_related("received_from")
        .prefetch_related(Prefetch("previews", few))
        .order_by("-number")
    )
    visible = Document.objects.visible_to(request.user).select_related("publisher")
    return get_object_or_404(visible.prefetch_related(Prefetch("versions", versions)), pk=pk)


def _get_document_to_fill(request: SignedInRequest, pk: int) -> Document:
    """The same, for those who may change it; others get 403."""
    document = _get_document(request, pk)
    if not can_fill(request.user, document.publisher_id or 0):
        raise PermissionDenied
    return document


@require_http_methods(["GET", "POST"])
def document(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _get_document(request, pk) if request.method == "GET" else _get_document_to_fill(request, pk)
    # A form of one's own row: a refused form leaves `found` as it is stored.
    form = DocumentForm(request.POST or None, instance=Document.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        describe(document=found, description=form.description, by=request.user)
        messages.success(request, _("Les informations du document sont enregistrées."))
        return redirect("library:document", pk)
    return _document_page(request, found, form=form, status=422 if request.method == "POST" else 200)


@require_POST
def add(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new version, by a plain form, or one that came in pieces (htmx)."""
    found = _get_document_to_fill(request, pk)
    assert found.publisher is not None  # otherwise it would be visible to nobody
    given = next(arrivals(request, publisher=found.publisher), Arrival())
    version, sentence = _add(given, found, request) if given.name else (None, _("Choisissez un fichier."))
    if version is None:
        if given.upload_id:
            return trigger_client_event(HttpResponse(), "uploads:done", {"refused": {given.upload_id: sentence}})
        return _document_page(request, found, refusal=sentence, status=422)
    messages.success(request, _("Version %(number)d déposée : elle va être analysée.") % {"number": version.number})
    if found.issued_on or found.expires_on:
        messages.info(request, _("Vérifiez que les dates du document sont encore celles de cette version."))
    address = reverse("library:document", args=[pk])
    return HttpResponseClientRedirect(address) if given.upload_id else redirect(address)


def _add(arrival: Arrival, document: Document, request: SignedInRequest) -> tuple[DocumentVersion | None, str]:
    """The new version, or why there is none."""
    try:
        return arrival.receive(lambda file: add_version(document=document, file=file, by=request.user)), ""
    except InvalidUpload as error:
        return None, str(error.sentence)
    except SameBytes as error:
        if arrival.upload:
            abandon(arrival.upload)
        same = _("Ce fichier est identique à la version %(number)d, la version actuelle : rien n’a changé.")
        return None, same % {"number": error.version.number}


@require_POST
def replace(request: SignedInRequest, pk: int) -> HttpResponse:
    """Use the newest clean version wherever the answer can still change, and tell what was done. May be sent again."""
    found = _get_document_to_fill(request, pk)
    version = found.newest_clean
    if version is None:
        messages.error(request, _("Aucune version de ce document ne peut encore être utilisée."))
        return redirect("library:document", pk)
    replacement = use_everywhere(version=version, by=request.user)
    context = {
        "document": found,
        "version": version,
        "done": [(place, library.place_url(place.dossier, place.key)) for place in replacement.done],
        "kept": [
            (place, library.place_url(place.dossier, place.key), KEPT[reason])
            # Together where the reason is the same: the page says it once.
            for place, reason in sorted(replacement.kept, key=lambda each: each[1])
        ],
    }
    return render(request, "evidence/replaced.html", context)


def _document_page(
    request: SignedInRequest, document: Document, *, form: DocumentForm | None = None, refusal: str = "", status: int
) -> HttpResponse:
    rows = library.version_rows(document, request.user)
    may_change = can_fill(request.user, document.publisher_id or 0)
    context = {
        "document": document,
        "rows": rows,
        "form": form or DocumentForm(instance=document),
        "refusal": refusal,
        "can_fill": may_change,
        "is_expiring": library.is_expiring(document),
        "newest": document.newest_clean,
        "offers_newest": may_change and library.may_be_used_instead(rows),
    }
    return render(request, "evidence/document.html", context, status=status)
