"""What a draft edition would do to the open dossiers, for those who write it: amounts, never whose they are."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from assessments.impact import any_would_follow
from assessments.impact_report import Report
from assessments.models import ImpactStudy
from assessments.operations.impact import NothingOpen, request_study
from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.operations.drafts import NotADraft
from questionnaires.policies import is_draft
from questionnaires.queries import drafted
from questionnaires.views.access import for_editors, get_edition

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
@for_editors
def effect(request: SignedInRequest, edition: str) -> HttpResponse:
    """A POST asks for a study; a GET shows the last one, or how far the one under way is: the page asks again."""
    found = get_edition(edition)
    if request.method == "POST":
        _ask(request, found)
        return redirect("impact:study", edition)
    studies = list(ImpactStudy.objects.filter(edition=found).select_related("job", "asked_by"))
    under_way = next((each for each in studies if not each.is_finished and not each.has_failed), None)
    context = {"edition": found, "is_draft": is_draft(found), "under_way": under_way}
    if under_way is None:
        finished = next((each for each in studies if each.is_finished), None)
        context |= {"has_failed": any(each.has_failed for each in studies), **_standing(found, finished)}
        if finished is not None:
            context |= _result(finished, request.GET.get("page"))
    return render(request, "questionnaires/impact.html", context)


def _ask(request: SignedInRequest, edition: Edition) -> None:
    try:
        request_study(edition, by=request.user)
    except NotADraft:
        messages.error(request, _("Cette édition n’est plus un brouillon : il n’y a plus rien à mesurer."))
    except engine.DefinitionErrors:
        messages.error(request, _("Rien n’est lancé : corrigez d’abord ce qui est listé ci-dessous."))
    except NothingOpen:
        messages.info(request, _("Aucun dossier n’est en cours de remplissage : il n’y a rien à mesurer."))


def _standing(edition: Edition, finished: ImpactStudy | None) -> dict[str, Any]:
    """The draft as it is now: whether it may be tried, and whether it is the one that was."""
    context: dict[str, Any] = {"is_open": any_would_follow(), "problems": [], "has_changed": False}
    if is_draft(edition):
        try:
            standing = drafted(edition).definition.hash
        except engine.DefinitionErrors as error:
            standing, context["problems"] = "", list(error.problems)
        context["has_changed"] = finished is not None and finished.content_hash != standing
    return context


def _result(study: ImpactStudy, number: str | None) -> dict[str, Any]:
    report = Report(study)
    return {"study": study, "report": report, "page": Paginator(report.lines, PER_PAGE).get_page(number)}
