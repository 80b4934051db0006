"""A second reader reads everything, gives no verdict, and contests those of others before they leave."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.journal import events_of
from assessments import policies
from assessments.charge import candidates_for
from assessments.models import Assignment, Review, Round, SecondOpinion, Verdict
from assessments.operations.assignments import ReadsSecond, Unfit, assign, recuse, take, unassign
from assessments.operations.notes import write_note
from assessments.operations.reviews import NotInCharge, give_verdict, send_back
from assessments.operations.second_readings import (
    Contested,
    InCharge,
    NotAsked,
    RoundSent,
    VerdictGone,
    ask_second_reading,
    contested,
    give_opinion,
)
from notifications.models import Notification
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, item_of, last_round, submit_again
from tests.dossiers.pages import text_of

KEY, OTHER = "SEC-GOV-02", "SEC-HEB-05"
WHY = "La politique n’est pas signée par la direction."


@pytest.fixture
def read(dossier, reviewer, colleague, review_lead):
    """Examined by `reviewer`, one item refused; `colleague` was asked for a second reading."""
    assign(dossier.review, reviewer=reviewer, by=review_lead)
    examine(dossier, by=reviewer, refused=[OTHER])
    ask_second_reading(dossier.review, reviewer=colleague, by=reviewer)
    return dossier


def fresh(dossier):
    return Review.objects.select_related("dossier__product").get(dossier=dossier)


def verdict_of(dossier, key=KEY):
    return Verdict.objects.select_related("round__review").get(item=item_of(dossier, key))


def opinion(dossier, by, *, agrees=False, key=KEY, text=WHY):
    verdict = verdict_of(dossier, key)
    return give_opinion(verdict=verdict, agrees=agrees, text=text, by=by, seen_at=verdict.decided_at)


def sent(dossier, by, acknowledged=()):
    definition = published(dossier.edition).definition
    return send_back(round=last_round(dossier), definition=definition, by=by, acknowledged=acknowledged)


def url_of(dossier, name, *more):
    return reverse(f"reviews:{name}", args=[dossier.number, *more])


# --- Asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reviewer", "review_lead"])
def test_who_is_in_charge_or_a_lead_asks_from_the_dossier(
    client, request, dossier, reviewer, review_lead, colleague, who
):
    assign(dossier.review, reviewer=reviewer, by=review_lead)
    client.force_login(request.getfixturevalue(who))

    page = client.post(url_of(dossier, "second-reading"), {"reviewer": colleague.pk}, follow=True)

    assert "Un second regard est demandé à Andrea Seconde." in text_of(page)
    assert Assignment.objects.get(reviewer=colleague).part == "second_reader"
    assert "à relire" in Notification.objects.get(recipient=colleague).subject


def test_a_colleague_who_is_not_in_charge_asks_nobody(client, dossier, reviewer, review_lead, colleague):
    assign(dossier.review, reviewer=reviewer, by=review_lead)
    client.force_login(colleague)

    assert client.post(url_of(dossier, "second-reading"), {"reviewer": review_lead.pk}).status_code == 403


def test_only_a_reviewer_who_is_fit_is_asked_and_not_one_in_charge(
    desk_client, dossier, reviewer, review_lead, colleague, editor, mandataire
):
    assign(dossier.review, reviewer=reviewer, by=review_lead)
    recuse(dossier.review, by=colleague, reason="J’y ai travaillé.")

    for person in (colleague, editor, mandataire):
        assert desk_client.post(url_of(dossier, "second-reading"), {"reviewer": person.pk}).status_code == 404
        with pytest.raises(Unfit):
            ask_second_reading(dossier.review, reviewer=person, by=reviewer)
    with pytest.raises(InCharge):
        ask_second_reading(fresh(dossier), reviewer=reviewer, by=review_lead)


def test_asked_twice_they_are_told_once(read, colleague, reviewer):
    ask_second_reading(fresh(read), reviewer=colleague, by=reviewer)

    assert Assignment.objects.filter(reviewer=colleague).count() == 1
    assert Notification.objects.filter(recipient=colleague).count() == 1


# --- What they are not --------------------------------------------------------------------------


def test_a_second_reader_is_not_in_charge(read, colleague, reviewer):
    review = fresh(read)

    assert review.reviewer_ids == {reviewer.pk}
    assert review.second_reader_ids == {colleague.pk}
    assert not policies.can_judge(colleague, review)
    assert {each.pk: vars(each)["load"] for each in candidates_for(review)}[colleague.pk] == 0


def test_a_second_reader_gives_no_verdict_even_when_nobody_is_in_charge(read, colleague, reviewer, review_lead):
    unassign(read.review, reviewer=reviewer, by=review_lead)

    assert not policies.can_judge(colleague, fresh(read))
    with pytest.raises(ReadsSecond):
        take(fresh(read), by=colleague)
    with pytest.raises(NotInCharge):
        give_verdict(
            round=last_round(read),
            item=item_of(read, KEY),
            decision="accepted",
            by=colleague,
            seen_at=verdict_of(read).decided_at,
        )


def test_a_dossier_that_is_only_read_is_nobodys_in_the_queue(client, dossier, colleague, review_lead):
    ask_second_reading(dossier.review, reviewer=colleague, by=review_lead)
    client.force_login(colleague)

    def shown(charge):
        return [row.dossier for row in client.get("/instruction/", {"charge": charge}).context["queue"].rows]

    assert shown("moi") == []
    assert shown("personne") == [dossier]
    assert shown("") == [dossier]


def test_a_new_submission_is_told_to_those_in_charge_alone(read, colleague, reviewer):
    sent(read, reviewer)
    read.refresh_from_db()
    sent_back = read.state_since

    submit_again(read, by=read.created_by)

    told = Notification.objects.filter(subject=f"Dossier {read.number} à instruire", created_at__gt=sent_back)
    assert [each.recipient for each in told] == [reviewer]


def test_put_in_charge_they_read_second_no_more(read, colleague, review_lead):
    assign(fresh(read), reviewer=colleague, by=review_lead)

    review = fresh(read)
    assert colleague.pk in review.reviewer_ids
    assert review.second_reader_ids == frozenset()


def test_relieved_of_a_second_reading_they_may_examine(client, read, reviewer, colleague, review_lead):
    client.force_login(review_lead)
    client.post(url_of(read, "assign"), {"reviewer": colleague.pk, "action": "relieve"})
    unassign(fresh(read), reviewer=reviewer, by=review_lead)

    assert policies.can_judge(colleague, fresh(read))


# --- Opinions -----------------------------------------------------------------------------------


def test_a_verdict_is_contested_from_its_item_and_shown_in_the_list(client, read, colleague, reviewer):
    client.force_login(colleague)
    seen = client.get(url_of(read, "item", KEY)).context["opinion_form"]["seen_at"].value()
    typed = {"opinion-decision": "contests", "opinion-text": WHY, "opinion-seen_at": seen}

    assert WHY in text_of(client.post(url_of(read, "opinion", KEY), typed, follow=True))

    client.force_login(reviewer)
    assert "Verdict contesté" in text_of(client.get(url_of(read, "item", KEY)))
    assert "Enregistrer mon avis" not in text_of(client.get(url_of(read, "item", KEY)))
    assert "Contesté" in text_of(client.get(url_of(read, "detail"), {"voir": "toutes"}))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choisissez : d’accord, ou contester."),
        ({"opinion-decision": "contests"}, "Écrivez pourquoi vous contestez ce verdict."),
        ({"opinion-decision": "agrees", "opinion-seen_at": "hier"}, "Cette page n’est plus à jour"),
    ],
)
def test_an_opinion_that_is_not_whole_is_refused_in_words(client, read, colleague, typed, said):
    client.force_login(colleague)
    seen = verdict_of(read).decided_at.isoformat()

    response = client.post(url_of(read, "opinion", KEY), {"opinion-seen_at": seen, **typed})

    assert response.status_code == 422
    assert said in text_of(response)
    assert not SecondOpinion.objects.exists()


def test_nobody_but_a_second_reader_gives_an_opinion(client, read, reviewer, review_lead):
    for person in (reviewer, review_lead):
        client.force_login(person)
        assert client.post(url_of(read, "opinion", KEY), {"opinion-decision": "agrees"}).status_code == 403
        with pytest.raises(NotAsked):
            opinion(read, person)


def test_given_again_an_opinion_replaces_ones_own(read, colleague):
    opinion(read, colleague)
    opinion(read, colleague, agrees=True)

    only = SecondOpinion.objects.get()
    assert (only.agrees, only.text) == (True, "")
    assert contested(last_round(read)) == []


def test_a_verdict_given_again_leaves_the_opinion_behind(client, read, colleague, reviewer):
    first = verdict_of(read)
    opinion(read, colleague)
    give_verdict(
        round=first.round, item=first.item, decision="question", text="Qui ?", by=reviewer, seen_at=first.decided_at
    )

    assert contested(last_round(read)) == []
    with pytest.raises(VerdictGone):
        give_opinion(verdict=first, agrees=True, by=colleague, seen_at=first.decided_at)
    client.force_login(reviewer)
    assert "cet avis ne porte plus sur lui" in text_of(client.get(url_of(read, "item", KEY)))


def test_the_opinion_of_whoever_stepped_back_no_longer_counts(read, colleague):
    opinion(read, colleague)
    assert [each.reader for each in contested(last_round(read))] == [colleague]

    recuse(fresh(read), by=colleague, reason="J’y ai travaillé.")

    assert contested(last_round(read)) == []


def test_an_opinion_comes_too_late_once_the_round_has_left(read, colleague, reviewer):
    sent(read, reviewer)

    with pytest.raises(RoundSent):
        opinion(read, colleague)


def test_the_database_refuses_a_contest_without_words(read, colleague):
    given = opinion(read, colleague)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondOpinion.objects.filter(pk=given.pk).update(text="")


# --- Before it leaves ---------------------------------------------------------------------------


def test_a_contested_round_leaves_only_once_every_contest_is_acknowledged(client, read, colleague, reviewer):
    first, second = opinion(read, colleague), opinion(read, colleague, key=OTHER)
    client.force_login(reviewer)
    page = client.get(url_of(read, "send"))
    for words in [WHY, KEY, "Andrea Seconde", "Je maintiens le verdict"]:
        assert words in text_of(page)

    for ticked in ([], [first.pk]):
        response = client.post(url_of(read, "send"), {"message": "", "acknowledge": ticked})
        assert "Cochez chaque verdict contesté" in text_of(response)
        assert Round.objects.get().sent_at is None

    client.post(url_of(read, "send"), {"message": "", "acknowledge": [first.pk, second.pk]})
    assert Round.objects.get().sent_at is not None


def test_what_is_contested_meanwhile_holds_the_round_back(read, colleague, reviewer):
    given = opinion(read, colleague)

    with pytest.raises(Contested) as refused:
        sent(read, reviewer)

    assert refused.value.opinions == [given]
    assert sent(read, reviewer, acknowledged=[given.pk]).sent_at


def test_a_round_that_nobody_contests_asks_for_no_box(desk_client, read, colleague):
    opinion(read, colleague, agrees=True)

    assert "Je maintiens" not in text_of(desk_client.get(url_of(read, "send")))


@pytest.mark.parametrize("page", ["reviews:send", "results:close"])
def test_sending_and_closing_name_the_second_readers_who_said_nothing(client, read, colleague, review_lead, page):
    assign(read.review, reviewer=review_lead, by=review_lead)
    client.force_login(review_lead)
    address = reverse(page, args=[read.number])
    warning = f"Le second regard de {colleague}, qui n’a encore donné aucun avis sur ce tour"

    assert warning in text_of(client.get(address))
    opinion(read, colleague, agrees=True)
    assert "Ce qui attend encore" not in text_of(client.get(address))


def test_closing_asks_the_same(client, read, colleague, review_lead):
    given = opinion(read, colleague)
    client.force_login(review_lead)
    url = reverse("results:close", args=[read.number])
    typed = {"outcome": "not_met", "conclusion": "Un écart.", "confirmed": "on"}
    assert WHY in text_of(client.get(url))

    assert "Cochez chaque verdict contesté" in text_of(client.post(url, typed))
    with pytest.raises(Contested):
        close_review(review=read.review, outcome="not_met", conclusion="Un écart.", by=review_lead)

    assert client.post(url, {**typed, "acknowledge": [given.pk]}).status_code == 302
    assert fresh(read).is_closed


# --- Among themselves ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["detail", "instruction", "score"])
def test_the_publisher_never_learns_of_a_second_reading(client, read, publisher, mandataire, colleague, reviewer, name):
    given = opinion(read, colleague)
    sent(read, reviewer, acknowledged=[given.pk])
    client.force_login(mandataire)

    page = text_of(client.get(reverse(f"dossiers:{name}", args=[read.number])))

    for words in [WHY, "Andrea Seconde", "contesté"]:
        assert words not in page
    hidden = ["opinion.given", "review.second_reading_asked"]
    assert not events_of(publisher).filter(verb__in=hidden).exists()


def test_the_result_says_nothing_of_it(read, colleague, review_lead):
    given = opinion(read, colleague)

    result = close_review(
        review=read.review, outcome="not_met", conclusion="Non.", by=review_lead, acknowledged=[given.pk]
    )

    assert WHY not in str(result.content)
    assert "Andrea" not in str(result.content)


def test_a_second_reader_writes_notes(read, colleague):
    assert write_note(review=read.review, text="Vu.", by=colleague).author == colleague


def test_opinions_cost_the_same_whatever_their_number(client, read, colleague, reviewer):
    def cost(name, *more):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url_of(read, name, *more)).status_code == 200
        return len(queries)

    pages = [("detail",), ("send",), ("item", KEY)]
    client.force_login(reviewer)
    opinion(read, colleague)
    for page in pages:
        cost(*page)
    one = [cost(*page) for page in pages]
    for verdict in Verdict.objects.exclude(pk=verdict_of(read).pk).select_related("round__review"):
        give_opinion(verdict=verdict, agrees=False, text=WHY, by=colleague, seen_at=verdict.decided_at)

    assert [cost(*page) for page in pages] == one
