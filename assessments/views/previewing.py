"""A version as publishers will be asked it, for those who write it: the same fields, and nothing is saved."""

from collections.abc import Iterator

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from assessments.answer_states import AnswerState
from assessments.forms.answers import Shown
from questionnaires import engine
from questionnaires.conditions import in_french
from questionnaires.desk import Desk
from questionnaires.french import ROLES
from questionnaires.views.access import for_editors, get_version

Previewed = tuple[engine.Question, Shown, str, str]


@require_GET
@for_editors
def preview(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """`theme`: the code of the one to show; without, the first."""
    desk = Desk(get_version(code, number))
    themes = desk.content.themes
    asked = request.GET.get("theme") or (themes[0].code if themes else "")
    theme = next((each for each in themes if each.code == asked), None)
    if theme is None:
        raise Http404
    context = {"version": desk.version, "theme": theme, "themes": themes, "cards": list(_cards(desk, theme))}
    return render(request, "questionnaires/preview.html", context)


def _cards(desk: Desk, theme: engine.Theme) -> Iterator[Previewed]:
    for question in theme.questions:
        asked_if = "" if question.applies_when == "always" else in_french(question.applies_when, desk.vocabulary)
        yield question, Shown.of(question, AnswerState()), str(ROLES.get(question.answered_by, "")), asked_if
