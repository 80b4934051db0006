"""What waits for the commission: put on its agenda, listed, settled, and never shown to the publisher."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.journal import events_of
from assessments.agenda import PER_PAGE
from assessments.models import AgendaEntry, Dossier, Round
from assessments.operations.agenda import AlreadyOnAgenda, AlreadySettled, put_on_agenda, settle
from assessments.operations.assignments import assign, recuse
from assessments.operations.reviews import NotInCharge, send_back
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, item_of
from tests.dossiers.pages import text_of
from tests.reviews.conftest import GAP
from tests.reviews.factories import KEYS, many_reviews

KEY, OTHER = "SEC-GOV-02", "SEC-HEB-05"
ASKED = "Cette attestation étrangère suffit-elle ?"
RULING = "Oui, si elle est traduite."
COMMISSION = "/instruction/commission/"


def url_of(dossier, name, key=KEY, *more):
    return reverse(f"reviews:{name}", args=[dossier.number, key, *more])


def put(dossier, by, key=KEY):
    return put_on_agenda(review=dossier.review, question_id=item_of(dossier, key).question_id, asked=ASKED, by=by)


def test_an_item_is_put_on_the_agenda_from_its_page_and_listed(desk_client, dossier):
    page = text_of(desk_client.post(url_of(dossier, "agenda"), {"agenda-text": ASKED}, follow=True))
    assert "À l’ordre du jour de la commission" in page
    assert "Inscrire cet élément" not in page

    listed = desk_client.get(COMMISSION)
    assert "1 élément attend la commission." in text_of(listed)
    for words in [ASKED, KEY, dossier.number, f'href="{url_of(dossier, "item")}"']:
        assert words in listed.content.decode()
    assert "En commission" in text_of(desk_client.get(reverse("reviews:detail", args=[dossier.number])))


def test_the_queue_leads_to_the_agenda_which_says_when_it_is_empty(desk_client, dossier):
    assert f'href="{COMMISSION}"' in desk_client.get("/instruction/").content.decode()
    assert "Rien n’attend la commission" in text_of(desk_client.get(COMMISSION))


def test_what_the_commission_said_is_shown_on_the_item_and_leaves_the_agenda(desk_client, dossier, reviewer):
    entry = put(dossier, reviewer)

    page = desk_client.post(url_of(dossier, "settle", KEY, entry.pk), {"ruling-text": RULING}, follow=True)

    assert RULING in text_of(page)
    assert ASKED not in text_of(desk_client.get(COMMISSION))
    entry.refresh_from_db()
    assert entry.settled_by == reviewer


def test_a_lead_who_does_not_examine_settles_and_a_colleague_may_not(client, dossier, reviewer, review_lead, colleague):
    assign(dossier.review, reviewer=reviewer, by=review_lead)
    entry = put(dossier, reviewer)
    client.force_login(colleague)
    assert client.post(url_of(dossier, "settle", KEY, entry.pk), {"ruling-text": RULING}).status_code == 403
    assert client.post(url_of(dossier, "agenda", OTHER), {"agenda-text": ASKED}).status_code == 403

    client.force_login(review_lead)
    assert client.post(url_of(dossier, "settle", KEY, entry.pk), {"ruling-text": RULING}).status_code == 302
    assert AgendaEntry.objects.get().ruling == RULING


@pytest.mark.parametrize("name", ["agenda", "settle"])
def test_nothing_typed_is_refused_in_words(desk_client, dossier, reviewer, name):
    more = [put(dossier, reviewer).pk] if name == "settle" else []

    response = desk_client.post(url_of(dossier, name, KEY, *more), {})

    assert response.status_code == 422
    said = "Écrivez l’avis de la commission." if more else "Écrivez ce que vous demandez à la commission."
    assert said in text_of(response)


def test_what_needs_no_verdict_does_not_go_before_the_commission(desk_client, dossier):
    assert "Inscrire cet élément" not in text_of(desk_client.get(url_of(dossier, "item", GAP)))
    assert desk_client.post(url_of(dossier, "agenda", GAP), {"agenda-text": ASKED}).status_code == 403


def test_an_entry_of_another_item_or_dossier_is_not_found(desk_client, dossier, reviewer):
    entry = put(dossier, reviewer)
    [other] = many_reviews(1)

    assert desk_client.post(url_of(dossier, "settle", OTHER, entry.pk), {"ruling-text": "x"}).status_code == 404
    assert desk_client.post(url_of(other.dossier, "settle", KEY, entry.pk), {"ruling-text": "x"}).status_code == 404


def test_an_item_is_asked_about_once_at_a_time(dossier, reviewer):
    entry = put(dossier, reviewer)
    with pytest.raises(AlreadyOnAgenda):
        put(dossier, reviewer)

    settle(entry, ruling=RULING, by=reviewer)
    with pytest.raises(AlreadySettled):
        settle(entry, ruling="Non.", by=reviewer)
    put(dossier, reviewer)

    assert AgendaEntry.objects.count() == 2


def test_only_whoever_may_judge_asks_the_commission(dossier, reviewer, colleague, review_lead):
    assign(dossier.review, reviewer=reviewer, by=review_lead)
    with pytest.raises(NotInCharge):
        put(dossier, colleague)


@pytest.mark.parametrize(
    "change", [{"ruling": "Non."}, {"settled_at": "2026-01-01T00:00Z"}, {"asked": ""}], ids=["half", "undue", "blank"]
)
def test_the_database_refuses_what_is_not_whole(dossier, reviewer, change):
    entry = put(dossier, reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaEntry.objects.filter(pk=entry.pk).update(**change)


def test_what_the_commission_said_is_never_changed(dossier, reviewer):
    entry = settle(put(dossier, reviewer), ruling=RULING, by=reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaEntry.objects.filter(pk=entry.pk).update(ruling="Non.")


def test_an_item_before_the_commission_holds_the_round_back(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[KEY], but=[OTHER])
    put(dossier, reviewer, OTHER)
    put(dossier, reviewer, KEY)

    page = text_of(desk_client.get(reverse("reviews:send", args=[dossier.number])))

    assert "Il reste 1 élément à examiner" in page
    assert "Ce qui attend encore" in page
    desk_client.post(reverse("reviews:send", args=[dossier.number]), {"message": ""})
    assert Round.objects.get().sent_at is None


@pytest.mark.parametrize("page", ["reviews:send", "results:close"])
def test_sending_and_closing_name_what_waits_for_the_commission_and_forbid_nothing(
    client, dossier, review_lead, reviewer, page
):
    examine(dossier, by=reviewer, refused=[KEY])
    assign(dossier.review, reviewer=review_lead, by=review_lead)
    entries = [put(dossier, reviewer, key) for key in (KEY, OTHER)]
    settle(entries[0], ruling=RULING, by=reviewer)
    client.force_login(review_lead)

    shown = client.get(reverse(page, args=[dossier.number])).content.decode()

    warning = shown.partition("Ce qui attend encore")[2].partition("</ul>")[0]
    assert f"{url_of(dossier, 'item', OTHER)}#commission" in warning
    assert KEY not in warning
    assert '<form method="post"' in shown


def test_nothing_is_said_to_wait_when_nothing_does(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, refused=[KEY])
    settle(put(dossier, reviewer), ruling=RULING, by=reviewer)

    assert "Ce qui attend encore" not in text_of(desk_client.get(reverse("reviews:send", args=[dossier.number])))


def test_the_agenda_holds_what_one_may_see_the_oldest_first_and_nothing_that_is_over(
    client, dossier, reviewer, review_lead, colleague
):
    examine(dossier, by=reviewer)
    closed = put(dossier, reviewer)
    reviews = many_reviews(2)
    late, early = (
        put_on_agenda(review=each, question_id=closed.question_id, asked=f"Question {n}", by=reviewer)
        for n, each in enumerate(reviews)
    )
    AgendaEntry.objects.filter(pk=early.pk).update(put_at=timezone.now() - timedelta(days=3))
    close_review(review=dossier.review, outcome="with_reservations", conclusion="Un écart.", by=review_lead)
    client.force_login(colleague)

    assert list(client.get(COMMISSION).context["page"]) == [early, late]

    recuse(late.review, by=colleague, reason="J’y ai travaillé.")
    assert list(client.get(COMMISSION).context["page"]) == [early]


def test_a_long_agenda_is_cut_in_pages_and_costs_the_same(desk_client, reviewer):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk_client.get(COMMISSION).status_code == 200
        return len(queries)

    reviews = many_reviews(PER_PAGE + 1)
    now, [question] = timezone.now(), {reviews[0].rounds.get().submission.items.get(question__key=KEYS[0]).question_id}
    entries = [
        AgendaEntry(review=each, question_id=question, asked=ASKED, put_at=now, put_by=reviewer) for each in reviews
    ]
    entries[0].save()
    cost()
    one = cost()
    AgendaEntry.objects.bulk_create(entries[1:])

    assert cost() == one
    assert len(desk_client.get(COMMISSION).context["page"]) == PER_PAGE
    assert len(desk_client.get(f"{COMMISSION}?page=2").context["page"]) == 1


@pytest.mark.parametrize("name", ["detail", "instruction", "score"])
def test_the_publisher_never_learns_of_the_commission(client, dossier, publisher, mandataire, reviewer, name):
    settle(put(dossier, reviewer), ruling=RULING, by=reviewer)
    current = examine(dossier, by=reviewer, refused=[KEY])
    put(dossier, reviewer, OTHER)
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.CORRECTIONS_ASKED
    client.force_login(mandataire)

    page = text_of(client.get(reverse(f"dossiers:{name}", args=[dossier.number])))

    for words in [ASKED, RULING, "commission"]:
        assert words not in page
    assert not events_of(publisher).filter(verb__startswith="agenda.").exists()
    assert client.get(COMMISSION).status_code == 403


def test_the_result_says_nothing_of_the_commission(dossier, reviewer, review_lead):
    settle(put(dossier, reviewer), ruling=RULING, by=reviewer)
    examine(dossier, by=reviewer)

    result = close_review(review=dossier.review, outcome="not_met", conclusion="Un écart.", by=review_lead)

    assert ASKED not in str(result.content)
    assert RULING not in str(result.content)
