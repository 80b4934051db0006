"""The agenda of the commission: putting an item on it, settling it, and the page that lists what waits."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.agenda import waiting_for_commission
from assessments.forms.agenda import AgendaForm, RulingForm
from assessments.models import AgendaEntry
from assessments.operations import agenda as operations
from assessments.operations.assignments import ReviewOver
from assessments.operations.reviews import NotInCharge
from assessments.review_desk import Desk
from assessments.views.reviews import get_desk_item, get_review, item_page


@require_GET
def commission(request: SignedInRequest) -> HttpResponse:
    if not policies.can_review(request.user):
        raise PermissionDenied
    page = waiting_for_commission(request.user, request.GET.get("page"))
    return render(request, "reviews/commission.html", {"page": page})


@require_POST
def put(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    review = get_review(request, number)
    desk = Desk(review)
    asked = get_desk_item(desk, key)
    if not asked.is_review_item or not policies.can_judge(request.user, review):
        raise PermissionDenied
    form = AgendaForm(request.POST)
    if not form.is_valid():
        return item_page(request, desk, asked, typed={"agenda_form": form}, status=422)
    try:
        operations.put_on_agenda(
            review=review, question_id=asked.item.question_id, asked=form.cleaned_data["text"], by=request.user
        )
    except operations.AlreadyOnAgenda:
        messages.info(request, _("Cet élément est déjà à l’ordre du jour de la commission."))
    except (NotInCharge, ReviewOver):
        messages.error(request, _("Ce dossier n’est plus entre vos mains : rien n’a été inscrit."))
    else:
        messages.success(request, _("Cet élément est à l’ordre du jour de la commission."))
    return redirect("reviews:item", number, key)


@require_POST
def settle(request: SignedInRequest, number: str, key: str, pk: int) -> HttpResponse:
    review = get_review(request, number)
    entry = get_object_or_404(AgendaEntry.objects.select_related("review"), pk=pk, review=review, question__key=key)
    if not policies.can_settle(request.user, review):
        raise PermissionDenied
    form = RulingForm(request.POST)
    if not form.is_valid():
        desk = Desk(review)
        return item_page(request, desk, get_desk_item(desk, key), typed={"ruling_form": form}, status=422)
    try:
        operations.settle(entry, ruling=form.cleaned_data["text"], by=request.user)
    except operations.AlreadySettled:
        messages.info(
            request, _("Un collègue vient d’écrire l’avis de la commission : le vôtre n’a pas été enregistré.")
        )
    except (NotInCharge, ReviewOver):
        messages.error(request, _("Ce dossier n’est plus entre vos mains : rien n’a été enregistré."))
    else:
        messages.success(request, _("L’avis de la commission est enregistré : il reste à donner votre verdict."))
    return redirect("reviews:item", number, key)
