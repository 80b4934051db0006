"""A publisher's journal, on the screen and as a file."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import policies
from accounts.journal import ROLES, entry_of, events_of, names_in, people_in
from accounts.models import Publisher, User
from accounts.requests import SignedInRequest
from audit.models import Event
from audit.operations import note_export
from audit.spreadsheets import lines

PER_PAGE = 50


@require_GET
def journal(request: SignedInRequest, siren: str) -> HttpResponse:
    publisher = _publisher(request, siren)
    people = list(people_in(publisher))
    events, person = _chosen(request, publisher, people)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    names = names_in(publisher)
    context = {
        "publisher": publisher,
        "page": page,
        "entries": [entry_of(event, names) for event in page],
        "people": people,
        "person": person,
    }
    return render(request, "accounts/journal.html", context)


@require_GET
def journal_file(request: SignedInRequest, siren: str) -> StreamingHttpResponse:
    """What the page shows, all of it, for a spreadsheet. Taking it away is an event of its own."""
    publisher = _publisher(request, siren)
    events, person = _chosen(request, publisher, people_in(publisher))
    note_export(by=request.user, publisher=publisher.pk, filters=["personne"] if person else [])
    names = names_in(publisher)
    entries = (entry_of(event, names) for event in events.iterator(chunk_size=1_000))
    rows = (
        (
            localtime(entry.at).isoformat(" ", "seconds"),
            entry.who,
            entry.role,
            entry.sentence,
            entry.detail,
        )
        for entry in entries
    )
    header = (_("Le"), _("Qui"), _("En qualité de"), _("Quoi"), _("Précision"))
    response = StreamingHttpResponse(lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="journal-{publisher.siren}.csv"'
    return response


def _chosen(
    request: SignedInRequest, publisher: Publisher, people: Iterable[User]
) -> tuple[QuerySet[Event], User | None]:
    """The events asked for, and the person by whom, if any.

    Nobody else's number chooses anything, and of theirs only what they did in the team: an agent is never told apart.
    """
    events = events_of(publisher)
    person = next((each for each in people if str(each.pk) == request.GET.get("personne")), None)
    if person is None:
        return events, None
    return events.filter(actor=person, acting_as__in=ROLES), person


def _publisher(request: SignedInRequest, siren: str) -> Publisher:
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    if not policies.can_read_journal(request.user, publisher.pk):
        raise PermissionDenied
    return publisher
