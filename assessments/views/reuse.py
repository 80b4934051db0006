"""Take answers up from another dossier of the publisher; say that one of them is still true."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from assessments.filing import Filing
from assessments.forms.picking import picked
from assessments.models import Dossier
from assessments.operations.answers import NotOpen
from assessments.operations.reuse import confirm as confirm_answer
from assessments.operations.reuse import take_up
from assessments.overviews import place_of
from assessments.reuse import SOURCES, Proposal, Reuse, reuse_from, sources_of
from assessments.views.desks import Desk
from assessments.views.dossiers import get_dossier_to_fill


@require_http_methods(["GET", "POST"])
def proposals(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier_to_fill(request, number)
    sources = list(sources_of(dossier, request.user)[:SOURCES])
    asked = request.POST.get("source") if request.method == "POST" else request.GET.get("de")
    source = _chosen(sources, asked)
    bases = picked(request.POST.getlist("question"))
    if source and bases:
        done = take_up(dossier=dossier, source=source, bases=bases, by=request.user)
        _tell(request, done, len(bases))
        return redirect(dossier)
    filing = Filing(dossier)
    reuse = reuse_from(source, filing, request.user) if source else None
    context = {
        "dossier": dossier,
        "sources": sources,
        "reuse": reuse,
        "themes": _by_theme(filing, reuse) if reuse else [],
        "nothing_picked": request.method == "POST",
    }
    return render(request, "dossiers/reuse.html", context, status=422 if request.method == "POST" else 200)


def _chosen(sources: list[Dossier], asked: str | None) -> Dossier | None:
    """The one that was asked for, or 404; the most relevant when none was."""
    if not asked:
        return sources[0] if sources else None
    source = next((each for each in sources if each.number == asked), None)
    if source is None:
        raise Http404
    return source


def _by_theme(filing: Filing, reuse: Reuse) -> list[tuple[str, list[Proposal]]]:
    themes = {
        question.key: f"{questionnaire.title} – {theme.title}"
        for questionnaire in filing.working.definition.edition.questionnaires
        for theme in questionnaire.themes
        for question in theme.questions
    }
    return [(title, list(each)) for title, each in groupby(reuse.offered, key=lambda each: themes[each.key])]


def _tell(request: SignedInRequest, done: tuple[str, ...], asked: int) -> None:
    if done:
        text = ngettext(
            "%(count)d réponse reprise : elle est à relire.",
            "%(count)d réponses reprises : elles sont à relire.",
            len(done),
        )
        messages.success(request, text % {"count": len(done)})
    if left := asked - len(done):
        text = ngettext(
            "%(count)d réponse n’a pas été reprise : quelqu’un a répondu entre-temps, ou la question n’est pas posée.",
            "%(count)d réponses n’ont pas été reprises : quelqu’un a répondu entre-temps, ou ces questions ne sont pas "
            "posées.",
            left,
        )
        messages.warning(request, text % {"count": left})


@require_POST
def confirm(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    dossier = get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    desk.question(key)
    try:
        confirm_answer(dossier=dossier, key=key, by=request.user)
    except NotOpen:
        messages.error(request, _("Cette question n’est plus ouverte : sa réponse n’a pas été confirmée."))
    if request.headers.get("HX-Request"):
        return render(request, "dossiers/_confirmed.html", {"key": key})
    return redirect(place_of(dossier, desk.copy, key))
