"""Tell the teams that a newer edition is published: once per dossier and edition, by notification and by e-mail."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Dossier, EditionNotice
from assessments.next_edition import MAY_FOLLOW, next_edition_of
from audit.operations import record
from notifications.operations import notify
from questionnaires.models import Edition, PublicationStatus
from questionnaires.queries import applies_from, editions_after
from ui.formats import long_date


def announce_editions() -> int:
    """Tell every team that may follow a newer edition; returns how many dossiers were told of.

    Safe to run any number of times. A dossier that is examined or over is told of nothing: it follows no other.
    """
    told = 0
    for followed in Edition.objects.exclude(status=PublicationStatus.DRAFT):
        newer = editions_after(followed)
        if newer:
            waiting = _untold(followed, newer[-1])
            told += sum(_announce(pk) for pk in list(waiting.values_list("pk", flat=True)))
    return told


def _untold(followed: Edition, newest: Edition) -> QuerySet[Dossier]:
    told = EditionNotice.objects.filter(dossier=OuterRef("pk"), edition=newest)
    return Dossier.objects.filter(~Exists(told), edition=followed, state__in=MAY_FOLLOW).order_by("pk")


@transaction.atomic
def _announce(pk: int) -> bool:
    """Whether this call told it, judged again once the dossier is locked. What would reach nobody waits."""
    dossier = Dossier.objects.select_for_update(of=("self",)).select_related("product", "edition").get(pk=pk)
    edition = next_edition_of(dossier)
    team = list(dossier.team())
    if edition is None or dossier.state not in MAY_FOLLOW or not team:
        return False
    _notice, is_new = EditionNotice.objects.get_or_create(
        dossier=dossier, edition=edition, defaults={"told_at": timezone.now()}
    )
    if not is_new:
        return False
    record(
        "dossier.edition_told",
        dossier,
        by=None,
        publisher=dossier.publisher_id,
        dossier=dossier.number,
        edition=edition.code,
    )
    words = {
        "number": dossier.number,
        "product": dossier.product.name,
        "edition": edition.title,
        "day": long_date(applies_from(edition)),
    }
    notify(
        team,
        subject=_("Dossier %(number)s : une nouvelle édition est publiée") % words,
        body=_(
            "« %(edition)s » s’applique à partir du %(day)s. Voyez ce qu’elle change pour le dossier %(number)s "
            "(%(product)s), et ce qui serait repris, avant de décider."
        )
        % words,
        path=reverse("dossiers:next-edition", args=[dossier.number]),
    )
    return True
