"""The reviewers' desk: the queue, one dossier, one item, its files, sending the round."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.policies import is_review_lead
from accounts.requests import SignedInRequest
from assessments import policies, review_queue
from assessments.charge import charge_of
from assessments.desk_items import DeskItem, Shown
from assessments.filed_answers import changes_since, files_of
from assessments.forms.reviews import SendForm, VerdictForm
from assessments.models import Assignment, Review, SubmissionEvidence, Verdict
from assessments.operations import reviews as operations
from assessments.operations.second_readings import Contested, contested
from assessments.pack_panel import pack_panel
from assessments.panel import Typed, before_sending, on_dossier, on_item
from assessments.phrases import PHRASES
from assessments.review_desk import Desk
from evidence.models import DocumentVersion
from evidence.operations import note_opening, note_preview
from evidence.views import file_response, preview_response

VERDICT_FIELDS = ("decision", "reason", "text", "corrected_score", "correction_reason", "seen_at")


@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    if not policies.can_review(request.user):
        raise PermissionDenied
    filters = review_queue.Filters.read(request.GET, is_lead=is_review_lead(request.user))
    shown = review_queue.queue(request.user, filters, request.GET.get("page"))
    return render(request, "reviews/queue.html", {"queue": shown, "filters": filters})


def get_review(request: SignedInRequest, number: str) -> Review:
    """A review that this reviewer may see, or 404."""
    visible = (
        Review.objects.visible_to(request.user)
        .select_related("dossier__product__publisher", "dossier__edition", "closed_by")
        .prefetch_related(Prefetch("assignments", Assignment.objects.select_related("reviewer").order_by("pk")))
    )
    return get_object_or_404(visible, dossier__number=number)


def get_desk_item(desk: Desk, key: str) -> DeskItem:
    if key not in desk.items:
        raise Http404
    return desk.items[key]


@require_GET
def detail(request: SignedInRequest, number: str) -> HttpResponse:
    return detail_page(request, Desk(get_review(request, number)))


def detail_page(request: SignedInRequest, desk: Desk, *, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    """The page of a dossier, with the forms that could not be taken as they were."""
    asked = request.GET.get("voir", "")
    shown = Shown(asked) if asked in Shown.values else desk.shown_first
    context = {
        "desk": desk,
        "shown": shown,
        "facets": desk.facets(shown),
        "sections": desk.sections(shown),
        "next_item": desk.next_waiting(),
        **charge_of(request.user, desk.review, is_ready=desk.is_ready),
        **pack_panel(desk.submission, space="reviews"),
        **on_dossier(request.user, desk, typed),
    }
    return render(request, "reviews/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
def item(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    review = get_review(request, number)
    desk = Desk(review)
    judged = get_desk_item(desk, key)
    if request.method == "GET":
        return item_page(request, desk, judged)
    if not policies.can_judge(request.user, review):
        raise PermissionDenied
    form = _form(judged, request.POST)
    if not form.is_valid():
        return item_page(request, desk, judged, form)
    verdict = {name: form.cleaned_data[name] for name in VERDICT_FIELDS}
    try:
        operations.give_verdict(round=desk.round, item=judged.item, by=request.user, **verdict)
    except operations.StaleVerdict as error:
        return _stale_page(request, desk, judged, error.current)
    except operations.NotInCharge:
        messages.error(request, _("Un collègue vient de prendre ce dossier : votre verdict n’a pas été enregistré."))
        return redirect("reviews:item", number, key)
    except operations.RoundOver:
        messages.error(request, _("Ce tour est terminé : votre verdict n’a pas été enregistré."))
        return redirect("reviews:item", number, key)
    messages.success(request, _("Verdict enregistré pour %(key)s.") % {"key": key})
    return _onward(desk, key, stay=form.cleaned_data["stay"])


def _onward(desk: Desk, key: str, *, stay: bool) -> HttpResponse:
    """To the next item without a verdict, or to the dossier when none is left."""
    number = desk.dossier.number
    if stay:
        return redirect("reviews:item", number, key)
    following = desk.next_waiting(after=key)
    return redirect("reviews:item", number, following.key) if following else redirect("reviews:detail", number)


def _form(judged: DeskItem, typed: QueryDict | None = None, **options: Any) -> VerdictForm:
    return VerdictForm(typed, has_score=judged.has_score, **options)


def _initial(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    return {
        "decision": verdict.decision,
        "reason": verdict.reason,
        "text": verdict.text,
        "corrected_percent": verdict.corrected_percent,
        "correction_reason": verdict.correction_reason,
        "seen_at": verdict.decided_at.isoformat(),
    }


def _stale_page(request: SignedInRequest, desk: Desk, judged: DeskItem, current: Verdict) -> HttpResponse:
    """What was typed stays; saved again, it replaces the colleague's verdict, now seen."""
    typed = request.POST.copy()
    typed["seen_at"] = current.decided_at.isoformat()
    return item_page(request, desk, judged, _form(judged, typed), theirs=current, status=409)


def item_page(
    request: SignedInRequest,
    desk: Desk,
    judged: DeskItem,
    form: VerdictForm | None = None,
    *,
    theirs: Verdict | None = None,
    typed: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one item, with the forms that could not be taken as they were."""
    before, after = desk.neighbours(judged.key)
    history = desk.history(judged.key)
    context = {
        "desk": desk,
        "item": judged,
        "result": desk.filed.questions[judged.key],
        "how": desk.how(judged.key),
        "why": desk.why(judged.key),
        "files": files_of(judged.item, judged.question, desk.dossier),
        "history": history,
        "changes": changes_since(history[0], judged.state) if history else [],
        "phrases": PHRASES,
        "position": desk.position(judged.key),
        "before": before,
        "after": after,
        "form": form or _form(judged, initial=_initial(judged.verdict)),
        "theirs": theirs,
        "can_judge": desk.is_open and policies.can_judge(request.user, desk.review),
        **on_item(request.user, desk, judged, typed),
    }
    return render(request, "reviews/item.html", context, status=status)


@require_GET
def evidence(request: SignedInRequest, number: str, key: str, pk: int) -> FileResponse:
    """A file of a submission of this dossier: only those that the scanner has cleared."""
    filed = _filed(request, number, key, pk)
    note_opening(filed.document_version, by=request.user, submission=filed.item.submission_id)
    return file_response(filed.document_version)


@require_GET
def preview(request: SignedInRequest, number: str, key: str, pk: int, page: int) -> FileResponse | HttpResponse:
    """A page of such a file, as the picture that was drawn of it.

    A browser gives a picture that is opened alone neither a title nor a text: a page around it does.
    """
    filed = _filed(request, number, key, pk)
    drawn = get_object_or_404(filed.document_version.previews, page=page)
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return render(request, "reviews/preview.html", {"number": number, "key": key, "filed": filed, "drawn": drawn})
    note_preview(filed.document_version, page, by=request.user, submission=filed.item.submission_id)
    return preview_response(drawn)


def _filed(request: SignedInRequest, number: str, key: str, pk: int) -> SubmissionEvidence:
    """A file of a submission that this reviewer may open, or 404."""
    return get_object_or_404(
        SubmissionEvidence.objects.select_related("document_version__document", "item"),
        pk=pk,
        item__submission__dossier=get_review(request, number).dossier_id,
        item__question__key=key,
        document_version__state=DocumentVersion.State.CLEAN,
    )


@require_http_methods(["GET", "POST"])
def send(request: SignedInRequest, number: str) -> HttpResponse:
    review = get_review(request, number)
    desk = Desk(review)
    form = SendForm(request.POST or None, contested=contested(desk.round))
    if request.method == "POST":
        if not policies.can_judge(request.user, review):
            raise PermissionDenied
        if form.is_valid() and _send(request, desk, form.cleaned_data):
            return redirect("reviews:detail", number)
    return render(request, "reviews/send.html", {"desk": desk, "form": form, **before_sending(request.user, desk)})


def _send(request: SignedInRequest, desk: Desk, said: dict[str, Any]) -> bool:
    """Whether the round left; when it did not, the page says why."""
    try:
        operations.send_back(
            round=desk.round,
            definition=desk.definition,
            by=request.user,
            message=said["message"],
            acknowledged=said.get("acknowledge", ()),
        )
    except (operations.NotExamined, operations.NothingToSend):
        messages.error(request, _("Le tour n’a pas été envoyé."))
        return False
    except Contested:
        messages.error(request, _("Un verdict vient d’être contesté : le tour n’a pas été envoyé, relisez cette page."))
        return False
    except operations.NotInCharge:
        messages.error(request, _("Un collègue vient de prendre ce dossier : le tour n’a pas été envoyé."))
        return False
    except operations.RoundOver:
        messages.info(request, _("Ce tour est déjà terminé."))
        return True
    messages.success(request, _("Le tour est envoyé : l’éditeur est prévenu et peut corriger."))
    return True
