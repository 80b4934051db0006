"""The page where a review lead closes a review."""

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from assessments.models import Review
from assessments.operations.reviews import send_back
from questionnaires.queries import published
from results import operations
from results.models import Result
from tests.assessments.filled import examine, submitted_dossier
from tests.factories import MembershipFactory
from tests.results.conftest import CONCLUSION

FILE = "SEC-GOV-02"


def address(dossier):
    return reverse("results:close", args=[dossier.number])


def test_its_address_is_readable(dossier):
    assert address(dossier) == f"/instruction/{dossier.number}/clore/"


@pytest.mark.parametrize("who", ["contributor", "stranger", "editor", "gie_officer", "administrator"])
def test_only_the_reviewing_side_finds_it(client, request, examined, dossier, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address(dossier)).status_code == 404


def test_a_reviewer_examines_and_does_not_close(client, examined, dossier, reviewer):
    client.force_login(reviewer)

    assert client.get(address(dossier)).status_code == 403
    assert client.post(address(dossier), {"outcome": "favourable", "confirmed": "on"}).status_code == 403
    assert not Result.objects.exists()


def test_a_lead_of_the_publishers_team_does_not_find_it(desk_client, examined, dossier, review_lead, publisher):
    MembershipFactory.create(user=review_lead, publisher=publisher)

    assert StaffRole.REVIEW_LEAD in review_lead.staff_roles
    assert desk_client.get(address(dossier)).status_code == 404
    assert desk_client.post(address(dossier), {"outcome": "favourable", "confirmed": "on"}).status_code == 404


def test_reading_it_changes_nothing(desk_client, examined, dossier, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        page = desk_client.get(address(dossier))

    assert page.status_code == 200
    assert "Clore l’instruction" in page.content.decode()
    assert not Result.objects.exists()


def test_closing_leads_to_the_result(desk_client, examined, dossier, review_lead):
    response = desk_client.post(address(dossier), {"outcome": "favourable", "conclusion": "", "confirmed": "on"})

    assert response.status_code == 302
    assert response.url == reverse("results:detail", args=[dossier.number])
    assert Result.objects.get().sealed_by == review_lead


def test_closing_asks_to_be_confirmed(desk_client, examined, dossier):
    page = desk_client.post(address(dossier), {"outcome": "favourable", "conclusion": "Bien."})

    assert "Cochez cette case" in page.content.decode()
    assert "Bien." in page.content.decode()
    assert not Result.objects.exists()


def test_reservations_have_to_be_explained(desk_client, examined, dossier):
    page = desk_client.post(address(dossier), {"outcome": "with_reservations", "conclusion": " ", "confirmed": "on"})

    assert "Expliquez cette conclusion" in page.content.decode()
    assert not Result.objects.exists()


def test_a_favourable_outcome_is_not_offered_beside_a_refusal(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[FILE])

    page = desk_client.get(address(dossier))
    assert 'value="favourable"' not in page.content.decode()
    forced = desk_client.post(address(dossier), {"outcome": "favourable", "conclusion": "", "confirmed": "on"})
    assert "n’est pas possible" in forced.content.decode()
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [({"but": [FILE]}, "1 élément n’est pas examiné"), ({"asked": [FILE]}, "1 question attend l’éditeur")],
)
def test_it_says_what_forbids_the_closing_and_shows_no_form(desk_client, dossier, reviewer, how, sentence):
    examine(dossier, by=reviewer, **how)

    page = desk_client.get(address(dossier)).content.decode()
    assert sentence in page
    assert 'name="outcome"' not in page
    forced = desk_client.post(address(dossier), {"outcome": "not_met", "conclusion": CONCLUSION, "confirmed": "on"})
    assert forced.status_code == 200
    assert not Result.objects.exists()


def test_a_round_sent_back_is_the_publishers_turn(desk_client, dossier, reviewer):
    current = examine(dossier, by=reviewer, refused=[FILE])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)

    page = desk_client.get(address(dossier)).content.decode()
    assert "n’est pas entre vos mains" in page
    assert 'name="outcome"' not in page


def test_a_closed_review_leads_to_its_result(desk_client, result, dossier):
    response = desk_client.get(address(dossier))

    assert response.status_code == 302
    assert response.url == reverse("results:detail", args=[dossier.number])


def test_a_closing_by_a_colleague_in_between_is_told(desk_client, examined, dossier, reviewer, monkeypatch):
    def late(**kwargs):
        raise operations.ReviewClosed

    monkeypatch.setattr(operations, "close_review", late)
    response = desk_client.post(address(dossier), {"outcome": "favourable", "conclusion": "", "confirmed": "on"})

    assert response.status_code == 302
    assert not Review.objects.get().is_closed


def test_scores_before_and_after_the_verdicts_are_shown(desk_client, product, representative, reviewer):
    dossier = submitted_dossier(product=product, by=representative)
    examine(dossier, by=reviewer, refused=[FILE])

    page = desk_client.get(address(dossier)).content.decode()
    assert "Après verdicts" in page
    assert reverse("reviews:item", args=[dossier.number, FILE]) in page
