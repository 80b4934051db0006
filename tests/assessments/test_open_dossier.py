"""Opening a dossier: its number, its assessments, what the product told already; one open at a time."""

from datetime import UTC, datetime

import pytest
import time_machine

from assessments.models import Assessment, Dossier, DossierNumber, Programme
from assessments.operations.dossiers import AlreadyOpen, move, open_dossier, told_by_product
from audit.models import Event
from tests.assessments.saving import open_for, state_of
from tests.factories import ProductFactory


def test_a_dossier_opens_in_its_orientation_with_its_questionnaires(product, contributor, edition):
    dossier = open_for(product, by=contributor)

    assert (dossier.state, dossier.programme, dossier.created_by) == ("orientation", "without_exchange", contributor)
    assert set(dossier.assessments.values_list("version__questionnaire__code", flat=True)) == {
        "ORI",
        "DOC",
        "SEC",
        "RGE",
    }
    event = Event.objects.get(verb="dossier.opened")
    opened = {"dossier": dossier.number, "programme": "without_exchange", "edition": "2026"}
    assert (event.actor, event.data) == (contributor, opened)


def test_numbers_follow_each_other_within_a_year(contributor, edition):
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        numbers = [open_for(ProductFactory.create(), by=contributor).number for _ in range(3)]

    assert numbers == ["2026-000001", "2026-000002", "2026-000003"]


def test_the_year_of_a_number_is_that_of_paris(contributor, edition):
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)):
        assert open_for(ProductFactory.create(), by=contributor).number == "2027-000001"


def test_a_new_year_begins_at_one_and_the_old_one_goes_on(contributor, edition):
    DossierNumber.objects.create(year=2026, last=4216)

    for year, number in [(2026, "2026-004217"), (2027, "2027-000001"), (2026, "2026-004218")]:
        with time_machine.travel(datetime(year, 6, 1, 12, tzinfo=UTC)):
            assert open_for(ProductFactory.create(), by=contributor).number == number


def test_a_second_open_dossier_is_refused_and_the_first_is_told(product, contributor, mandataire):
    first = open_for(product, by=contributor)

    with pytest.raises(AlreadyOpen) as caught:
        open_for(product, by=mandataire)

    assert caught.value.dossier == first
    assert Dossier.objects.count() == 1
    assert DossierNumber.objects.get().last == 1, "a refused opening takes no number"


def test_the_other_programme_has_its_own_dossier(product, contributor):
    open_for(product, by=contributor)

    open_for(product, by=contributor, programme=Programme.WITH_EXCHANGE)

    assert Dossier.objects.count() == 2


@pytest.mark.parametrize("over", Dossier.OVER)
def test_once_over_another_can_be_opened(product, contributor, over):
    move(open_for(product, by=contributor), over)

    assert open_for(product, by=contributor).state == Dossier.State.ORIENTATION


@pytest.mark.parametrize("state", [state for state in Dossier.State if state not in Dossier.OVER])
def test_until_it_is_over_no_other_can_be_opened(product, contributor, state):
    move(open_for(product, by=contributor), state)

    with pytest.raises(AlreadyOpen):
        open_for(product, by=contributor)


def test_an_unknown_programme_opens_nothing(product, contributor, edition):
    with pytest.raises(ValueError, match="fast_track"):
        open_dossier(product=product, programme="fast_track", edition=edition, by=contributor)

    assert not Dossier.objects.exists()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"platforms": ["web", "ios"]}, {"DOC-ELI-03": ["ios", "web"], "DOC-ELI-05": "non"}),
        ({"platforms": []}, {"DOC-ELI-05": "non"}),
        (
            {"platforms": ["web"], "device_class": "IIa"},
            {"DOC-ELI-03": ["web"], "DOC-ELI-05": "oui", "DOC-ELI-06": "IIa"},
        ),
    ],
)
def test_what_the_product_tells(db, fields, told):
    assert told_by_product(ProductFactory.create(**fields)) == told


def test_what_the_product_told_is_answered_already_and_signed(contributor, edition):
    dossier = open_for(ProductFactory.create(platforms=["ios", "android"], device_class="div"), by=contributor)

    state = state_of(dossier, "DOC-ELI-03")
    # The form writes choices in the order of the screen: the first save must find it equal.
    assert (state.value, state.revision, state.saved_by) == (["ios", "android"], 1, contributor.full_name)
    assert state_of(dossier, "DOC-ELI-06").value == "div"


def test_every_class_of_the_product_form_is_a_choice_of_the_question(contributor, edition):
    for device_class in ("I", "IIa", "IIb", "III", "div"):
        dossier = open_for(ProductFactory.create(device_class=device_class), by=contributor)
        assert state_of(dossier, "DOC-ELI-06").value == device_class
