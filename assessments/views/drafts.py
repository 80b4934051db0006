"""What is typed and not saved yet: kept as a draft, merged with a colleague's answer, or given up."""

import uuid
from contextlib import suppress

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from assessments.answer_states import answer_at
from assessments.forms.answers import AnswerForm
from assessments.forms.drafts import Typed, base_in, merged_in, seen_in, typed_in
from assessments.models import Dossier
from assessments.operations.answers import NotOpen, give_way
from assessments.operations.drafts import drop_draft, keep_draft
from assessments.overviews import place_of
from assessments.teamwork import Teamwork
from assessments.views.desks import Desk
from assessments.views.dossiers import get_dossier_to_fill
from questionnaires import engine

# Tells the browser that it need not keep what the server keeps: see static/js/filling.js.
KEPT = "X-Draft-Kept"


def keep_typed(request: SignedInRequest, dossier: Dossier, key: str, data: Typed) -> bool:
    """Keep what was typed as the person's draft. False when the question has closed meanwhile."""
    try:
        keep_draft(
            dossier=dossier, key=key, typed=typed_in(data, key), base_revision=base_in(data, key), by=request.user
        )
    except NotOpen:
        return False
    return True


def told_kept(response: HttpResponse) -> HttpResponse:
    response[KEPT] = "1"
    return response


def merge_typed(desk: Desk, question: engine.Question, data: Typed) -> Typed:
    """What was typed with its texts merged with what is stored, from the revision that it was written from."""
    key = question.key
    base = answer_at(desk.dossier, desk.copy.edition.question_ids[key], base_in(data, key))
    return merged_in(data, question, base, desk.copy.state(key))


def show_merged(request: SignedInRequest, dossier: Dossier, question: engine.Question, data: QueryDict) -> HttpResponse:
    """The question again with the merged texts, to be read before they are saved."""
    desk = Desk.of(request, dossier)
    desk.question(question.key)
    merged = merge_typed(desk, question, data)
    is_kept = keep_typed(request, dossier, question.key, merged)
    said = _("Les deux textes sont réunis, vos phrases avant les siennes : relisez, puis enregistrez.")
    response = _drawn_again(request, dossier, question.key, said, data=merged, status=422)
    return told_kept(response) if is_kept else response


def take_theirs(
    request: SignedInRequest, dossier: Dossier, key: str, form: AnswerForm, data: Typed, mutation_id: uuid.UUID | None
) -> HttpResponse:
    """The question again with the colleague's answer; one's own is in the history. Raises StaleAnswer."""
    with suppress(NotOpen):  # then there is nothing to choose any more: the question is drawn as it stands
        give_way(
            dossier=dossier,
            key=key,
            entry=form.entry if form.is_valid() else None,
            seen=seen_in(data, key),
            by=request.user,
            mutation_id=mutation_id,
        )
    return _drawn_again(request, dossier, key, _("L’autre réponse est gardée. La vôtre reste dans l’historique."))


@require_POST
def give_up(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """Forget the person's draft: the question shows what is stored."""
    dossier = get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    desk.question(key)
    drop_draft(dossier=dossier, key=key, by=request.user)
    if "HX-Request" not in request.headers:
        return redirect(place_of(dossier, desk.copy, key))
    return _drawn_again(request, dossier, key, _("Brouillon abandonné : la réponse enregistrée est affichée."))


def _drawn_again(
    request: SignedInRequest, dossier: Dossier, key: str, said: str, *, data: Typed | None = None, status: int = 200
) -> HttpResponse:
    desk = Desk.of(request, dossier)
    desk.question(key)
    context = {
        "dossier": dossier,
        "card": desk.card(key, data=data),
        "said": said,
        "teamwork": Teamwork(desk.filing, request.user),
    }
    return render(request, "questions/drawn_again.html", context, status=status)
