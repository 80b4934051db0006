"""The publisher's page of the examination: what is refused and asked, what to do, and every round that was told."""

import pytest
from django.urls import reverse

from accounts.models import User
from assessments.filing import Filing
from assessments.models import Dossier, Reply
from assessments.operations.replies import reply
from assessments.operations.reviews import give_verdict, send_back
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, item_of, last_round, submit_again, submitted_dossier
from tests.assessments.saving import save

REFUSED, ASKED, ACCEPTED, OTHER = "SEC-GOV-02", "ETH-ECQ-11", "RGPD-INF-03", "SEC-EXP-09"


@pytest.fixture
def dossier(product, contributor, mandataire) -> Dossier:
    return submitted_dossier(product=product, by=contributor)


def send(dossier, by, **verdicts):
    current = examine(dossier, by=by, **verdicts)
    send_back(
        round=current, definition=published(dossier.edition).definition, by=by, message="Merci pour ce dossier soigné."
    )
    dossier.refresh_from_db()


@pytest.fixture
def sent_back(dossier: Dossier, reviewer: User) -> Dossier:
    send(dossier, reviewer, refused=[REFUSED], asked=[ASKED])
    return dossier


def page(client, dossier, *, of=None):
    if of is not None:
        client.force_login(of)
    return client.get(reverse("dossiers:instruction", args=[dossier.number])).content.decode()


def post_reply(client, dossier, key, text):
    return client.post(reverse("dossiers:reply", args=[dossier.number, key]), {f"{key}-text": text})


def test_it_says_what_is_refused_and_asked_and_why(client, sent_back, contributor):
    shown = page(client, sent_back, of=contributor)

    for words in (
        "Refusé (1)",
        "La preuve est incomplète",
        "Il manque la page signée.",
        "Merci pour ce dossier soigné.",
    ):
        assert words in shown
    for words in ("Questions posées (1)", "De quand date ce document", "Il reste 2 éléments", "À vous."):
        assert words in shown


def test_a_reader_reads_and_is_not_asked_to_reply(client, sent_back, reader):
    shown = page(client, sent_back, of=reader)

    assert "Il manque la page signée." in shown
    assert "repondre" not in shown


def test_a_reply_is_kept_and_settles_the_question(client, sent_back, contributor):
    client.force_login(contributor)

    response = post_reply(client, sent_back, ASKED, "Il date du 3 mars.")

    assert response["Location"].endswith(f"/instruction/#{ASKED}")
    assert Reply.objects.get().written_by == contributor
    shown = page(client, sent_back)
    assert "Il date du 3 mars." in shown
    assert "réponse écrite, à soumettre" in shown
    assert Filing(sent_back).unsettled == (REFUSED,)


def test_several_replies_may_be_written(client, sent_back, contributor):
    client.force_login(contributor)
    for text in ("Il date du 3 mars.", "Ou plutôt du 4."):
        post_reply(client, sent_back, ASKED, text)

    assert [each.text for each in Reply.objects.order_by("pk")] == ["Il date du 3 mars.", "Ou plutôt du 4."]


@pytest.mark.parametrize(("text", "words"), [("  ", "Écrivez votre réponse."), ("a" * 4001, "4000")])
def test_a_reply_that_cannot_be_written_stays_on_the_page(client, sent_back, contributor, text, words):
    client.force_login(contributor)

    response = post_reply(client, sent_back, ASKED, text)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Reply.objects.exists()


def test_what_was_not_sent_back_takes_no_reply(client, sent_back, contributor):
    client.force_login(contributor)

    assert post_reply(client, sent_back, ACCEPTED, "Merci.").status_code == 302
    assert post_reply(client, sent_back, "SEC-ZZZ-99", "Merci.").status_code == 404
    assert not Reply.objects.exists()


def test_a_dossier_that_left_again_takes_no_reply(client, sent_back, contributor):
    submit_again(sent_back, by=contributor)
    client.force_login(contributor)
    before = Reply.objects.count()

    post_reply(client, sent_back, ASKED, "Trop tard.")

    assert Reply.objects.count() == before


def test_nothing_of_a_round_shows_before_it_is_sent(client, dossier, reviewer, contributor):
    """Neither what is refused, nor what is accepted, nor how far it is."""
    examine(dossier, by=reviewer, refused=[REFUSED], asked=[ASKED])
    give_verdict(round=last_round(dossier), item=item_of(dossier, OTHER), decision="accepted", by=reviewer)

    shown = page(client, dossier, of=contributor)

    for words in ("Il manque la page signée", "De quand date", "Accepté", "Refusé", "Acceptés", REFUSED):
        assert words not in shown
    assert "Aux examinateurs." in shown


def test_the_second_round_shows_nothing_either_and_the_first_still_does(client, sent_back, reviewer, contributor):
    submit_again(sent_back, by=contributor)
    examine(sent_back, by=reviewer, refused=[REFUSED])
    refused = last_round(sent_back).verdicts.get(decision="refused")
    type(refused).objects.filter(pk=refused.pk).update(text="Encore insuffisant.")

    shown = page(client, sent_back, of=contributor)

    assert "Encore insuffisant" not in shown
    assert "Il manque la page signée." in shown
    assert "Nous maintenons notre réponse." in shown
    assert "Renvoyé par les examinateurs" in shown


def test_what_is_accepted_is_counted_in_the_round_that_accepted_it(client, sent_back, reviewer, contributor):
    first = last_round(sent_back).verdicts.filter(decision="accepted").count()
    assert f"Accepté au tour 1 ({first})" in page(client, sent_back, of=contributor)
    submit_again(sent_back, by=contributor)
    send(sent_back, reviewer, refused=[REFUSED])

    shown = page(client, sent_back)

    assert "Accepté au tour 2 (1)" in shown
    assert f"Accepté au tour 1 ({first})" in shown
    assert ASKED in shown.partition("Accepté au tour 2")[2].partition("Accepté au tour 1")[0]


def test_once_closed_the_last_round_is_told(client, dossier, reviewer, review_lead, contributor):
    examine(dossier, by=reviewer, refused=[REFUSED])
    close_review(review=dossier.review, outcome="not_met", conclusion="Non.", by=review_lead)

    shown = page(client, dossier, of=contributor)
    assert "Il manque la page signée." in shown
    assert "Instruction close" in shown


def test_a_pending_change_is_listed_as_staying_behind(client, sent_back, contributor):
    save(sent_back, OTHER, "non", by=contributor)

    shown = page(client, sent_back, of=contributor)

    assert "Changements en attente (1)" in shown
    assert OTHER in shown


def test_submitting_is_offered_once_everything_is_settled(client, sent_back, mandataire, contributor):
    assert "Soumettre les corrections" not in page(client, sent_back, of=mandataire)
    for key in (REFUSED, ASKED):
        reply(dossier=sent_back, key=key, text="Voyez la page 3.", by=contributor)

    assert "Soumettre les corrections" in page(client, sent_back)
    assert "Soumettre les corrections" not in page(client, sent_back, of=contributor)


def test_the_submission_page_names_what_leaves_and_what_stays(client, sent_back, mandataire, contributor):
    save(sent_back, OTHER, "non", by=contributor)
    for key in (REFUSED, ASKED):
        reply(dossier=sent_back, key=key, text="Voyez la page 3.", by=contributor)
    client.force_login(mandataire)

    shown = client.get(reverse("dossiers:submit", args=[sent_back.number])).content.decode()

    assert "les 2 questions renvoyées par les examinateurs" in shown
    assert "En attente" in shown
    assert OTHER in shown


def test_the_submission_page_leads_to_what_is_not_settled(client, sent_back, mandataire):
    client.force_login(mandataire)

    shown = client.get(reverse("dossiers:submit", args=[sent_back.number])).content.decode()

    assert f"/instruction/#{REFUSED}" in shown
    assert "Au nom de l’éditeur" not in shown


def test_before_the_first_submission_it_says_what_will_be_here(client, blank_dossier, contributor):
    assert "L’instruction n’a pas commencé" in page(client, blank_dossier, of=contributor)


def test_its_queries_do_not_grow_with_rounds_and_items(
    client, product, contributor, reviewer, django_assert_max_num_queries
):
    """Three rounds of a dossier that shows every question there is."""
    dossier = submitted_dossier(product=product, by=contributor, everything=True)
    for _ in range(2):
        send(dossier, reviewer, refused=[REFUSED, "SEC-HEB-05"], asked=[ASKED])
        submit_again(dossier, by=contributor)
    send(dossier, reviewer, refused=[REFUSED, "SEC-HEB-05"], asked=[ASKED])
    for key in (REFUSED, ASKED):
        reply(dossier=dossier, key=key, text="Voyez la page 3.", by=contributor)
    client.force_login(contributor)

    with django_assert_max_num_queries(30):
        shown = client.get(reverse("dossiers:instruction", args=[dossier.number]))

    assert shown.status_code == 200
    assert shown.content.decode().count("Tour ") >= 3
