"""Teams are told of a newer edition once, by notification and e-mail, when their dossier may follow it."""

import pytest

from assessments.models import Dossier, EditionNotice
from assessments.operations.dossiers import move
from assessments.operations.edition_notices import announce_editions
from assessments.operations.next_edition import follow_edition
from assessments.tasks import announce_editions as task
from notifications.models import Notification
from tests.assessments.next_editions import edition_after_next, next_edition


def told() -> list[tuple[str, str]]:
    notices = Notification.objects.filter(subject__contains="nouvelle édition est publiée")
    return [(each.recipient.email, each.path) for each in notices.order_by("pk")]


def test_nothing_is_told_while_there_is_nothing_newer(blank_dossier):
    assert announce_editions() == 0
    assert told() == []


def test_everybody_who_fills_is_told_once_however_often_it_runs(blank_dossier, contributor, mandataire, reader):
    next_edition()

    assert (task(), task()) == (1, 0)

    people, paths = zip(*told(), strict=True)
    assert {contributor.email, mandataire.email} <= set(people)
    assert reader.email not in people
    assert set(paths) == {f"/dossiers/{blank_dossier.number}/nouvelle-edition/"}
    assert EditionNotice.objects.count() == 1


@pytest.mark.parametrize("state", ["submitted", "under_review", "corrections_asked", "closed", "withdrawn"])
def test_a_dossier_that_keeps_its_edition_is_told_of_nothing(blank_dossier, state):
    next_edition()
    move(blank_dossier, state)

    assert announce_editions() == 0


def test_each_edition_is_told_apart_and_not_once_it_is_followed(blank_dossier, contributor):
    second = next_edition()
    announce_editions()
    follow_edition(dossier=blank_dossier, edition=second, by=contributor)

    assert announce_editions() == 0
    edition_after_next()
    assert announce_editions() == 1
    assert Dossier.objects.get().edition.code == "2027"
