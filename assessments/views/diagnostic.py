"""The eligibility diagnostic: two questions, a conclusion, an address to share."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments.adapter import DIAGNOSTIC_TO_KEEP
from assessments.forms.diagnostic import DiagnosticForm
from assessments.models import Diagnostic, DiagnosticAnswer
from assessments.operations.diagnostics import Inconclusive, claim_diagnostic, run_diagnostic
from questionnaires.models import Outcome
from questionnaires.queries import published_diagnostic

TONES = {
    Outcome.Kind.ELIGIBLE.value: "success",
    Outcome.Kind.ELIGIBLE_LATER.value: "info",
    Outcome.Kind.NOT_ELIGIBLE.value: "warning",
}


@login_not_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    published = published_diagnostic()
    if published is None:
        return render(request, "diagnostic/unavailable.html", status=503)
    form = DiagnosticForm(request.POST or None, compiled=published.compiled)
    if form.is_valid():
        by = request.user if request.user.is_authenticated else None
        try:
            diagnostic = run_diagnostic(published=published, answers=form.cleaned_data, by=by)
        except Inconclusive:
            form.add_error(None, _("Ces réponses ne mènent à aucune conclusion. Vérifiez-les, ou écrivez-nous."))
        else:
            if by is None:
                request.session[DIAGNOSTIC_TO_KEEP] = str(diagnostic.token)
            return redirect("diagnostic:outcome", token=diagnostic.token)
    own = request.user.diagnostics.select_related("outcome")[:5] if request.user.is_authenticated else []
    return render(
        request,
        "diagnostic/start.html",
        {"form": form, "questionnaire": published.compiled.questionnaire, "own": own},
    )


@login_not_required
@never_cache
@require_GET
def outcome(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    answers = DiagnosticAnswer.objects.select_related("question", "choice")
    diagnostic = get_object_or_404(
        Diagnostic.objects.select_related("outcome").prefetch_related(Prefetch("answers", queryset=answers)),
        token=token,
    )
    return render(
        request,
        "diagnostic/outcome.html",
        {
            "diagnostic": diagnostic,
            "outcome": diagnostic.outcome,
            "can_keep": diagnostic.user_id is None,
            "tone": TONES[diagnostic.outcome.outcome],
            "next_steps": diagnostic.outcome.next_steps.splitlines(),
            "link": request.build_absolute_uri(),
        },
    )


@login_not_required
@require_POST
def keep(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """Go and open an account, taking the conclusion along."""
    diagnostic = get_object_or_404(Diagnostic, token=token)
    if request.user.is_authenticated:
        claim_diagnostic(diagnostic.token, request.user)
        return redirect("home")
    request.session[DIAGNOSTIC_TO_KEEP] = str(diagnostic.token)
    return redirect("account_signup")
