"""The main navigation: one for each kind of user, five entries at most."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAXIMUM_ENTRIES = 5


@dataclass(frozen=True)
class Visitor:
    """What the navigation depends on. `team_siren` is None for a person without a publisher."""

    signed_in: bool = False
    team_siren: str | None = None
    is_consultant: bool = False
    staff_roles: frozenset[str] = frozenset()
    superuser: bool = False


@dataclass(frozen=True)
class Entry:
    """One link: what it says, the name of its address, an argument or an anchor if any."""

    label: str | Promise
    url_name: str
    arg: str = ""
    anchor: str = ""

    @property
    def url(self) -> str:
        address = reverse(self.url_name, args=[self.arg] if self.arg else None)
        return f"{address}#{self.anchor}" if self.anchor else address


def entries_for(visitor: Visitor) -> list[Entry]:
    return list(_entries(visitor))[:MAXIMUM_ENTRIES]


def _entries(visitor: Visitor) -> Iterator[Entry]:
    if not visitor.signed_in:
        yield Entry(_("Accueil"), "home")
        yield Entry(_("Suis-je éligible ?"), "diagnostic:start")
        yield Entry(_("Exigences"), "requirements:index")
        yield Entry(_("Le référencement"), "home", anchor="etapes")
        return
    own = [*_of_publisher(visitor), *_of_staff(visitor)]
    yield from own
    if not own:
        yield Entry(_("Inscrire mon entreprise"), "enrolment:start")
        yield Entry(_("Suis-je éligible ?"), "diagnostic:start")


def _of_publisher(visitor: Visitor) -> Iterator[Entry]:
    if visitor.team_siren:
        yield Entry(_("Mes dossiers"), "dossiers:list")
        yield Entry(_("Mes produits"), "products:list")
        yield Entry(_("Mes preuves"), "library:list")
        yield Entry(_("Mon équipe"), "accounts:team", arg=visitor.team_siren)
    elif visitor.is_consultant:
        yield Entry(_("Mes dossiers"), "dossiers:list")


def _of_staff(visitor: Visitor) -> Iterator[Entry]:
    if visitor.staff_roles & {"reviewer", "review_lead"}:
        yield Entry(_("À instruire"), "reviews:queue")
    if visitor.superuser or visitor.staff_roles & {"support", "administrator"}:
        yield Entry(_("Demandes de compte"), "enrolment:queue")
    if visitor.superuser or visitor.staff_roles & {"editor", "administrator"}:
        yield Entry(_("Questionnaires"), "questionnaires:index")
        yield Entry(_("Administration"), "admin:index")
    if visitor.staff_roles == {"gie_officer"}:
        yield Entry(_("Accueil"), "home")
