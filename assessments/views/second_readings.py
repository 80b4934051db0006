"""Asking a colleague for a second reading, and what the second reader thinks of each verdict."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.charge import candidates_for
from assessments.forms.second_readings import AGREES, OpinionForm
from assessments.operations import second_readings as operations
from assessments.operations.assignments import ReviewOver, Unfit
from assessments.review_desk import Desk
from assessments.views.reviews import get_desk_item, get_review, item_page


@require_POST
def ask(request: SignedInRequest, number: str) -> HttpResponse:
    review = get_review(request, number)
    if not policies.can_ask_second_reading(request.user, review):
        raise PermissionDenied
    chosen = request.POST.get("reviewer", "")
    reviewer = get_object_or_404(candidates_for(review), pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        operations.ask_second_reading(review, reviewer=reviewer, by=request.user)
    except (Unfit, operations.InCharge):
        messages.error(request, _("Cette personne ne peut pas relire ce dossier."))
    except ReviewOver:
        messages.info(request, _("Cette instruction est close."))
    else:
        messages.success(request, _("Un second regard est demandé à %(who)s.") % {"who": reviewer})
    return redirect("reviews:detail", number)


@require_POST
def give(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    review = get_review(request, number)
    desk = Desk(review)
    read = get_desk_item(desk, key)
    if not policies.can_give_opinion(request.user, review):
        raise PermissionDenied
    if read.verdict is None:
        raise Http404
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return item_page(request, desk, read, typed={"opinion_form": form}, status=422)
    try:
        operations.give_opinion(
            verdict=read.verdict,
            agrees=form.cleaned_data["decision"] == AGREES,
            text=form.cleaned_data["text"],
            seen_at=form.cleaned_data["seen_at"],
            by=request.user,
        )
    except operations.VerdictGone:
        messages.error(request, _("Ce verdict a changé depuis : relisez-le avant de donner votre avis."))
    except (operations.NotAsked, operations.RoundSent, ReviewOver):
        messages.error(request, _("Il est trop tard pour donner un avis sur ce verdict."))
    else:
        messages.success(request, _("Votre avis est enregistré pour %(key)s.") % {"key": key})
    return redirect("reviews:item", number, key)
