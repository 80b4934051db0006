"""What was answered under an edition, to be read, years later too. Nothing is written here."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from assessments.earlier_editions import answered_by_theme, answers_of, editions_of, parts_of
from assessments.models import Dossier
from assessments.views.dossiers import get_dossier
from questionnaires.models import Edition


def _edition(dossier: Dossier, code: str) -> Edition:
    """One that the dossier follows or followed, or 404."""
    followed = {dossier.edition_id, *(each.from_edition_id for each in editions_of(dossier))}
    return get_object_or_404(Edition, code=code, pk__in=followed)


@require_GET
def edition(request: SignedInRequest, number: str, code: str) -> HttpResponse:
    """The themes of an edition, and how much was answered in each."""
    dossier = get_dossier(request, number)
    earlier = _edition(dossier, code)
    answered = answered_by_theme(dossier, earlier)
    parts = [(title, [(theme, answered[theme.code]) for theme in themes]) for title, themes in parts_of(earlier)]
    context = {"dossier": dossier, "edition": earlier, "parts": parts, "is_current": earlier == dossier.edition}
    return render(request, "dossiers/earlier_edition.html", context)


@require_GET
def theme(request: SignedInRequest, number: str, code: str, theme_slug: str) -> HttpResponse:
    """The questions of one theme as they were asked, and what was answered."""
    dossier = get_dossier(request, number)
    earlier = _edition(dossier, code)
    themes = [each for _title, themes in parts_of(earlier) for each in themes]
    chosen = next((each for each in themes if each.slug == theme_slug), None)
    if chosen is None:
        raise Http404
    context = {
        "dossier": dossier,
        "edition": earlier,
        "theme": chosen,
        "answers": answers_of(dossier, earlier, chosen),
        "is_current": earlier == dossier.edition,
    }
    return render(request, "dossiers/earlier_theme.html", context)
