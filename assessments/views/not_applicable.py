"""A theme declared not applicable as a whole: which questions, why, and the way back."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from assessments.answer_words import answer_in_words
from assessments.forms.not_applicable import SetAsideForm
from assessments.forms.picking import picked
from assessments.operations.not_applicable import last_set_aside, questions_to_set_aside, set_aside, take_back
from assessments.views.desks import Desk
from assessments.views.dossiers import get_dossier_to_fill
from assessments.views.filling import find_theme
from questionnaires import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A question that may be set aside; `words`: what it holds, blank when nothing."""

    question: engine.Question
    base: str
    words: str
    is_picked: bool


@require_http_methods(["GET", "POST"])
def theme(request: SignedInRequest, number: str, section_slug: str, theme_slug: str) -> HttpResponse:
    desk = Desk.of(request, get_dossier_to_fill(request, number))
    section, current = find_theme(desk.copy.definition, section_slug, theme_slug)
    bases = picked(request.POST.getlist("question"))
    form = SetAsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and bases:
        in_theme = {question.key for question in current.questions}
        bases = {key: base for key, base in bases.items() if key in in_theme}
        done = set_aside(dossier=desk.dossier, bases=bases, reason=form.cleaned_data["reason"], by=request.user)
        _tell(request, done, len(bases))
        return redirect("dossiers:theme", number, section_slug, theme_slug)
    candidates = _candidates(desk, current, bases if request.method == "POST" else None)
    last = last_set_aside(desk.filing, current, request.user)
    context = {
        "dossier": desk.dossier,
        "section": section,
        "theme": current,
        "form": form,
        "blank": [each for each in candidates if not each.words],
        "answered": [each for each in candidates if each.words],
        "nothing_picked": request.method == "POST" and not bases,
        "last_at": last[0] if last else None,
        "last_keys": last[1] if last else (),
    }
    return render(request, "dossiers/not_applicable.html", context, status=422 if request.method == "POST" else 200)


def _candidates(desk: Desk, theme: engine.Theme, bases: dict[str, int] | None) -> list[Candidate]:
    """Those of the theme. Before anything was picked, those that hold nothing are."""
    in_theme = {question.key for question in theme.questions}
    return [
        Candidate(
            question=question,
            base=f"{question.key}:{desk.copy.state(question.key).revision}",
            words=(words := _held(desk, question)),
            is_picked=not words if bases is None else question.key in bases,
        )
        for question in questions_to_set_aside(desk.filing, desk.open_keys)
        if question.key in in_theme
    ]


def _held(desk: Desk, question: engine.Question) -> str:
    state = desk.copy.state(question.key)
    if state.value is None and not (state.comment or state.files):
        return ""
    return answer_in_words(question, state)


def _tell(request: SignedInRequest, done: tuple[str, ...], asked: int) -> None:
    if done:
        text = ngettext(
            "{count} question déclarée non applicable. <a href='{url}'>Annuler</a>",
            "{count} questions déclarées non applicables. <a href='{url}'>Annuler</a>",
            len(done),
        )
        messages.success(request, format_html(text, count=len(done), url=f"{request.path}#annuler"))
    if left := asked - len(done):
        text = ngettext(
            "%(count)d question a été laissée comme elle est : quelqu’un y a répondu entre-temps, ou elle n’est plus "
            "posée.",
            "%(count)d questions ont été laissées comme elles sont : quelqu’un y a répondu entre-temps, ou elles ne "
            "sont plus posées.",
            left,
        )
        messages.warning(request, text % {"count": left})


@require_POST
def undo(request: SignedInRequest, number: str, section_slug: str, theme_slug: str) -> HttpResponse:
    """Take back the last time that this person set questions of the theme aside."""
    dossier = get_dossier_to_fill(request, number)
    _section, current = find_theme(Desk.of(request, dossier).copy.definition, section_slug, theme_slug)
    at = _moment(request.POST.get("moment", ""))
    done = take_back(dossier=dossier, theme=current, at=at, by=request.user) if at else ()
    if done:
        text = ngettext(
            "%(count)d question est redevenue ce qu’elle était.",
            "%(count)d questions sont redevenues ce qu’elles étaient.",
            len(done),
        )
        messages.success(request, text % {"count": len(done)})
    else:
        messages.info(request, _("Il n’y a plus rien à annuler : ces réponses ont changé depuis."))
    return redirect(reverse("dossiers:theme", args=[number, section_slug, theme_slug]))


def _moment(text: str) -> datetime | None:
    """The date that was posted; None for what is none."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None
