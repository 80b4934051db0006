"""The history of one answer: read it, and take an earlier answer back."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from assessments.answer_states import AnswerState
from assessments.forms.history import RestoreForm
from assessments.history import can_hold, entry_of, moments_of, steps_of
from assessments.models import AnswerRevision
from assessments.operations.answers import NotOpen, Saved, StaleAnswer, save_answer
from assessments.overviews import place_of
from assessments.teamwork import Teamwork
from assessments.views.desks import Desk
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from assessments.views.filling import saved_context
from ui.formats import long_date

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
def history(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """GET shows it: a page, or with htmx a part of the question's card. POST takes an earlier answer back."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    desk.question(key)
    if request.method == "POST":
        return _restore(request, desk, key)
    template = "_history.html" if request.headers.get("HX-Request") else "history.html"
    return render(request, f"dossiers/{template}", _context(request, desk, key))


def _context(request: SignedInRequest, desk: Desk, key: str) -> dict[str, object]:
    question, state = desk.copy.definition.questions[key], desk.copy.state(key)
    page = Paginator(moments_of(desk.dossier, key), PER_PAGE).get_page(request.GET.get("page"))
    is_open = key in desk.open_keys
    return {
        "dossier": desk.dossier,
        "question": question,
        "state": state,
        "page": page,
        "steps": steps_of(page.object_list, question, state, may_restore=is_open),
        "is_open": is_open,
        "question_url": place_of(desk.dossier, desk.copy, key),
    }


def _restore(request: SignedInRequest, desk: Desk, key: str) -> HttpResponse:
    form = RestoreForm(request.POST, prefix=key)
    if not form.is_valid():
        raise Http404
    revision = get_object_or_404(
        AnswerRevision,
        answer__assessment__dossier=desk.dossier,
        answer__assessment__replaced_by=None,
        answer__question__key=key,
        number=form.cleaned_data["number"],
    )
    if not can_hold(desk.copy.definition.questions[key], revision):
        return _refused(request, desk, key, _("Le questionnaire ne propose plus cette réponse : rien n’a changé."))
    try:
        saved = save_answer(
            dossier=desk.dossier,
            key=key,
            entry=entry_of(revision),
            base_revision=form.cleaned_data["revision"],
            by=request.user,
        )
    except StaleAnswer as error:
        return _refused(request, desk, key, _changed_meanwhile(request, error.current))
    except NotOpen:
        return _refused(request, desk, key, _("Cette question n’est plus ouverte : rien n’a été restauré."))
    return _restored(request, desk, key, revision, saved)


def _restored(request: SignedInRequest, desk: Desk, key: str, revision: AnswerRevision, saved: Saved) -> HttpResponse:
    words = {"key": key, "when": _moment(revision.saved_at)}
    sentence = _("Réponse %(key)s restaurée comme elle était le %(when)s.") % words
    if request.headers.get("HX-Request"):
        context = saved_context(key, saved) | {
            "history_note": sentence,
            "history_tone": "valid",
            "teamwork": Teamwork(saved.after, request.user),
        }
        return render(request, "questions/restored.html", context)
    messages.success(request, sentence)
    return redirect(place_of(desk.dossier, desk.copy, key))


def _refused(request: SignedInRequest, desk: Desk, key: str, sentence: str) -> HttpResponse:
    """Why nothing changed, beside the answer as it is now."""
    if request.headers.get("HX-Request"):
        now = Desk.of(request, desk.dossier)
        context = {
            "dossier": now.dossier,
            "card": now.card(key),
            "slots": [],
            "came_and_went": "",
            "row": None,
            "progress": None,
            "history_note": sentence,
            "history_tone": "error",
            "teamwork": Teamwork(now.filing, request.user),
        }
        return render(request, "questions/restored.html", context, status=409)
    messages.error(request, sentence)
    return redirect("dossiers:history", desk.dossier.number, key)


def _changed_meanwhile(request: SignedInRequest, current: AnswerState) -> str:
    assert current.saved_at is not None
    words = {"who": current.saved_by, "when": _moment(current.saved_at)}
    if current.saved_by_id == request.user.pk:
        text = _(
            "Vous avez changé cette réponse dans un autre onglet ou sur un autre appareil le %(when)s : rien n’a été "
            "restauré. La voici telle qu’elle est maintenant."
        )
    else:
        text = _(
            "%(who)s a changé cette réponse le %(when)s : rien n’a été restauré. La voici telle qu’elle est maintenant."
        )
    return text % words


def _moment(at: datetime) -> str:
    """« 26 novembre 2026 à 14:32 », in the portal's time zone."""
    return _("%(day)s à %(time)s") % {"day": long_date(at), "time": date_format(localtime(at), "H:i")}
