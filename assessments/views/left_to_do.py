"""What is left to do, and what else there could be: the path to the threshold, and the simulation. Both only read."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.filing import Filing
from assessments.forms.what_if import WhatIfForm
from assessments.models import Dossier
from assessments.threshold import threshold
from assessments.views.dossiers import get_dossier
from assessments.what_if import what_if, yes_no_questions

SHOWN_AT_ONCE = 10


@require_GET
def path(request: SignedInRequest, number: str) -> HttpResponse:
    """The shortest path to the threshold. The orientation comes before: it selects what is asked."""
    dossier = get_dossier(request, number)
    filing = Filing(dossier)
    in_orientation = dossier.state == Dossier.State.ORIENTATION
    found = None if in_orientation else threshold(filing)
    context = {
        "dossier": dossier,
        "in_orientation": in_orientation,
        "is_submittable": dossier.state in Dossier.SUBMITTABLE,
        "threshold": found,
        "first_steps": found.steps[:SHOWN_AT_ONCE] if found else (),
        "more_steps": found.steps[SHOWN_AT_ONCE:] if found else (),
        "to_settle": filing.unsettled,
        "can_fill": policies.can_fill(request.user, dossier),
        "can_submit": policies.can_submit(request.user, dossier),
    }
    return render(request, "dossiers/path.html", context)


@require_GET
def simulation(request: SignedInRequest, number: str) -> HttpResponse:
    """Another démarche, other answers to the orientation: nothing of it is stored."""
    dossier = get_dossier(request, number)
    filing = Filing(dossier)
    themes = yes_no_questions(filing.working.definition)
    questions = [question for _theme, asked in themes for question in asked]
    form = WhatIfForm(request.GET if "programme" in request.GET else None, questions=questions)
    standing = {question.key: filing.working.state(question.key).value for question in questions}
    result = None
    chosen: dict[str, object] = dict(standing)
    programme = dossier.programme
    if form.is_valid():
        programme = form.cleaned_data["programme"]
        chosen |= form.answers
        result = what_if(filing, programme=programme, answers=form.answers)
    context = {
        "dossier": dossier,
        "form": form,
        "themes": [
            (
                theme,
                [(question, chosen[question.key], standing[question.key]) for question in asked],
                sum(chosen[question.key] != standing[question.key] for question in asked),
            )
            for theme, asked in themes
        ],
        "programme": programme,
        "result": result,
        "in_orientation": dossier.state == Dossier.State.ORIENTATION,
        "orientation_is_open": bool(policies.open_keys(filing) & filing.orientation),
        "can_fill": policies.can_fill(request.user, dossier),
    }
    return render(request, "dossiers/what_if.html", context, status=400 if form.is_bound and form.errors else 200)
