"""Note that somebody opened a dossier."""

from datetime import datetime, timedelta

from django.db.models import F

from accounts.models import User
from assessments.models import Dossier, Visit

# Opened again sooner, it is the same visit: coming back from a question, or reloading, must not empty the list of what
# moved before one has read it. Long enough to work down a list, short enough that a second visit of the day counts.
ONE_VISIT = timedelta(minutes=30)


def note_visit(*, dossier: Dossier, by: User, at: datetime) -> Visit:
    """Tell the present visit from the one before it. The one write of the page that shows the dossier.

    Two tabs opened at once make one visit: the row is unique, and one statement moves it, only where the visit that it
    still holds is old. One query within a visit, and no transaction: nothing here is written in two steps.
    """
    visit, is_first = Visit.objects.get_or_create(dossier=dossier, user=by, defaults={"seen_at": at})
    if is_first or visit.seen_at > at - ONE_VISIT:
        return visit
    old = Visit.objects.filter(pk=visit.pk, seen_at__lte=at - ONE_VISIT)
    old.update(previous_at=F("seen_at"), seen_at=at)
    visit.refresh_from_db(fields=["seen_at", "previous_at"])
    return visit
