"""The score before submitting, and the submission."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.filing import Filing
from assessments.forms.submitting import SubmitForm
from assessments.instruction import changes_of
from assessments.models import AnswerOrigin, Dossier
from assessments.operations.submissions import (
    FilesWaiting,
    GapsNotAcknowledged,
    Incomplete,
    NotReadAgain,
    NotSettled,
    NotSubmittable,
    submit,
    waiting_keys,
)
from assessments.overviews import overview, pending_gaps, sent_back_gaps, turn_of
from assessments.prechecks import prechecks
from assessments.taken_up import origin_gaps_to_file
from assessments.views.dossiers import get_dossier


@require_GET
def score(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    filing = Filing(dossier)
    missing = len(filing.next_evaluation.incomplete)
    context = {
        "dossier": dossier,
        "overview": overview(dossier, filing.next_copy, filing.next_evaluation, to_correct=filing.unsettled),
        "gaps_are_left": bool(filing.next_evaluation.incomplete or filing.next_evaluation.unmet),
        "to_settle": filing.unsettled,
        "pending": len(filing.pending),
        "turn": turn_of(dossier, policies.part_of(request.user, dossier), missing=missing),
        "is_fillable": dossier.state in Dossier.SUBMITTABLE,
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
    form = SubmitForm(request.POST, has_gaps="gap" in request.POST) if request.method == "POST" else None
    if form and form.is_valid():
        if _submit(request, dossier):
            return redirect(dossier)
        form = None  # the page changed since it was ticked
    filing = Filing(dossier)
    sent_back = sent_back_gaps(filing)
    glance = overview(dossier, filing.next_copy, filing.next_evaluation)
    context = {
        "dossier": dossier,
        "overview": glance,
        "sent_back": sent_back,
        "to_settle": [gap for gap in sent_back if not gap.is_done],
        "changes": changes_of(filing),
        "filing_day": filing.submission.submitted_at if filing.submission else None,
        "pending": pending_gaps(filing),
        "files_waiting": len(waiting_keys(filing.next_copy, filing.next_evaluation)),
        "is_fillable": dossier.state in Dossier.SUBMITTABLE,
        "is_complete": filing.next_evaluation.can_be_submitted,
        "prechecks": prechecks(filing),
        "to_confirm": origin_gaps_to_file(filing, AnswerOrigin.Kind.DOSSIER),
        "to_read_again": origin_gaps_to_file(filing, AnswerOrigin.Kind.EDITION),
        "review_days": settings.REVIEW_TARGET_DAYS,
        "form": form or SubmitForm(has_gaps=bool(glance.unmet)),
    }
    return render(request, "dossiers/submit.html", context, status=409 if request.method == "POST" else 200)


def _submit(request: SignedInRequest, dossier: Dossier) -> bool:
    """True when the dossier was handed over; otherwise the reason is told on the page."""
    try:
        submit(dossier=dossier, by=request.user, acknowledged=frozenset(request.POST.getlist("gap")))
    except NotSubmittable:
        messages.info(request, _("Ce dossier a déjà été soumis."))
        return True
    except Incomplete:
        messages.error(request, _("Il manque encore des réponses ou des preuves : complétez-les d’abord."))
    except NotSettled:
        messages.error(request, _("Il reste des éléments renvoyés sans correction ni réponse : traitez-les d’abord."))
    except NotReadAgain:
        messages.error(request, _("Il reste des réponses à relire sous la nouvelle édition : relisez-les d’abord."))
    except FilesWaiting:
        messages.error(request, _("Des fichiers attendent leur analyse antivirus : réessayez dans quelques minutes."))
    except GapsNotAcknowledged:
        messages.error(request, _("La liste des écarts a changé : relisez-la, puis soumettez à nouveau."))
    else:
        messages.success(request, _("Dossier soumis. Les examinateurs de l’ANS vont l’étudier."))
        return True
    return False
