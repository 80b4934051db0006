"""The score before submitting, and the submission."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.answer_states import working_copy
from assessments.models import Dossier
from assessments.operations.submissions import (
    FilesWaiting,
    GapsNotAcknowledged,
    Incomplete,
    NotSubmittable,
    submit,
    waiting_keys,
)
from assessments.overviews import overview, sent_back_gaps, turn_of
from assessments.views.dossiers import get_dossier


@require_GET
def score(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    copy = working_copy(dossier)
    evaluation = copy.evaluate(timezone.localdate())
    context = {
        "dossier": dossier,
        "overview": overview(dossier, copy, evaluation),
        "turn": turn_of(dossier, policies.part_of(request.user, dossier), missing=len(evaluation.incomplete)),
        "is_fillable": _is_fillable(dossier),
        "can_submit": policies.can_submit(request.user, dossier),
    }
    return render(request, "dossiers/score.html", context)


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def submission(request: SignedInRequest, number: str) -> HttpResponse:
    """Summary, acknowledgement of the gaps, confirmation."""
    dossier = get_dossier(request, number)
    if not policies.can_submit(request.user, dossier):
        raise PermissionDenied
    unticked: dict[str, str] = {}
    if request.method == "POST":
        unticked = _unticked(request)
        if not unticked and _submit(request, dossier):
            return redirect(dossier)
    copy = working_copy(dossier)
    evaluation = copy.evaluate(timezone.localdate())
    context = {
        "dossier": dossier,
        "overview": overview(dossier, copy, evaluation),
        "sent_back": sent_back_gaps(dossier, copy, policies.reopening_verdicts(dossier, copy)),
        "files_waiting": len(waiting_keys(copy, evaluation)),
        "is_fillable": _is_fillable(dossier),
        "is_complete": evaluation.can_be_submitted,
        "unticked": unticked,
    }
    return render(request, "dossiers/submit.html", context, status=409 if request.method == "POST" else 200)


def _is_fillable(dossier: Dossier) -> bool:
    return dossier.state in {Dossier.State.FILLING, Dossier.State.CORRECTIONS_ASKED}


def _unticked(request: SignedInRequest) -> dict[str, str]:
    """The boxes that must be ticked and are not, each with its sentence."""
    unticked = {}
    if request.POST.getlist("gap") and not request.POST.get("acknowledge"):
        unticked["acknowledge"] = _("Cochez cette case pour dire que vous connaissez ces écarts.")
    if not request.POST.get("confirm"):
        unticked["confirm"] = _("Cochez cette case pour confirmer.")
    return unticked


def _submit(request: SignedInRequest, dossier: Dossier) -> bool:
    """True when the dossier was handed over; otherwise the reason is told on the page."""
    try:
        submit(dossier=dossier, by=request.user, acknowledged=frozenset(request.POST.getlist("gap")))
    except NotSubmittable:
        messages.info(request, _("Ce dossier a déjà été soumis."))
        return True
    except Incomplete:
        messages.error(request, _("Il manque encore des réponses ou des preuves : complétez-les d’abord."))
    except FilesWaiting:
        messages.error(request, _("Des fichiers attendent leur analyse antivirus : réessayez dans quelques minutes."))
    except GapsNotAcknowledged:
        messages.error(request, _("La liste des écarts a changé : relisez-la, puis soumettez à nouveau."))
    else:
        messages.success(request, _("Dossier soumis. Les examinateurs de l’ANS vont l’étudier."))
        return True
    return False
