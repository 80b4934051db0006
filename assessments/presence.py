"""Who else looks at a page of a dossier now. Kept in the cache, for a minute, and nowhere else.

One entry for each person and page: nobody writes over another's, and an entry that is not renewed goes by itself.
"""

from collections.abc import Iterable
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import User
from assessments.models import Dossier

KEPT_SECONDS = 60
# How often an open page says that it is still looked at.
RENEWED_EVERY_SECONDS = 20
NAMED = 3


def look(dossier: Dossier, page: str, person: User) -> None:
    """Say that somebody looks at a page for the minute to come."""
    cache.set(_key(dossier, page, person.pk), "here", KEPT_SECONDS)


def others(dossier: Dossier, page: str, person: User, team: Iterable[User]) -> list[User]:
    """Those of the team who look at the same page, but the person. One exchange with the cache."""
    keys = {_key(dossier, page, each.pk): each for each in team if each.pk != person.pk}
    there = cache.get_many(keys)
    return [each for key, each in keys.items() if key in there]


def presence_words(people: list[User]) -> str:
    """« Camille regarde aussi cette page. »; blank when one is alone."""
    names = [str(person) for person in people]
    if not names:
        return ""
    if len(names) == 1:
        return _("%(who)s regarde aussi cette page.") % {"who": names[0]}
    if len(names) <= NAMED:
        return _("%(others)s et %(last)s regardent aussi cette page.") % {
            "others": ", ".join(names[:-1]),
            "last": names[-1],
        }
    return _("%(some)s et %(count)d autres personnes regardent aussi cette page.") % {
        "some": ", ".join(names[: NAMED - 1]),
        "count": len(names) - NAMED + 1,
    }


def _key(dossier: Dossier, page: str, person_id: int) -> str:
    # Hashed: an address may hold what a cache refuses in a key.
    return f"presence:{dossier.pk}:{person_id}:{sha256(page.encode()).hexdigest()[:16]}"
