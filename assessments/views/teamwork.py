"""A team at work on one dossier: all its questions, who sees to a theme, who is here, what was done."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from assessments import presence as presences
from assessments.activity import acts_of
from assessments.filing import Filing
from assessments.forms.teamwork import AttributionForm
from assessments.models import Dossier
from assessments.operations.attributions import DossierOver, MayNotFill, Subject, attribute, unattribute
from assessments.overviews import theme_url
from assessments.question_filters import choices, chosen, list_of, sort_out
from assessments.sections import sections_of
from assessments.teams import fillers_of, members_of
from assessments.teamwork import Assignee, Teamwork
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from questionnaires.queries import published

REVISION = re.compile(r"[0-9]{1,9}")


@require_GET
def questions(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    if dossier.state == Dossier.State.ORIENTATION:
        messages.info(request, _("Terminez d’abord l’orientation : elle choisit les questions à poser."))
        return redirect("dossiers:orientation", number)
    filing = Filing(dossier)
    teamwork = Teamwork(filing, request.user)
    sets, current = sort_out(filing, teamwork), chosen(request.GET.get("filtre", ""))
    context = {
        "dossier": dossier,
        "filters": choices(sets, current),
        "sections": list_of(filing, teamwork, sets[current]),
        "nothing_kept": "" if sets[current] else current.empty_words,
    }
    return render(request, "dossiers/team/questions.html", context)


@require_GET
def activity(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    asked = request.GET.get("page", "1")
    page = acts_of(dossier, max(1, int(asked[:5])) if asked.isdecimal() else 1)
    return render(request, "dossiers/team/activity.html", {"dossier": dossier, "page": page})


@require_http_methods(["GET", "POST"])
def attribute_theme(request: SignedInRequest, number: str, section_slug: str, theme_slug: str) -> HttpResponse:
    dossier = get_dossier_to_fill(request, number)
    subject = get_subject(dossier, section_slug, theme_slug)
    form = AttributionForm(
        request.POST or None,
        members=fillers_of(dossier),
        initial=initial_of(Teamwork(Filing(dossier), request.user).of_theme(subject.theme.code)),
        auto_id="theme-%s",
    )
    if request.method == "POST" and form.is_valid():
        messages.success(request, attribute_as_typed(request, dossier, subject, form))
        return redirect("dossiers:theme", number, section_slug, theme_slug)
    context = {"dossier": dossier, "theme": subject.theme, "section": subject.section, "form": form}
    template = (
        "dossiers/team/_attribute_theme.html"
        if request.headers.get("HX-Request")
        else "dossiers/team/attribute_theme.html"
    )
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_POST
def presence(request: SignedInRequest, number: str, section_slug: str, theme_slug: str) -> HttpResponse:
    """Say that one looks at a theme; learn who else of the team does, and what they answered there meanwhile.

    A reader is of the team too."""
    dossier = get_dossier(request, number)
    subject = get_subject(dossier, section_slug, theme_slug)
    page = subject.theme.code
    presences.look(dossier, page, request.user)
    team = [member.user for member in members_of(dossier)]
    here = presences.others(dossier, page, request.user, team)
    shown = {question.key: request.POST.get(f"{question.key}-revision", "") for question in subject.theme.questions}
    seen = {key: int(revision) for key, revision in shown.items() if REVISION.fullmatch(revision)}
    context = {
        "words": presences.presence_words(here),
        "meanwhile": presences.answered_meanwhile(dossier, seen, request.user),
        "page": theme_url(dossier, subject.section, subject.theme),
    }
    return render(request, "dossiers/team/_presence.html", context)


def get_subject(dossier: Dossier, section_slug: str, theme_slug: str) -> Subject:
    for section in sections_of(published(dossier.edition).definition):
        for theme in section.themes:
            if (section.slug, theme.slug) == (section_slug, theme_slug):
                return Subject(section=section, theme=theme)
    raise Http404


def initial_of(assignee: Assignee | None) -> dict[str, object]:
    return {"member": assignee.membership_id, "due_on": assignee.due_on} if assignee else {}


def attribute_as_typed(request: SignedInRequest, dossier: Dossier, subject: Subject, form: AttributionForm) -> str:
    """Do what a valid form asks; returns what was done, or why it was not, in a sentence."""
    member, due_on = form.cleaned_data["member"], form.cleaned_data["due_on"]
    what = subject.key or _("Le thème")
    try:
        if member is None:
            unattribute(dossier=dossier, subject=subject, by=request.user)
            return _("%(what)s n’est plus attribué.") % {"what": what}
        attribute(dossier=dossier, subject=subject, to=member, by=request.user, due_on=due_on)
    except DossierOver:
        return _("Ce dossier est clos : rien n’y est plus à attribuer.")
    except MayNotFill:
        return _("Cette personne ne peut plus répondre dans ce dossier : rien n’a changé.")
    return _("%(what)s est attribué à %(who)s.") % {"what": what, "who": member.user}
