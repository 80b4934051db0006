"""The door of the editor's pages, and what their addresses name."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404

from accounts.requests import SignedInRequest
from questionnaires.models import Edition, Version
from questionnaires.policies import can_edit

P = ParamSpec("P")
View = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def for_editors(view: View[P]) -> View[P]:
    """To everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_edit(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def get_version(code: str, number: str) -> Version:
    return get_object_or_404(Version.objects.select_related("questionnaire"), questionnaire__code=code, number=number)


def get_edition(code: str) -> Edition:
    return get_object_or_404(Edition.objects.select_related("proposed_by", "published_by"), code=code)


def base_in(data: QueryDict, unknown: int) -> int:
    """The revision that a form says it was written from; `unknown` where it names none that may be."""
    base = data.get("base", "")
    return int(base) if base.isascii() and base.isdigit() and len(base) < 9 else unknown
