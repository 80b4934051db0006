"""The queue: whose turn, since when, how far."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.clocks import Turn
from assessments.models import Assignment, Dossier, Programme, Review
from assessments.operations.assignments import assign, recuse
from assessments.operations.reviews import items_to_judge
from assessments.review_queue import Filters, progress_of, queue
from questionnaires.queries import published
from tests.assessments.filled import examine, last_round
from tests.factories import MembershipFactory
from tests.reviews.factories import many_reviews

URL = "/instruction/"
WRITES = ("INSERT", "UPDATE", "DELETE")


def rows(user, **filters):
    return queue(user, Filters(**filters), None).rows


@pytest.mark.parametrize("person", ["mandataire", "contributor", "editor", "gie_officer", "administrator"])
def test_only_reviewers_have_a_queue(client, request, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(URL).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client, db):
    assert client.get(URL)["Location"].startswith(reverse("account_login"))


def test_an_empty_queue_says_what_will_come(desk_client):
    page = desk_client.get(URL)
    assert "Rien à examiner" in page.content.decode()


def test_the_queue_says_what_where_and_how_far(desk_client, dossier, reviewer):
    current = examine(dossier, by=reviewer, but=["SEC-GOV-02", "SEC-HEB-05"])
    total = len(items_to_judge(current.submission, published(dossier.edition).definition))
    page = desk_client.get(URL).content.decode()
    for words in [dossier.number, "MonSuivi Cœur", "Cœur et Compagnie", "sans échange", f"{total - 2} sur {total}"]:
        assert words in page
    assert "À vous d’examiner" in page


def test_the_oldest_clock_comes_first(reviewer):
    reviews = many_reviews(3)
    assert [row.review for row in rows(reviewer)] == reviews[::-1]


def test_the_clock_starts_at_the_submission_not_at_the_first_verdict(reviewer):
    older, newer = many_reviews(2)[::-1]
    Dossier.objects.filter(pk=older.dossier_id).update(state=Dossier.State.UNDER_REVIEW, state_since=newer.opened_at)
    first = rows(reviewer)[0]
    assert (first.review, first.since) == (older, older.opened_at)


def test_what_is_closed_shows_the_latest_first(reviewer):
    reviews = many_reviews(3, state=Dossier.State.CLOSED)
    assert [row.review for row in rows(reviewer, turn=Turn.NOBODY)] == reviews


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("", Dossier.State.SUBMITTED),
        ("?etat=a-examiner", Dossier.State.SUBMITTED),
        ("?etat=chez-l-editeur", Dossier.State.CORRECTIONS_ASKED),
        ("?etat=closes", Dossier.State.CLOSED),
        ("?etat=n-importe-quoi&demarche=x&page=zero", Dossier.State.SUBMITTED),
    ],
)
def test_the_address_chooses_whose_turn(desk_client, address, state):
    by_state = {
        each: many_reviews(1, state=each)[0].dossier.number
        for each in (Dossier.State.SUBMITTED, Dossier.State.CORRECTIONS_ASKED, Dossier.State.CLOSED)
    }
    page = desk_client.get(URL + address).content.decode()
    assert [number for number in by_state.values() if number in page] == [by_state[state]]


def test_the_address_chooses_the_programme_and_keeps_whose_turn(desk_client):
    without = many_reviews(1)[0].dossier.number
    exchange = many_reviews(1, programme=Programme.WITH_EXCHANGE)[0].dossier.number
    page = desk_client.get(URL + "?demarche=with_exchange").content.decode()
    assert exchange in page
    assert without not in page
    assert "?etat=closes&amp;demarche=with_exchange" in page


def test_counts_of_each_turn_are_told(desk_client):
    many_reviews(2)
    many_reviews(1, state=Dossier.State.CORRECTIONS_ASKED)
    page = desk_client.get(URL).content.decode()
    for label in ["À examiner (2)", "Chez l’éditeur (1)", "Closes (0)"]:
        assert label in page


def test_a_reviewer_never_sees_the_dossiers_of_their_own_publisher(dossier, publisher, colleague):
    MembershipFactory.create(user=colleague, publisher=publisher)
    assert rows(colleague) == ()


def test_pages_hold_twenty_five_and_keep_the_filters(desk_client):
    many_reviews(30)
    first = desk_client.get(URL + "?etat=a-examiner").content.decode()
    assert first.count('class="review-row"') == 25
    assert "etat=a-examiner&amp;page=2" in first
    assert desk_client.get(URL + "?etat=a-examiner&page=2").content.decode().count('class="review-row"') == 5


def test_the_database_counts_the_same_review_items_as_the_operation(dossier):
    current = last_round(dossier)
    asked = items_to_judge(current.submission, published(dossier.edition).definition)
    assert progress_of([current])[current.submission_id].total == len(asked)


def test_a_verdict_given_on_demand_is_not_progress(dossier, reviewer):
    current = last_round(dossier)
    item = current.submission.items.get(question__key="SEC-GOV-01")
    current.verdicts.create(item=item, decision="accepted", decided_at=current.opened_at, decided_by=reviewer)
    assert rows(reviewer)[0].progress.examined == 0


def test_two_hundred_dossiers_cost_as_many_queries_as_two(desk_client, reviewer):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk_client.get(URL).status_code == 200
        assert not [each for each in queries if each["sql"].startswith(WRITES)]
        return len(queries)

    many_reviews(2, examined=1)
    cost()  # the first request of a process fills its caches
    few = cost()
    many_reviews(198, examined=2)
    assert Review.objects.count() == 200
    assert cost() == few
    assert few <= 12


def test_a_dossier_with_nothing_left_to_examine_or_to_send_is_ready_to_close(desk_client, dossier, reviewer):
    current = examine(dossier, by=reviewer, but=["SEC-GOV-02"])
    assert rows(reviewer)[0].turn_words == "À vous d’examiner"
    examine(dossier, by=reviewer)
    assert rows(reviewer)[0].turn_words == "Prêt à clore"
    assert "Prêt à clore" in desk_client.get(URL).content.decode()
    on_demand = current.submission.items.get(question__key="SEC-GOV-01")
    current.verdicts.create(
        item=on_demand, decision="question", text="Qui ?", decided_at=current.opened_at, decided_by=reviewer
    )
    assert rows(reviewer)[0].turn_words == "À vous d’examiner"


def test_a_dossier_with_a_refusal_is_not_ready_to_close(dossier, reviewer):
    examine(dossier, by=reviewer, refused=["SEC-GOV-02"])
    assert rows(reviewer)[0].turn_words == "À vous d’examiner"
    assert rows(reviewer, ready=True) == ()


def test_the_verdicts_of_whoever_stepped_back_make_nothing_ready(dossier, reviewer, colleague):
    examine(dossier, by=reviewer)
    recuse(dossier.review, by=reviewer, reason="Un lien de famille.")
    assert rows(colleague)[0].turn_words == "À prendre en charge"
    assert rows(colleague, ready=True) == ()


def test_the_ready_ones_only(desk_client):
    ready = many_reviews(2, examined=3)
    many_reviews(2, examined=2)
    many_reviews(1, examined=3, state=Dossier.State.CORRECTIONS_ASKED)
    assert shown(desk_client, "?prets=oui") == by_number(ready)
    page = desk_client.get(URL + "?prets=oui").content.decode()
    assert "À examiner (2)" in page
    assert 'name="prets" value="oui"' in page
    assert shown(desk_client, "?prets=oui&etat=chez-l-editeur") == set()


def test_two_hundred_ready_dossiers_cost_as_many_queries_as_two(desk_client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk_client.get(URL + "?prets=oui").status_code == 200
        return len(queries)

    many_reviews(2, examined=3)
    cost()
    few = cost()
    many_reviews(198, examined=3)
    assert cost() == few


def by_number(reviews):
    return {each.dossier.number for each in reviews}


def shown(client, address):
    return {row.dossier.number for row in client.get(URL + address).context["queue"].rows}


def test_late_ones_only(desk_client):
    late = many_reviews(2, first_days_ago=40)
    many_reviews(2, first_days_ago=5)
    assert shown(desk_client, "?retard=oui") == by_number(late)
    page = desk_client.get(URL + "?retard=oui").content.decode()
    assert "En retard de 11 jours (échéance le" in page


def test_a_dossier_is_found_by_its_number_its_product_or_its_publisher(desk_client, dossier):
    others = many_reviews(2)
    for words in (dossier.number, "monsuivi", "cœur et compagnie"):
        assert shown(desk_client, f"?q={words}") == {dossier.number}
    assert shown(desk_client, f"?q={others[0].dossier.number[-6:]}") == {others[0].dossier.number}
    nothing = desk_client.get(URL + "?q=%00introuvable&demarche=without_exchange").content.decode()
    assert "Aucun dossier ne correspond à ces filtres" in nothing
    assert 'href="?etat=a-examiner&amp;demarche=without_exchange"' in nothing


@pytest.fixture
def in_hand(reviewer, colleague, review_lead):
    """Three dossiers: two in a colleague's hand, one of which is half examined, and one in nobody's."""
    reviews = [*many_reviews(1, examined=2, by=reviewer), *many_reviews(2, first_days_ago=4)]
    for review in reviews[:2]:
        assign(review, reviewer=colleague, by=review_lead)
    return reviews


def test_a_lead_reads_the_load_of_each_reviewer_and_goes_to_their_dossiers(client, in_hand, colleague, review_lead):
    client.force_login(review_lead)
    page = client.get(URL)
    (load,) = page.context["queue"].loads
    assert (load.reviewer, load.dossiers, load.items) == (colleague.full_name, 2, 1 + 3)
    assert load.oldest == in_hand[1].turn_since
    assert shown(client, load.address) == by_number(in_hand[:2])
    assert f'aria-current="true">{colleague.full_name}</a>' in client.get(URL + load.address).content.decode()


def test_the_load_of_the_colleagues_is_for_leads_only(desk_client, in_hand, colleague):
    page = desk_client.get(URL + f"?charge={colleague.pk}")
    assert page.context["queue"].loads == ()
    assert shown(desk_client, f"?charge={colleague.pk}") == by_number(in_hand)
    assert "Charge des examinateurs" not in page.content.decode()


@pytest.mark.parametrize("charge", ["٣", "-1", "9" * 40, "quelqu-un"])
def test_a_charge_that_is_nobodys_number_is_not_understood(client, in_hand, review_lead, charge):
    client.force_login(review_lead)
    assert shown(client, f"?charge={charge}") == by_number(in_hand)


def test_two_hundred_dossiers_in_hand_cost_a_lead_as_many_queries_as_two(client, review_lead, colleague):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    def put_in_hand(reviews):
        Assignment.objects.bulk_create(
            Assignment(review=each, reviewer=colleague, assigned_at=each.opened_at, assigned_by=review_lead)
            for each in reviews
        )

    client.force_login(review_lead)
    put_in_hand(many_reviews(2))
    cost()
    few = cost()
    put_in_hand(many_reviews(198))
    assert cost() == few
