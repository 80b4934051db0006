"""Taking a review, giving it to somebody, leaving it for a conflict of interest."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.requests import SignedInRequest
from assessments import policies
from assessments.charge import candidates_for
from assessments.forms.reviews import RecusalForm
from assessments.operations import assignments
from assessments.views.reviews import get_review


@require_POST
def take(request: SignedInRequest, number: str) -> HttpResponse:
    review = get_review(request, number)
    try:
        assignments.take(review, by=request.user)
    except assignments.AlreadyTaken:
        messages.error(request, _("Un collègue vient de prendre ce dossier."))
    except assignments.Relieved:
        messages.error(request, _("Un responsable vous a retiré ce dossier : lui seul peut vous le rendre."))
    except assignments.ReadsSecond:
        messages.error(request, _("Vous relisez ce dossier : seul un responsable peut vous le confier."))
    except assignments.Unfit:
        messages.error(request, _("Vous ne pouvez pas examiner ce dossier."))
    except assignments.ReviewOver:
        messages.info(request, _("Cette instruction est close."))
    else:
        messages.success(request, _("Ce dossier vous est confié."))
    return redirect("reviews:detail", number)


@require_POST
@reauthentication_required
def assign(request: SignedInRequest, number: str) -> HttpResponse:
    """Put somebody in charge, or relieve them."""
    review = get_review(request, number)
    if not policies.can_assign(request.user, review):
        raise PermissionDenied
    chosen, relieving = request.POST.get("reviewer", ""), request.POST.get("action") == "relieve"
    # Whoever is in charge can be relieved, even if their account was closed or their role taken since.
    people = User.objects.filter(assignments__review=review).distinct() if relieving else candidates_for(review)
    reviewer = get_object_or_404(people, pk=int(chosen) if chosen.isdecimal() else 0)
    try:
        if relieving:
            assignments.unassign(review, reviewer=reviewer, by=request.user)
            messages.success(request, _("Ce dossier n’est plus confié à %(who)s.") % {"who": reviewer})
        else:
            assignments.assign(review, reviewer=reviewer, by=request.user)
            messages.success(request, _("Ce dossier est confié à %(who)s.") % {"who": reviewer})
    except assignments.Unfit:
        messages.error(request, _("Cette personne ne peut pas examiner ce dossier."))
    except assignments.ReviewOver:
        messages.info(request, _("Cette instruction est close."))
    return redirect("reviews:detail", number)


@require_http_methods(["GET", "POST"])
def recuse(request: SignedInRequest, number: str) -> HttpResponse:
    review = get_review(request, number)
    if not policies.can_recuse(request.user, review):
        raise PermissionDenied
    form = RecusalForm(request.POST or None)
    if form.is_valid():
        try:
            assignments.recuse(review, by=request.user, reason=form.cleaned_data["reason"])
        except assignments.ReviewOver:
            messages.info(request, _("Cette instruction est close."))
        else:
            messages.success(request, _("Votre déport est enregistré : vous ne verrez plus ce dossier."))
        return redirect("reviews:queue")
    return render(request, "reviews/recuse.html", {"review": review, "dossier": review.dossier, "form": form})
