"""What every page of the public library begins with: the editions that may be read, and whether the page changed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from questionnaires.models import Edition
from questionnaires.queries import edition_in_force, readable_editions

P = ParamSpec("P")

# What a page is made of beside the edition.
_SOURCES = ("templates", "static", "locale", "questionnaires", "ui")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The editions that anybody may read, the latest first. `in_force` is None while there is none."""

    editions: tuple[Edition, ...]
    in_force: Edition | None

    def get(self, code: str) -> Edition:
        """The edition of this code. Raises Http404: drafts are nobody's but their editors'."""
        found = next((each for each in self.editions if each.code == code), None)
        if found is None:
            raise Http404
        return found

    def chosen(self, code: str) -> Edition:
        """The edition that an address asks for, else the one in force, else the latest. Raises Http404 without any."""
        if code or not self.editions:
            return self.get(code)
        return self.in_force or self.editions[0]

    @property
    def etag(self) -> str:
        """Another one as soon as anything that pages say of editions changes, and with each release of the portal."""
        said = [
            (each.pk, each.status, each.content_hash, each.title, each.disclaimer, each.effective_on)
            for each in self.editions
        ]
        told = repr((_release(), get_language(), self.in_force and self.in_force.pk, said))
        return f'"{hashlib.sha256(told.encode()).hexdigest()}"'


@cache
def _release() -> str:
    """The code of the portal that draws pages, as one hash: a browser must not keep the page of the last release."""
    digest = hashlib.sha256()
    for folder in _SOURCES:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def library_page(view: Callable[Concatenate[HttpRequest, Shelf, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for everybody, which gets the shelf. A passer-by whose browser has it already is told so.

    For signed-in people the page says who they are: it is kept nowhere, as the others.
    """

    @login_not_required
    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shelf = Shelf(editions=tuple(readable_editions()), in_force=edition_in_force(timezone.localdate()))
        if request.user.is_authenticated:
            return view(request, shelf, *args, **kwargs)
        unchanged = get_conditional_response(request, etag=shelf.etag)
        response: HttpResponse = unchanged or view(request, shelf, *args, **kwargs)
        response["ETag"] = shelf.etag
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return page
