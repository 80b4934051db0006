"""note_visit: the present visit told from the one before it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Visit
from assessments.operations.visits import ONE_VISIT, note_visit

START = timezone.now().replace(microsecond=0)


def test_the_first_visit_has_none_before_it(dossier, mandataire):
    visit = note_visit(dossier=dossier, by=mandataire, at=START)

    assert (visit.seen_at, visit.previous_at) == (START, None)


def test_coming_back_soon_is_the_same_visit_and_later_another(dossier, mandataire, reader):
    note_visit(dossier=dossier, by=mandataire, at=START)
    later = START + ONE_VISIT

    soon = note_visit(dossier=dossier, by=mandataire, at=later - timedelta(seconds=1))
    assert (soon.seen_at, soon.previous_at) == (START, None)

    again = note_visit(dossier=dossier, by=mandataire, at=later)
    assert (again.seen_at, again.previous_at) == (later, START)
    assert note_visit(dossier=dossier, by=reader, at=later).previous_at is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False])
def test_two_tabs_opened_at_once_are_one_visit(dossier, mandataire, is_first):
    if not is_first:
        note_visit(dossier=dossier, by=mandataire, at=START)
    later, together, seen = START + ONE_VISIT, Barrier(2), []

    def open_it(at):
        together.wait()
        seen.append(note_visit(dossier=dossier, by=mandataire, at=at).previous_at)
        connection.close()

    tabs = [Thread(target=open_it, args=[later + timedelta(milliseconds=each)]) for each in range(2)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join()

    assert seen == [None if is_first else START] * 2
    assert Visit.objects.count() == 1
