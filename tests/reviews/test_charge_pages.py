"""Taking, giving and leaving a dossier from the desk; « En charge » in the queue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import StaffRole
from accounts.operations.staff import take_staff_role
from assessments.models import Assignment, Dossier, Recusal, Review
from assessments.operations.assignments import assign, recuse, take
from results.operations import close_review
from tests.assessments.filled import examine, item_of
from tests.dossiers.pages import text_of, told
from tests.factories import UserFactory
from tests.reviews.factories import many_reviews

QUEUE = "/instruction/"
KEY = "SEC-GOV-02"
NOT_REVIEWERS = ["mandataire", "contributor", "stranger", "editor", "gie_officer", "support", "administrator"]


@pytest.fixture
def lead_client(client, review_lead):
    client.force_login(review_lead)
    return client


@pytest.fixture
def closed(dossier, reviewer, review_lead):
    examine(dossier, by=reviewer)
    close_review(review=dossier.review, outcome="with_reservations", conclusion="Un écart.", by=review_lead)
    return dossier


def url_of(dossier, name="detail"):
    return reverse(f"reviews:{name}", args=[dossier.number])


def in_charge(dossier):
    return [each.reviewer for each in Assignment.objects.standing().filter(review__dossier=dossier)]


def numbers_of(response):
    return [row.dossier.number for row in response.context["queue"].rows]


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", NOT_REVIEWERS)
def test_the_charge_of_a_dossier_does_not_exist_for_anybody_but_reviewers(client, request, dossier, reviewer, who):
    client.force_login(request.getfixturevalue(who))

    for name in ("take", "assign", "recuse"):
        posted = {"reviewer": reviewer.pk, "action": "assign", "reason": "x"}
        assert client.post(url_of(dossier, name), posted).status_code == 404
    assert not Assignment.objects.exists()
    assert not Recusal.objects.exists()


@pytest.mark.parametrize("action", ["assign", "relieve"])
def test_a_simple_reviewer_neither_gives_nor_relieves(desk_client, dossier, reviewer, colleague, action):
    take(dossier.review, by=reviewer)

    response = desk_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk, "action": action})

    assert response.status_code == 403
    assert in_charge(dossier) == [reviewer]


def test_the_dossier_says_when_to_step_back_and_what_follows(desk_client, dossier):
    page = desk_client.get(reverse("reviews:detail", args=[dossier.number])).content.decode()

    assert 'aria-describedby="pourquoi-me-deporter"' in page
    assert "si vous connaissez quelqu’un chez l’éditeur ou avez travaillé pour lui" in page
    assert "vous ne verrez plus ce dossier" in page


def test_what_changes_the_charge_is_never_a_link(lead_client, dossier):
    assert lead_client.get(url_of(dossier, "take")).status_code == 405
    assert lead_client.get(url_of(dossier, "assign")).status_code == 405
    assert lead_client.get(url_of(dossier, "recuse")).status_code == 200
    assert not Recusal.objects.exists()


# --- Taking -------------------------------------------------------------------------------------


def test_the_desk_offers_to_take_what_nobody_has(desk_client, dossier, reviewer):
    page = desk_client.get(url_of(dossier))
    assert "En charge : personne" in text_of(page)
    assert "Prendre en charge" in text_of(page)
    assert "Confier ce dossier" not in text_of(page)

    response = desk_client.post(url_of(dossier, "take"), follow=True)

    assert response.redirect_chain == [(url_of(dossier), 302)]
    assert "Ce dossier vous est confié." in text_of(response)
    assert f"En charge : {reviewer.full_name}" in text_of(response)
    assert "Prendre en charge" not in text_of(response)


def test_whoever_comes_second_is_told(desk_client, dossier, colleague):
    take(dossier.review, by=colleague)
    assert "Prendre en charge" not in text_of(desk_client.get(url_of(dossier)))

    response = desk_client.post(url_of(dossier, "take"))

    assert told(response) == ["Un collègue vient de prendre ce dossier."]
    assert in_charge(dossier) == [colleague]


def test_what_is_closed_is_taken_by_nobody(client, closed, colleague, reviewer):
    Assignment.objects.all().delete()
    client.force_login(colleague)

    assert told(client.post(url_of(closed, "take"))) == ["Cette instruction est close."]
    assert client.get(url_of(closed, "recuse")).status_code == 403
    assert in_charge(closed) == []


def test_a_colleague_who_is_not_in_charge_reads_and_does_not_judge(client, dossier, reviewer, colleague):
    take(dossier.review, by=reviewer)
    client.force_login(colleague)
    item = reverse("reviews:item", args=[dossier.number, KEY])

    page = client.get(item)
    assert page.status_code == 200
    assert 'name="decision"' not in page.content.decode()
    assert client.post(item, {"decision": "accepted"}).status_code == 403
    assert client.post(url_of(dossier, "send"), {"message": ""}).status_code == 403
    assert not item_of(dossier, KEY).verdicts.exists()


# --- Giving -------------------------------------------------------------------------------------


def test_a_lead_gives_a_dossier_and_relieves(lead_client, dossier, reviewer, colleague):
    page = text_of(lead_client.get(url_of(dossier)))
    assert "Confier ce dossier" in page
    assert f"{colleague.full_name} (0)" in page

    given = lead_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk, "action": "assign"})
    assert told(given) == ["Ce dossier est confié à Andrea Seconde."]
    assert in_charge(dossier) == [colleague]
    page = text_of(lead_client.get(url_of(dossier)))
    assert "Décharger Andrea Seconde" in page
    assert f"{colleague.full_name} (1)" not in page

    relieved = lead_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk, "action": "relieve"})
    assert told(relieved)[-1] == "Ce dossier n’est plus confié à Andrea Seconde."
    assert in_charge(dossier) == []


def test_a_lead_puts_a_second_reviewer_beside_the_first(lead_client, dossier, reviewer, colleague):
    take(dossier.review, by=reviewer)

    lead_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk, "action": "assign"})

    assert in_charge(dossier) == [reviewer, colleague]
    assert f"En charge : {reviewer.full_name}, {colleague.full_name}" in text_of(lead_client.get(url_of(dossier)))


@pytest.mark.parametrize("who", ["mandataire", "support", "administrator", "stranger"])
def test_nobody_but_a_candidate_is_given_a_dossier(lead_client, request, dossier, who):
    person = request.getfixturevalue(who)

    assert lead_client.post(url_of(dossier, "assign"), {"reviewer": person.pk, "action": "assign"}).status_code == 404
    assert in_charge(dossier) == []


def test_somebody_who_recused_is_not_offered_nor_given(lead_client, dossier, colleague, reviewer):
    recuse(dossier.review, by=colleague, reason="Un proche y travaille.")
    page = text_of(lead_client.get(url_of(dossier)))
    assert f"{colleague.full_name} (0)" not in page
    assert f"Déport de {colleague.full_name}" in page and "Un proche y travaille." in page

    response = lead_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk, "action": "assign"})

    assert response.status_code == 404
    assert in_charge(dossier) == []


@pytest.mark.parametrize("posted", ["", "abc", "-1", "0", "987654321", "²"])
def test_a_reviewer_who_does_not_exist_is_not_found(lead_client, dossier, posted):
    assert lead_client.post(url_of(dossier, "assign"), {"reviewer": posted, "action": "assign"}).status_code == 404


def test_a_closed_dossier_is_given_to_nobody(lead_client, closed, colleague):
    assert lead_client.post(url_of(closed, "assign"), {"reviewer": colleague.pk}).status_code == 403
    page = text_of(lead_client.get(url_of(closed)))
    for words in ("Confier ce dossier", "Décharger", "Me déporter", "Prendre en charge"):
        assert words not in page


@pytest.mark.parametrize("gone", ["closed", "role"])
def test_somebody_who_left_the_service_can_be_relieved(lead_client, dossier, colleague, gone):
    """Their account was closed, or their role taken: the button is still on the page."""
    take(dossier.review, by=colleague)
    if gone == "closed":
        colleague.is_active = False
        colleague.save()
    else:
        take_staff_role(colleague, StaffRole.REVIEWER, by=None)
    assert "Décharger Andrea Seconde" in text_of(lead_client.get(url_of(dossier)))

    lead_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk, "action": "relieve"})

    assert in_charge(dossier) == []


# --- Leaving ------------------------------------------------------------------------------------


def test_leaving_says_what_it_does_then_does_it(desk_client, dossier, reviewer):
    take(dossier.review, by=reviewer)
    page = text_of(desk_client.get(url_of(dossier, "recuse")))
    assert "vous ne verrez plus rien de ce dossier" in page
    assert "L’entreprise ne le verra pas" in page

    response = desk_client.post(url_of(dossier, "recuse"), {"reason": "J’y ai travaillé."})

    assert response.url == QUEUE
    assert told(response) == ["Votre déport est enregistré\u00a0: vous ne verrez plus ce dossier."]
    assert Recusal.objects.get().reason == "J’y ai travaillé."
    assert desk_client.get(url_of(dossier)).status_code == 404
    assert desk_client.post(url_of(dossier, "recuse"), {"reason": "Encore."}).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2_001])
def test_leaving_without_a_reason_or_with_a_novel_is_told_at_the_field(desk_client, dossier, reason):
    response = desk_client.post(url_of(dossier, "recuse"), {"reason": reason, "csrfmiddlewaretoken": "x"})

    assert response.status_code == 200
    errors = str(response.context["form"].errors["reason"])
    assert ("2000" in errors) if reason.strip() else ("pourquoi vous ne devez pas examiner" in errors)
    assert not Recusal.objects.exists()


def test_the_publisher_never_reads_why_somebody_left(client, dossier, reviewer, mandataire):
    recuse(dossier.review, by=reviewer, reason="Mot-témoin")
    client.force_login(mandataire)

    journal = reverse("accounts:journal", args=[dossier.product.publisher.siren])
    for url in (reverse("dossiers:detail", args=[dossier.number]), journal):
        assert "Mot-témoin" not in client.get(url).content.decode()


def test_a_lead_may_leave_and_a_recused_lead_gives_nothing_more(lead_client, dossier, review_lead, colleague):
    lead_client.post(url_of(dossier, "recuse"), {"reason": "Un proche y travaille."})

    assert lead_client.post(url_of(dossier, "assign"), {"reviewer": colleague.pk}).status_code == 404
    assert lead_client.get(reverse("results:close", args=[dossier.number])).status_code == 404


# --- The queue ----------------------------------------------------------------------------------


@pytest.fixture
def three(db, reviewer, colleague, review_lead):
    """One dossier of mine, one of a colleague's, one of nobody's."""
    reviews = many_reviews(3)
    assign(reviews[0], reviewer=reviewer, by=review_lead)
    assign(reviews[1], reviewer=colleague, by=review_lead)
    return dict(zip(("mine", "theirs", "nobody"), (each.dossier.number for each in reviews), strict=True))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("", {"mine", "theirs", "nobody"}),
        ("?charge=moi", {"mine"}),
        ("?charge=personne", {"nobody"}),
        ("?charge=n-importe-quoi", {"mine", "theirs", "nobody"}),
        ("?charge=moi&etat=closes", set()),
    ],
)
def test_the_address_chooses_whose_charge(desk_client, three, address, shown):
    assert set(numbers_of(desk_client.get(QUEUE + address))) == {three[each] for each in shown}


def test_the_filter_keeps_the_others_and_its_counts_follow(desk_client, three):
    response = desk_client.get(f"{QUEUE}?charge=moi&demarche=without_exchange")

    page = response.content.decode()
    assert "?demarche=without_exchange&amp;charge=personne" in page.replace("etat=a-examiner&amp;", "")
    assert "À examiner (1)" in page
    chosen = [facet.label for facet in response.context["queue"].charges if facet.is_chosen]
    assert chosen == ["à moi"]


def test_each_row_says_who_is_in_charge(desk_client, three, reviewer, colleague):
    page = text_of(desk_client.get(QUEUE))

    assert f"En charge · {reviewer.full_name}" in page
    assert f"En charge · {colleague.full_name}" in page
    assert page.count("Non attribué ") == 1


def test_a_dossier_of_two_reviewers_is_one_row(desk_client, dossier, both_in_charge, reviewer, colleague):
    response = desk_client.get(QUEUE)

    assert numbers_of(response) == [dossier.number]
    assert f"{reviewer.full_name}, {colleague.full_name}" in text_of(response)
    assert "À examiner (1)" in text_of(response)
    assert numbers_of(desk_client.get(f"{QUEUE}?charge=moi")) == [dossier.number]


@pytest.mark.parametrize("address", ["", "?charge=moi"])
def test_two_hundred_dossiers_in_charge_cost_as_many_queries_as_two(desk_client, reviewer, colleague, address):
    def put_in_charge(reviews):
        Assignment.objects.bulk_create(
            Assignment(review=review, reviewer=person, assigned_at=review.opened_at, assigned_by=person)
            for review in reviews
            for person in (reviewer, colleague)
        )

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk_client.get(QUEUE + address).status_code == 200
        return len(queries)

    put_in_charge(many_reviews(2))
    cost()  # the first request of a process fills its caches
    few = cost()
    put_in_charge(many_reviews(198))
    assert Review.objects.count() == 200
    assert cost() == few
    assert few <= 12


def test_the_page_of_a_dossier_costs_as_much_with_twenty_reviewers(lead_client, dossier):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert lead_client.get(url_of(dossier)).status_code == 200
        return len(queries)

    UserFactory.create_batch(2, staff_role=StaffRole.REVIEWER)
    cost()
    few = cost()
    UserFactory.create_batch(18, staff_role=StaffRole.REVIEWER)
    assert cost() == few


def test_the_queue_of_whoever_recused_forgets_the_dossier(desk_client, dossier, reviewer):
    assert numbers_of(desk_client.get(QUEUE)) == [dossier.number]
    recuse(dossier.review, by=reviewer, reason="J’y ai travaillé.")

    assert numbers_of(desk_client.get(QUEUE)) == []
    assert "À examiner (0)" in text_of(desk_client.get(QUEUE))
    assert Dossier.objects.get().state == Dossier.State.SUBMITTED
