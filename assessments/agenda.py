"""What waits for the commission, in all the dossiers that a reviewer may see."""

from django.core.paginator import Page, Paginator

from accounts.models import User
from assessments.models import AgendaEntry, Review

PER_PAGE = 25


def waiting_for_commission(reader: User, page_number: str | None) -> Page[AgendaEntry]:
    """The entries that wait, the oldest first, with their question and dossier. Two queries.

    What was left open when its review was closed waits no more.
    """
    entries = (
        AgendaEntry.objects.filter(settled_at=None, review__in=Review.objects.visible_to(reader))
        .filter(review__closed_at=None)
        .select_related("question", "put_by", "review__dossier__product__publisher")
        .order_by("put_at", "pk")
    )
    return Paginator(entries, PER_PAGE).get_page(page_number)


def open_entries_of(review: Review) -> list[AgendaEntry]:
    """The entries of one dossier that wait for the commission, with their question. One query."""
    return list(review.agenda.filter(settled_at=None).select_related("question"))


def open_keys_of(review: Review) -> frozenset[str]:
    """The keys of the questions of one dossier that wait for the commission. One query."""
    return frozenset(review.agenda.filter(settled_at=None).values_list("question__key", flat=True))
