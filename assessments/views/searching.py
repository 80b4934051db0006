"""Find the questions of a dossier by the words that they hold."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from assessments.filing import Filing
from assessments.question_search import search
from assessments.views.dossiers import get_dossier
from ui.search_words import Words

LONGEST = 200


@require_GET
def questions(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    words = Words.of(request.GET.get("q", "").strip()[:LONGEST])
    themes = search(Filing(dossier), words)
    context = {
        "dossier": dossier,
        "words": words.typed,
        "themes": themes,
        "count": sum(len(found) for _theme, found in themes),
        "is_searched": bool(words.each),
    }
    return render(request, "dossiers/search.html", context)
