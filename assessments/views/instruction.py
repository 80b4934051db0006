"""The examination on the publisher's side: one page, and the replies written from it."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.filing import Filing
from assessments.forms.replies import ReplyForm
from assessments.instruction import Instruction
from assessments.models import Dossier
from assessments.operations.replies import NotAsked, reply
from assessments.overviews import step_of, turn_of
from assessments.views.dossiers import get_dossier, get_dossier_to_fill


@require_GET
def instruction(request: SignedInRequest, number: str) -> HttpResponse:
    return _page(request, get_dossier(request, number))


def _page(
    request: SignedInRequest, dossier: Dossier, typed: Mapping[str, ReplyForm] | None = None, *, status: int = 200
) -> HttpResponse:
    filing = Filing(dossier)
    shown = Instruction(filing, can_reply=policies.can_reply(request.user, filing), typed=typed)
    part, missing = policies.part_of(request.user, dossier), len(filing.next_evaluation.incomplete)
    context = {
        "dossier": dossier,
        "instruction": shown,
        "missing": missing,
        "turn": turn_of(dossier, part, missing, corrected=not filing.unsettled, answer_by=filing.answer_by),
        "step": step_of(dossier),
        "is_correcting": dossier.state == Dossier.State.CORRECTIONS_ASKED,
        "is_closed": dossier.state == Dossier.State.CLOSED,
        "is_over": dossier.state in Dossier.OVER,
        "was_submitted": filing.submission is not None,
        "can_submit": policies.can_submit(request.user, dossier),
    }
    return render(request, "dossiers/instruction.html", context, status=status)


@require_POST
def write_reply(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """A reply to one verdict of the last round; what could not be written stays on the page."""
    dossier = get_dossier_to_fill(request, number)
    if key not in Filing(dossier).working.definition.questions:
        raise Http404
    form = ReplyForm(request.POST, prefix=key)
    if not form.is_valid():
        return _page(request, dossier, {key: form}, status=422)
    try:
        reply(dossier=dossier, key=key, text=form.cleaned_data["text"], by=request.user)
    except NotAsked:
        messages.error(
            request, _("Les examinateurs n’attendent plus de réponse à cette question : rien n’a été écrit.")
        )
    else:
        messages.success(request, _("Votre réponse partira avec la prochaine soumission."))
    return redirect(f"{reverse('dossiers:instruction', args=[number])}#{key}")
