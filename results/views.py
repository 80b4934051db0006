"""The reviewer closes; the publisher reads the result, and takes the report away."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts import policies as people
from accounts.requests import SignedInRequest
from assessments.models import Review
from assessments.operations.second_readings import Contested, contested
from assessments.panel import still_waiting
from results import operations, policies
from results.forms import CloseReviewForm
from results.models import Report, Result
from results.reading import read
from results.standing import Standing, standing_of
from ui.radar import RadarPoint

# What stops a closing, and the field beside which it is said.
REFUSALS: dict[type[Exception], tuple[str | None, Promise]] = {
    operations.NotWithReviewers: (
        None,
        gettext_lazy("Le dossier est chez l’éditeur : l’instruction ne peut pas être close maintenant."),
    ),
    operations.NotExamined: (
        None,
        gettext_lazy("Des éléments n’ont pas encore été examinés : donnez-leur un verdict avant de clore."),
    ),
    operations.QuestionsPending: (
        None,
        gettext_lazy("Des questions à l’éditeur attendent : envoyez le tour, ou remplacez-les par un verdict."),
    ),
    operations.NotFavourable: (
        "outcome",
        gettext_lazy("Une conclusion favorable n’est pas possible : il reste des refus ou des écarts."),
    ),
    operations.ExaminedAlone: (
        None,
        gettext_lazy("Tous les verdicts sont de vous : un autre responsable d’instruction clôt ce dossier."),
    ),
    Contested: (
        None,
        gettext_lazy("Un second lecteur vient de contester un verdict : relisez cette page avant de clore."),
    ),
    operations.ConclusionMissing: (
        "conclusion",
        gettext_lazy("Expliquez cette conclusion à l’éditeur en quelques phrases."),
    ),
}


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def close(request: SignedInRequest, number: str) -> HttpResponse:
    reviews = Review.objects.visible_to(request.user).select_related("dossier__product__publisher", "dossier__edition")
    review = get_object_or_404(reviews, dossier__number=number)
    if review.is_closed:
        messages.info(request, _("L’instruction de ce dossier est close : voici son résultat."))
        return redirect("results:detail", number=number)
    if not policies.can_close(request.user, review):
        raise PermissionDenied
    standing = standing_of(review)
    form = CloseReviewForm(
        request.POST or None, may_be_favourable=standing.may_be_favourable, contested=contested(standing.round)
    )
    if form.is_valid() and _closed(request, review, form):
        return redirect("results:detail", number=number)
    context = {**_summary(standing), **still_waiting(review, standing.round), "form": form}
    return render(request, "results/close.html", context)


def _closed(request: SignedInRequest, review: Review, form: CloseReviewForm) -> bool:
    """Close, or put on the form why it cannot be: a colleague may have acted since the page was read."""
    try:
        operations.close_review(
            review=review,
            outcome=form.cleaned_data["outcome"],
            conclusion=form.cleaned_data["conclusion"],
            acknowledged=form.cleaned_data.get("acknowledge", ()),
            by=request.user,
        )
    except operations.ReviewClosed:
        messages.info(request, _("Un collègue vient de clore cette instruction : voici son résultat."))
        return True
    except tuple(REFUSALS) as refusal:
        field, sentence = REFUSALS[type(refusal)]
        form.add_error(field, str(sentence))
        return False
    messages.success(request, _("L’instruction est close. L’éditeur est prévenu et le rapport se prépare."))
    return True


def _summary(standing: Standing) -> dict[str, object]:
    """What the closing rests on, and what forbids it for now."""
    questions = standing.copy.definition.questions
    sections = [
        {"title": section.title, "filed": section.result(standing.filed), "final": section.result(standing.final)}
        for section in standing.sections()
    ]
    return {
        "dossier": standing.dossier,
        "round": standing.round,
        "sections": sections,
        "gaps": [
            {
                "question": questions[key],
                "is_refused": key in standing.refused,
                "is_corrected": key in standing.verdicts and standing.verdicts[key].corrected_score is not None,
            }
            for key in standing.gaps
        ],
        "refused": [questions[key] for key in standing.refused if key not in standing.gaps],
        "questioned": [questions[key] for key in standing.questioned],
        "unexamined": len(standing.unexamined),
        "with_reviewers": standing.with_reviewers,
        "may_be_favourable": standing.may_be_favourable,
        "can_be_closed": standing.with_reviewers and not standing.unexamined and not standing.questioned,
    }


@require_GET
def detail(request: SignedInRequest, number: str) -> HttpResponse:
    result = _result(request, number)
    reading = read(result.content)
    points = [RadarPoint(label=figures.title, value=figures.score) for figures in reading.section_figures]
    context = {
        "reading": reading,
        "told": reading.told,
        "points": points,
        "is_reviewer": people.is_reviewer(request.user),
        "support_email": settings.SUPPORT_EMAIL,
        **_report_context(result),
    }
    return render(request, "results/detail.html", context)


@require_http_methods(["GET", "POST"])
def progress(request: SignedInRequest, number: str) -> HttpResponse:
    """How far the report is, for the page that waits; a POST asks for it again after a failure."""
    result = _result(request, number)
    if request.method == "POST":
        operations.request_report(result)
        return redirect("results:detail", number=number)
    return render(request, "results/_report.html", _report_context(result))


@require_GET
def report(request: SignedInRequest, number: str) -> FileResponse:
    result = _result(request, number)
    if not result.report.is_ready:
        raise Http404
    response = FileResponse(
        result.report.file.open("rb"),
        as_attachment=True,
        filename=operations.report_name(result.dossier),
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _result(request: SignedInRequest, number: str) -> Result:
    results = Result.objects.visible_to(request.user).select_related("dossier__product", "report__job")
    return get_object_or_404(results, dossier__number=number)


def _report_context(result: Result) -> dict[str, object]:
    report: Report = result.report
    return {
        "dossier": result.dossier,
        "report": report,
        "job": report.job,
        "has_failed": policies.can_request_again(report),
    }
