"""Who else looks at a page of a dossier now, and what they answered there since it was opened.

Who looks is kept in the cache, for a minute, and nowhere else.

One entry for each person and page: nobody writes over another's, and an entry that is not renewed goes by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models import User, name_of
from assessments.answer_states import PERSON_FIELDS
from assessments.models import Answer, Dossier
from questionnaires.queries import published

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


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A question that somebody else answered since the page was opened."""

    key: str
    who: str

    @property
    def words(self) -> str:
        return _("%(who)s vient de répondre à %(key)s.") % {"who": self.who, "key": self.key}


def answered_meanwhile(dossier: Dossier, seen: Mapping[str, int], reader: User) -> list[Meanwhile]:
    """Of the questions of a page, by the revision that it shows of each: those of which a later one is somebody else's.
    In the order of `seen`. One query."""
    ids = published(dossier.edition).question_ids
    later = Answer.objects.filter(assessment__dossier=dossier, question__in=[ids[key] for key in seen if key in ids])
    rows = later.exclude(updated_by=reader).values_list(
        "question_id", "revision", *(f"updated_by__{name}" for name in PERSON_FIELDS)
    )
    found = {question: (revision, name_of(*person)) for question, revision, *person in rows}
    answered = ((key, *found.get(ids.get(key, 0), (0, ""))) for key in seen)
    return [Meanwhile(key, who) for key, revision, who in answered if revision > seen[key]]


def _key(dossier: Dossier, page: str, person_id: int) -> str:
    # Hashed: an address may hold what a cache refuses in a key.
    return f"presence:{dossier.pk}:{person_id}:{sha256(page.encode()).hexdigest()[:16]}"
