"""Who changed what, and what two versions do not say alike."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from questionnaires import engine
from questionnaires.comparisons import comparison_of
from questionnaires.desk import Desk
from questionnaires.history import events_of, happening, saves_of
from questionnaires.models import QuestionRevision, Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.questions import QuestionGone, restore_question
from questionnaires.rows import read_versions
from questionnaires.views.access import for_editors, get_version

PER_PAGE = 50


@require_GET
@for_editors
def saves(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """All that a question was in this version; one that was taken out too."""
    desk = Desk(get_version(code, number))
    if key not in desk.questions and not QuestionRevision.objects.filter(version=desk.version, key=key).exists():
        raise Http404
    context = {"desk": desk, "version": desk.version, "key": key, "saves": saves_of(desk, key)}
    return render(request, "questionnaires/saves.html", context | {"is_there": key in desk.questions})


@require_POST
@for_editors
def restore(request: SignedInRequest, code: str, number: str, key: str, revision: int) -> HttpResponse:
    version = get_version(code, number)
    try:
        restore_question(version=version, key=key, number=revision, by=request.user)
    except NotADraft:
        messages.error(request, _("Cette version est publiée : plus rien n’y change."))
    except QuestionGone:
        messages.error(request, _("Cette question n’est plus dans la version : remettez-la d’abord."))
    else:
        messages.success(request, _("La question est rétablie. L’état que vous quittez reste dans l’historique."))
    return redirect("questionnaires:saves", code, number, key)


@require_GET
@for_editors
def journal(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    version = get_version(code, number)
    page = Paginator(events_of(version), PER_PAGE).get_page(request.GET.get("page"))
    context = {"version": version, "page": page, "happenings": [happening(event) for event in page]}
    return render(request, "questionnaires/journal.html", context)


@require_GET
@for_editors
def differences(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    """`avec`: the number of the version to compare with; without, the one before."""
    version = get_version(code, number)
    others = Version.objects.filter(questionnaire=version.questionnaire_id).exclude(pk=version.pk)
    others = others.select_related("questionnaire").order_by("-pk")
    asked = request.GET.get("avec")
    other = get_object_or_404(others, number=asked) if asked else others.filter(pk__lt=version.pk).first()
    comparison = None
    if other is not None:
        comparison = comparison_of(engine.compare_questionnaires(*read_versions([other, version])))
    context = {"version": version, "others": list(others), "other": other, "comparison": comparison}
    return render(request, "questionnaires/differences.html", context)
