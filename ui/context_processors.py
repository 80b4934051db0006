"""What base.html needs on every page."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation.trans_real import translation

from ui.navigation import Entry, Visitor, entries_for


def portal(request: HttpRequest) -> dict[str, Any]:
    return {
        "operator_name": settings.OPERATOR_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "show_state_block": settings.SHOW_STATE_BLOCK,
        "demonstration": settings.DEMONSTRATION,
        "oidc_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        # Lazy: fragments do not show the navigation and must not pay its query.
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "notices": SimpleLazyObject(lambda: _notices(request)),
    }


def _notices(request: HttpRequest) -> dict[str, Any]:
    """How many messages of the app the person has not read. The State's side is written to by mail alone."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.is_superuser or user.staff_roles:
        return {"are_shown": False}
    return {"are_shown": True, "unread": user.notifications.filter(in_app=True, read_at=None).count()}


def _navigation(request: HttpRequest) -> list[Entry]:
    """Roles are read from the signed-in user by name: `ui` imports no app of ours."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return entries_for(Visitor())
    places = list(user.memberships.current().order_by("pk").values_list("role", "publisher__siren"))
    return entries_for(
        Visitor(
            signed_in=True,
            # A consultant stands beside a team: they have none.
            team_siren=next((siren for role, siren in places if role != "consultant"), None),
            is_consultant=any(role == "consultant" for role, _siren in places),
            staff_roles=user.staff_roles,
            superuser=user.is_superuser,
        )
    )


def translated(_request: HttpRequest) -> dict[str, Callable[[str], str]]:
    """{{ _("…") }} in templates/jinja/: the language is looked for once, not for each of its thousand sentences."""
    return {"_": _sentences_of(get_language() or settings.LANGUAGE_CODE)}


@cache
def _sentences_of(language: str) -> Callable[[str], str]:
    """They are the same for everybody and few: each is looked for in the catalogues once."""
    return lru_cache(maxsize=4096)(translation(language).gettext)
