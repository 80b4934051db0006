"""From the orientation to the questionnaires."""

import pytest

from assessments.models import Dossier
from assessments.operations.dossiers import OrientationIncomplete, finish_orientation, move
from audit.models import Event
from tests.assessments.saving import save


def answer_all(dossier, by):
    for theme, count in (("DON", 5), ("PUB", 4), ("FON", 8)):
        for number in range(1, count + 1):
            save(dossier, f"ORI-{theme}-{number:02d}", "non", by=by)


def test_an_orientation_with_gaps_names_them_all(new_dossier, contributor):
    answer_all(new_dossier, contributor)
    save(new_dossier, "ORI-PUB-02", None, by=contributor)
    save(new_dossier, "ORI-FON-08", None, by=contributor)

    with pytest.raises(OrientationIncomplete) as caught:
        finish_orientation(dossier=new_dossier, by=contributor)

    assert caught.value.keys == ("ORI-PUB-02", "ORI-FON-08")
    new_dossier.refresh_from_db()
    assert new_dossier.state == Dossier.State.ORIENTATION


def test_a_complete_orientation_opens_the_questionnaires(new_dossier, contributor):
    since = new_dossier.state_since
    answer_all(new_dossier, contributor)

    finished = finish_orientation(dossier=new_dossier, by=contributor)

    new_dossier.refresh_from_db()
    assert finished.state == new_dossier.state == Dossier.State.FILLING
    assert new_dossier.state_since > since
    assert Event.objects.get(verb="dossier.oriented").actor == contributor


@pytest.mark.parametrize("state", [state for state in Dossier.State if state != Dossier.State.ORIENTATION])
def test_a_dossier_past_its_orientation_is_left_as_it_is(new_dossier, contributor, state):
    move(new_dossier, state)

    assert finish_orientation(dossier=new_dossier, by=contributor).state == state
    assert not Event.objects.filter(verb="dossier.oriented").exists()
