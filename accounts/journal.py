"""A publisher's own journal: who did what, for the people who answer for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import Membership, Publisher, StaffRole, User
from audit.models import Event
from audit.verbs import INTERNAL, sentence_of

ROLES = dict(Membership.Role.choices)


@dataclass(frozen=True)
class Entry:
    """One line of the journal."""

    at: datetime
    who: str
    role: str
    sentence: str
    detail: str


def events_of(publisher: Publisher) -> QuerySet[Event]:
    """Latest first. What reviewers do among themselves, and the files that they open, are not shown."""
    events = Event.objects.filter(publisher_id=publisher.pk).exclude(verb__in=INTERNAL)
    by_staff = {"acting_as__contains": StaffRole.REVIEWER}, {"acting_as__contains": StaffRole.REVIEW_LEAD}
    for condition in by_staff:
        events = events.exclude(verb__in=("evidence.opened", "evidence.previewed"), **condition)
    return events.select_related("actor").order_by("-pk")


def people_in(publisher: Publisher) -> QuerySet[User]:
    """Whoever acted for the publisher, to choose from. Staff are not named to publishers."""
    acted = Event.objects.filter(publisher_id=publisher.pk, acting_as__in=ROLES).values("actor")
    return User.objects.filter(pk__in=acted).order_by("full_name", "pk")


def names_in(publisher: Publisher) -> dict[int, str]:
    """The people whom the journal is about, by number: whoever joined, left, or was given another role."""
    about = Event.objects.filter(publisher_id=publisher.pk, data__has_key="user").values_list("data__user", flat=True)
    return {user.pk: str(user) for user in User.objects.filter(pk__in=set(about))}


def entry_of(event: Event, names: Mapping[int, str]) -> Entry:
    """Needs `actor` loaded. `names`: as names_in() gives them."""
    return Entry(
        at=event.at,
        who=_who(event),
        role=str(ROLES.get(event.acting_as, "")),
        sentence=sentence_of(event.verb),
        detail=" · ".join(_details(event, names)),
    )


def _who(event: Event) -> str:
    if event.actor is None:
        return _("Le portail")
    # No role of a team: somebody of the State's side, whose name is not the publisher's business.
    return str(event.actor) if event.acting_as in ROLES else _("Un agent de l’Agence")


def _details(event: Event, names: Mapping[int, str]) -> Iterator[str]:
    """The few words that say which: whom, a dossier, a question, a role before and after."""
    data = event.data
    if name := names.get(data.get("user", 0)):
        yield name
    for key in ("dossier", "question", "reference"):
        if data.get(key):
            yield str(data[key])
    if "before" in data and "after" in data:
        yield f"{_readable(data['before'])} → {_readable(data['after'])}"
    elif "role" in data:
        yield _readable(data["role"])


def _readable(value: str) -> str:
    """A role in words; the end of an access as a day."""
    if value in ROLES:
        return str(ROLES[value])
    moment = parse_datetime(value)
    return date_format(localtime(moment), "j F Y") if moment else value
