"""One dossier on the reviewers' desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.desk_items import Shown
from assessments.models import Review
from assessments.operations.assignments import take
from assessments.operations.reviews import send_back
from assessments.review_desk import Desk
from questionnaires.queries import published
from tests.assessments.filled import examine, filled_dossier, submit_again, submitted_dossier
from tests.factories import MembershipFactory
from tests.reviews.conftest import GAP, NOT_APPLICABLE

REFUSED = "SEC-GOV-02"


def url_of(dossier):
    return reverse("reviews:detail", args=[dossier.number])


def page_of(client, dossier, query=""):
    response = client.get(url_of(dossier) + query)
    assert response.status_code == 200
    return response.content.decode()


def desk_of(dossier):
    return Desk(Review.objects.select_related("dossier__product__publisher", "dossier__edition").get(dossier=dossier))


def keys_of(sections):
    return [item.key for section in sections for items in section.themes.values() for item in items]


def send(dossier, by):
    current = examine(dossier, by=by, refused=[REFUSED])
    send_back(round=current, definition=published(dossier.edition).definition, by=by, message="Merci de compléter.")
    dossier.refresh_from_db()


@pytest.mark.parametrize("person", ["mandataire", "contributor", "stranger", "editor", "gie_officer", "administrator"])
def test_a_review_does_not_exist_for_anybody_but_reviewers(client, request, dossier, person):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url_of(dossier)).status_code == 404


def test_a_review_does_not_exist_for_a_reviewer_of_the_publishers_team(client, dossier, colleague, publisher):
    MembershipFactory.create(user=colleague, publisher=publisher)
    client.force_login(colleague)
    assert client.get(url_of(dossier)).status_code == 404


def test_a_dossier_that_was_not_submitted_is_not_on_the_desk(desk_client):
    assert desk_client.get(url_of(filled_dossier())).status_code == 404


def test_the_page_says_where_one_is_and_what_comes_next(desk_client, dossier):
    page = page_of(desk_client, dossier)
    desk = desk_of(dossier)
    for words in [dossier.number, "MonSuivi Cœur", dossier.product.reference, "À prendre en charge", "Tour 1"]:
        assert words in page
    assert f"0 sur {len(desk.review_items)}" in page
    first = reverse("reviews:item", args=[dossier.number, desk.review_items[0].key])
    assert f'class="fr-btn" href="{first}"' in page


def test_the_list_holds_the_review_items_and_only_them(desk_client, dossier):
    page = page_of(desk_client, dossier)
    assert NOT_APPLICABLE in page
    assert reverse("reviews:item", args=[dossier.number, "SEC-GOV-01"]) not in page


def test_all_the_answers_can_be_listed(desk_client, dossier):
    page = page_of(desk_client, dossier, "?voir=toutes")
    assert reverse("reviews:item", args=[dossier.number, "SEC-GOV-01"]) in page
    assert reverse("reviews:item", args=[dossier.number, "ORI-DON-01"]) in page


def test_the_list_can_be_narrowed_to_each_verdict(dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED], asked=["SEC-HEB-05"], but=[NOT_APPLICABLE])
    desk = desk_of(dossier)
    shown = {each: keys_of(desk.sections(each)) for each in Shown}
    assert shown[Shown.REFUSED] == [REFUSED]
    assert shown[Shown.ASKED] == ["SEC-HEB-05"]
    assert shown[Shown.WAITING] == [NOT_APPLICABLE]
    assert len(shown[Shown.ACCEPTED]) == len(shown[Shown.ITEMS]) - 3
    assert {each.shown: each.count for each in desk.facets(Shown.ALL)} == {
        each: len(keys) for each, keys in shown.items() if each is not Shown.ROUND
    }


def test_the_declared_gap_is_told_with_its_answer(desk_client, dossier):
    page = page_of(desk_client, dossier)
    assert "Écarts déclarés (1)" in page
    assert reverse("reviews:item", args=[dossier.number, GAP]) in page


def test_a_refusal_shows_in_the_score_after_verdicts(dossier, reviewer):
    before = {score.title: score for score in desk_of(dossier).scores}
    assert all(score.filed == score.judged for score in before.values())
    examine(dossier, by=reviewer, refused=[REFUSED])
    after = {score.title: score for score in desk_of(dossier).scores}
    changed = [title for title, score in after.items() if score.judged.score != score.filed.score]
    assert changed == ["Sécurité"]
    assert after["Sécurité"].judged.score < after["Sécurité"].filed.score


def test_sending_is_off_and_says_why_while_items_are_unexamined(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED], but=[NOT_APPLICABLE])
    page = page_of(desk_client, dossier)
    assert 'disabled aria-describedby="pourquoi-pas-envoyer"' in page
    assert "Il reste 1 élément à examiner" in page
    assert reverse("reviews:send", args=[dossier.number]) not in page


def test_sending_opens_once_everything_is_examined(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[REFUSED])
    page = page_of(desk_client, dossier)
    assert reverse("reviews:send", args=[dossier.number]) in page


def test_closing_is_offered_to_the_lead_only(client, dossier, reviewer, review_lead):
    examine(dossier, by=reviewer, refused=[REFUSED])
    closing = reverse("results:close", args=[dossier.number])
    for person, offered in ((reviewer, False), (review_lead, True)):
        client.force_login(person)
        assert (closing in page_of(client, dossier)) is offered


def test_when_all_is_accepted_closing_is_the_leads_next_thing(client, dossier, reviewer, review_lead):
    examine(dossier, by=reviewer)
    client.force_login(review_lead)
    page = page_of(client, dossier)
    assert "il n’y a rien à demander à l’éditeur. Vous pouvez clore l’instruction." in page
    assert f'class="fr-btn" href="{reverse("results:close", args=[dossier.number])}"' in page


def test_when_all_is_accepted_a_reviewer_reads_that_a_lead_closes(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer)
    page = page_of(desk_client, dossier)
    assert "Prêt à clore" in page
    assert "l’un d’eux peut maintenant clore l’instruction" in page
    for absent in ["Envoyer le tour", "Vous pouvez clore", reverse("results:close", args=[dossier.number])]:
        assert absent not in page


def test_a_lead_who_gave_every_verdict_reads_that_another_one_closes(client, dossier, review_lead):
    examine(dossier, by=review_lead)
    client.force_login(review_lead)
    assert "un autre responsable d’instruction clôt ce dossier" in page_of(client, dossier)


def test_a_sent_round_waits_for_the_publisher(desk_client, dossier, reviewer):
    send(dossier, reviewer)
    page = page_of(desk_client, dossier)
    assert "À l’éditeur de corriger" in page
    assert "Envoyer le tour" not in page


def test_a_second_round_carries_verdicts_and_recalls_the_first(desk_client, dossier, reviewer, contributor):
    send(dossier, reviewer)
    submit_again(dossier, by=contributor)
    page = page_of(desk_client, dossier, "?voir=elements")
    total = len(desk_of(dossier).review_items)
    assert f"{total - 1} sur {total}" in page
    assert "Accepté au tour 1" in page
    assert "Merci de compléter." in page
    assert f"Acceptés\u00a0: {total - 1} · refusés\u00a0: 1" in page


def test_a_second_round_opens_on_what_it_has_to_examine(desk_client, dossier, reviewer, contributor):
    current = examine(dossier, by=reviewer, refused=[REFUSED])
    on_demand = current.submission.items.get(question__key="SEC-GOV-01")
    current.verdicts.create(
        item=on_demand, decision="question", text="Qui ?", decided_at=current.opened_at, decided_by=reviewer
    )
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    submit_again(dossier, by=contributor)
    page = page_of(desk_client, dossier)
    assert "À examiner à ce tour (2)" in page
    assert "Accepté au tour 1" not in page
    assert keys_of(desk_of(dossier).sections(Shown.ROUND)) == ["SEC-GOV-01", REFUSED]
    examine(dossier, by=reviewer)
    assert keys_of(desk_of(dossier).sections(Shown.ROUND)) == ["SEC-GOV-01", REFUSED]
    assert "Accepté au tour 1" in page_of(desk_client, dossier, "?voir=elements")


def test_a_first_round_opens_on_every_item(desk_client, dossier):
    page = page_of(desk_client, dossier)
    assert "à ce tour" not in page
    assert 'href="?voir=elements#liste" aria-current="true"' in page


def test_more_items_cost_no_more_queries_and_nothing_is_written(desk_client, reviewer):
    def cost(dossier):
        page_of(desk_client, dossier)  # the first request of a process fills its caches
        with CaptureQueriesContext(connection) as queries:
            page_of(desk_client, dossier, "?voir=toutes")
        assert not [each for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        return len(queries)

    small, large = submitted_dossier(), submitted_dossier(everything=True)
    take(small.review, by=reviewer)  # whoever is in charge may ask for a second reading, of people who are listed
    examine(large, by=reviewer)
    assert cost(small) == cost(large) <= 18
