"""The queue of account requests, the page that decides, and the proof."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Publisher, StaffRole
from accounts.operations.staff import give_staff_role
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import approve, ask_more, change, deposit_proof, expire, forget_requests_of, refuse, submit
from tests.dossiers.pages import text_of, told
from tests.enrolment.asked import DECLARED, SIREN, SPACED_SIREN, again, drafted, proof_file, scanned, sent, with_proof
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import UserFactory, siren

State = AccountRequest.State
QUEUE = "/inscriptions/"
NOT_EXAMINERS = ["alice", "mandataire", "consultant", "stranger", "reviewer", "review_lead", "editor", "gie_officer"]
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def desk(client, support):
    client.force_login(support)
    return client


def url_of(request, name="examine"):
    return reverse(f"enrolment:{name}", args=[request.pk])


def many_requests(count):
    """Sent requests of as many people, each one day before the one that precedes it."""
    people = UserFactory.create_batch(count)
    proofs = DocumentVersionFactory.create_batch(count, document__publisher=None, clean=True)
    start, now = AccountRequest.objects.count(), timezone.now()
    return AccountRequest.objects.bulk_create(
        AccountRequest(
            **DECLARED | {"siren": siren(51_000_000 + start + n), "legal_name": f"Entreprise {start + n:03d}"},
            requester=person,
            proof=proof,
            state=State.SUBMITTED,
            state_since=now - timedelta(days=start + n),
            submitted_at=now - timedelta(days=start + n),
        )
        for n, (person, proof) in enumerate(zip(people, proofs, strict=True))
    )


def decide(desk, request, **typed):
    """Read the page, then send it: what it carries besides what is typed is the request as it was read."""
    seen = desk.get(url_of(request)).context["form"]["seen"].value()
    return desk.post(url_of(request), {"seen": seen, **typed})


def shown(response):
    return [asked.pk for asked in response.context["page"]]


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", NOT_EXAMINERS)
def test_nobody_but_support_and_administrators_examines(client, request, alice, who):
    asked = sent(by=alice)
    client.force_login(request.getfixturevalue(who))

    for url in (QUEUE, url_of(asked), url_of(asked, "proof")):
        assert client.get(url).status_code == 403
    assert client.post(url_of(asked), {"decision": "approve"}).status_code == 403
    assert again(asked).state == State.SUBMITTED


@pytest.mark.parametrize("who", ["support", "administrator"])
def test_support_and_administrators_examine(client, request, alice, who):
    asked = sent(by=alice)
    client.force_login(request.getfixturevalue(who))

    for url in (QUEUE, url_of(asked)):
        assert client.get(url).status_code == 200
    assert b"".join(client.get(url_of(asked, "proof"))).startswith(b"%PDF")


def test_a_draft_does_not_exist_for_those_who_examine(desk, alice):
    draft = scanned(deposit_proof(drafted(by=alice), file=proof_file(), by=alice))

    for name in ("examine", "proof"):
        assert desk.get(url_of(draft, name)).status_code == 404
    assert DECLARED["legal_name"] not in text_of(desk.get(QUEUE))


def test_a_decision_asks_again_who_one_is(desk, alice):
    asked = sent(by=alice)
    desk.forget_the_proof()
    assert desk.get(url_of(asked)).status_code == 200

    response = desk.post(url_of(asked), {"decision": "approve"})

    assert response.status_code == 302
    assert reverse("account_reauthenticate") in response.url or reverse("mfa_reauthenticate") in response.url
    assert again(asked).state == State.SUBMITTED


def test_a_draft_that_never_left_is_not_shown_once_it_went_out_either(desk, alice):
    draft = expire(with_proof(by=alice))

    for name in ("examine", "proof"):
        assert desk.get(url_of(draft, name)).status_code == 404
    assert shown(desk.get(f"{QUEUE}?etat=expired")) == []


def test_what_was_sent_and_went_out_is_shown(desk, alice, support):
    asked = expire(ask_more(sent(by=alice), by=support, text="Quoi ?"))

    assert shown(desk.get(f"{QUEUE}?etat=expired")) == [asked.pk]
    assert desk.get(url_of(asked)).status_code == 200


def test_of_an_erased_request_the_siren_is_left_under_a_name_that_says_so(desk, alice, support):
    asked = refuse(sent(by=alice), by=support, reason="Le mandat d’Alix Signataire n’est pas signé.")
    forget_requests_of(alice)

    queue, page = (text_of(desk.get(url)) for url in (f"{QUEUE}?etat=refused", url_of(asked)))
    for words in (queue, page):
        assert f"SIREN {SPACED_SIREN}" in words
        assert "Signataire" not in words
    assert "Effacé avec le compte." in page


# --- The queue ----------------------------------------------------------------------------------


def test_an_empty_queue_says_what_will_come(desk):
    assert "Aucune demande ici" in text_of(desk.get(QUEUE))


def test_the_queue_says_who_asks_for_what_and_whether_the_proof_is_clean(desk, alice):
    sent(by=alice)
    page = text_of(desk.get(QUEUE))

    for words in (DECLARED["legal_name"], SPACED_SIREN, alice.full_name, "justificatif : sans danger connu"):
        assert words in page


def test_the_oldest_comes_first(desk):
    requests = many_requests(3)

    assert shown(desk.get(QUEUE)) == [asked.pk for asked in requests[::-1]]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.MORE_ASKED, State.REFUSED, State.APPROVED])
def test_the_address_chooses_the_state(desk, support, state):
    people = UserFactory.create_batch(4)
    requests = [sent(by=person, siren=siren(50_000_020 + n)) for n, person in enumerate(people)]
    by_state = {
        State.SUBMITTED: requests[0],
        State.MORE_ASKED: ask_more(requests[1], by=support, text="Quoi ?"),
        State.REFUSED: refuse(requests[2], by=support, reason="Non."),
        State.APPROVED: approve(requests[3], by=support),
    }
    response = desk.get(f"{QUEUE}?etat={state}")

    assert shown(response) == [by_state[state].pk]
    assert {tab["value"]: tab["number"] for tab in response.context["tabs"]} == dict.fromkeys(by_state, 1) | {
        State.DUPLICATE: 0,
        State.EXPIRED: 0,
    }


def test_the_address_never_shows_drafts(desk, alice):
    drafted(by=alice)

    assert shown(desk.get(f"{QUEUE}?etat=draft")) == []


@pytest.mark.parametrize("asked_for", ["n-importe-quoi", ""])
def test_what_the_address_does_not_name_is_what_waits(desk, alice, asked_for):
    drafted(by=alice)
    waiting = sent(by=alice, siren=siren(50_000_021))

    assert shown(desk.get(f"{QUEUE}?etat={asked_for}&page=zero")) == [waiting.pk]


def test_pages_hold_twenty_five(desk):
    many_requests(30)

    assert [len(shown(desk.get(f"{QUEUE}?page={number}"))) for number in (1, 2)] == [25, 5]


def test_the_next_page_keeps_the_state(desk, support):
    many_requests(26)
    AccountRequest.objects.update(state=State.REFUSED, reason="Non.", decided_by=support)

    page = desk.get(f"{QUEUE}?etat=refused").content.decode()

    assert "etat=refused&amp;page=2" in page


def test_two_hundred_requests_cost_as_many_queries_as_two(desk):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(QUEUE).status_code == 200
        assert not [each for each in queries if each["sql"].startswith(WRITES)]
        return len(queries)

    many_requests(2)
    cost()  # the first request of a process fills its caches
    few = cost()
    many_requests(198)
    assert AccountRequest.objects.count() == 200
    assert cost() == few
    assert few <= 12


# --- Deciding -----------------------------------------------------------------------------------


def test_the_page_shows_who_asks_what_is_declared_and_where_to_check(desk, alice):
    asked = sent(by=alice)
    response = desk.get(url_of(asked))

    page = text_of(response)
    for words in (
        alice.full_name,
        alice.email,
        SPACED_SIREN,
        "1 rue Neuve, 75001 Paris",
        "Alix Signataire, présidente",
    ):
        assert words in page
    html = response.content.decode()
    assert f"https://annuaire-entreprises.data.gouv.fr/entreprise/{SIREN}" in html
    assert url_of(asked, "proof") in html


def test_the_page_tells_other_requests_at_the_same_siren_and_who_holds_it(desk, alice, support):
    first, second = sent(by=alice), sent(by=UserFactory.create())
    assert url_of(first) in desk.get(url_of(second)).content.decode()

    approve(first, by=support)
    page = text_of(desk.get(url_of(second)))
    assert "Cette entreprise est déjà inscrite" in page
    assert "Nouvelle Santé porte ce numéro SIREN" in page


def test_an_approval_from_the_page_opens_the_publisher(desk, alice):
    asked = sent(by=alice)

    response = decide(desk, asked, decision="approve")

    assert response.url == QUEUE
    assert told(response) == ["Nouvelle Santé\u00a0: acceptée. La personne est prévenue."]
    assert Publisher.objects.get().memberships.get().user == alice
    assert Event.objects.get(verb="account_request.approved").request_id


@pytest.mark.parametrize(("decision", "state"), [("ask", State.MORE_ASKED), ("refuse", State.REFUSED)])
def test_asking_and_refusing_go_with_words(desk, alice, decision, state):
    asked = sent(by=alice)

    response = decide(desk, asked, decision=decision, text=" ")
    assert response.status_code == 200
    assert "Écrivez à la personne ce qui manque" in str(response.context["form"].errors["text"])
    assert again(asked).state == State.SUBMITTED

    assert decide(desk, asked, decision=decision, text="Le mandat n’est pas signé.").url == QUEUE
    assert again(asked).state == state


def test_a_decision_is_chosen_and_the_words_typed_are_kept(desk, alice):
    asked = sent(by=alice)

    response = desk.post(url_of(asked), {"text": "Un mot déjà écrit."})

    assert "Choisissez une décision." in str(response.context["form"].errors["decision"])
    assert "Un mot déjà écrit." in response.content.decode()


def test_an_unknown_decision_decides_nothing(desk, alice):
    asked = sent(by=alice)

    assert desk.post(url_of(asked), {"decision": "delete", "text": "Non."}).status_code == 200
    assert again(asked).state == State.SUBMITTED


def test_a_colleague_who_was_faster_is_told_and_nothing_is_decided_twice(desk, alice, administrator):
    asked = sent(by=alice)
    seen = asked.as_seen
    refuse(asked, by=administrator, reason="Non.")

    response = desk.post(url_of(asked), {"decision": "ask", "text": "Qui êtes-vous ?", "seen": seen})

    assert response.status_code == 409
    page = text_of(response)
    assert "Votre décision n’est pas enregistrée" in page
    assert "Enregistrer la décision" not in page
    assert "Ce que vous aviez écrit Qui êtes-vous ?" in page
    assert again(asked).state == State.REFUSED


def test_what_became_another_company_is_not_approved_by_whoever_read_the_first(desk, alice, administrator):
    asked = sent(by=alice)
    seen = desk.get(url_of(asked)).context["form"]["seen"].value()
    asked = ask_more(asked, by=administrator, text="Quel est le bon numéro ?")
    other = siren(50_000_030)
    submit(change(asked, by=alice, declared={"siren": other, "legal_name": "Une Autre"}), by=alice, answer="Celui-ci.")

    response = desk.post(url_of(asked), {"decision": "approve", "text": "Un mot déjà écrit.", "seen": seen})

    assert response.status_code == 409
    assert not Publisher.objects.exists()
    assert again(asked).state == State.SUBMITTED
    page = response.content.decode()
    for words in ("Votre décision n’est pas enregistrée", other, "Une Autre", "Un mot déjà écrit.", 'value="approve"'):
        assert words in page


def test_once_the_fresh_request_was_read_the_same_page_decides(desk, alice, administrator):
    asked = sent(by=alice)
    seen = asked.as_seen
    asked = submit(ask_more(asked, by=administrator, text="Quoi ?"), by=alice, answer="Cela.")
    stale = desk.post(url_of(asked), {"decision": "approve", "seen": seen})

    desk.post(url_of(asked), {"decision": "approve", "seen": stale.context["form"]["seen"].value()})

    assert again(asked).state == State.APPROVED


def test_another_proof_is_not_approved_by_whoever_read_the_first(desk, alice):
    asked = scanned(submit(deposit_proof(drafted(by=alice), file=proof_file(), by=alice), by=alice), "virus")
    seen = desk.get(url_of(asked)).context["form"]["seen"].value()
    scanned(deposit_proof(asked, file=proof_file("autre.pdf"), by=alice))

    assert desk.post(url_of(asked), {"decision": "approve", "seen": seen}).status_code == 409
    assert again(asked).state == State.SUBMITTED


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "autre chose"}])
def test_a_decision_that_does_not_say_what_was_read_is_no_decision(desk, alice, seen):
    asked = sent(by=alice)

    assert desk.post(url_of(asked), {"decision": "approve"} | seen).status_code == 409
    assert again(asked).state == State.SUBMITTED


@pytest.mark.parametrize("decision", ["approve", "ask"])
def test_while_the_person_has_the_next_word_one_may_only_refuse_and_is_told_so(desk, alice, support, decision):
    asked = ask_more(sent(by=alice), by=support, text="Quoi ?")

    response = decide(desk, asked, decision=decision, text="Encore ?")

    assert response.status_code == 200
    assert "La personne n’a pas encore répondu" in str(response.context["form"].errors["decision"])
    assert "Encore ?" in response.content.decode()
    assert decide(desk, asked, decision="refuse", text="Sans réponse.").url == QUEUE


def test_somebody_who_became_staff_is_told_at_the_decision(desk, alice):
    asked = sent(by=alice)
    give_staff_role(alice, StaffRole.REVIEWER, by=None)

    response = decide(desk, asked, decision="approve")

    assert "Cette personne est devenue agent" in str(response.context["form"].errors["decision"])
    assert again(asked).state == State.SUBMITTED


def test_what_is_decided_is_shown_without_a_form(desk, alice, support):
    asked = refuse(sent(by=alice), by=support, reason="Le mandat n’est pas signé.")
    page = text_of(desk.get(url_of(asked)))

    assert "Le mandat n’est pas signé." in page
    assert "Enregistrer la décision" not in page


def test_what_was_exchanged_is_shown_with_whose_words(desk, alice, support):
    asked = ask_more(sent(by=alice), by=support, text="Qui êtes-vous ?")
    submit(asked, by=alice, answer="La <présidente>.")
    page = desk.get(url_of(asked)).content.decode()

    assert "Qui êtes-vous" in page
    assert "La &lt;présidente&gt;." in page
    assert "La personne" in page


# --- The proof ----------------------------------------------------------------------------------


def test_the_proof_comes_as_a_file_and_its_opening_is_traced(desk, alice, support):
    asked = sent(by=alice)

    response = desk.get(url_of(asked, "proof"))

    assert b"".join(response).startswith(b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="kbis.pdf"'
    event = Event.objects.get(verb="evidence.opened")
    assert (event.actor, event.data) == (support, {"account_request": asked.pk})


@pytest.mark.parametrize("refusal", [None, "virus"])
def test_a_proof_that_the_scanner_has_not_cleared_is_opened_by_nobody(desk, alice, refusal):
    asked = submit(deposit_proof(drafted(by=alice), file=proof_file(), by=alice), by=alice)
    if refusal:
        scanned(asked, refusal)

    assert desk.get(url_of(asked, "proof")).status_code == 404
    page = desk.get(url_of(asked)).content.decode()
    assert "ne s’ouvre pas tant que l’antivirus" in page
    assert url_of(asked, "proof") not in page
    assert not Event.objects.filter(verb="evidence.opened").exists()


@pytest.mark.parametrize("refusal", [None, "virus"])
def test_nothing_is_approved_on_a_proof_that_nobody_could_read(desk, alice, refusal):
    asked = submit(deposit_proof(drafted(by=alice), file=proof_file(), by=alice), by=alice)
    if refusal:
        scanned(asked, refusal)

    response = decide(desk, asked, decision="approve")

    assert "L’antivirus n’a pas déclaré" in str(response.context["form"].errors["decision"])
    assert again(asked).state == State.SUBMITTED
    assert not Publisher.objects.exists()


def test_a_closed_account_does_not_become_the_only_mandataire(desk, alice):
    asked = sent(by=alice)
    alice.is_active = False
    alice.save()

    response = decide(desk, asked, decision="approve")

    assert "Le compte de cette personne est fermé" in str(response.context["form"].errors["decision"])
    assert not Publisher.objects.exists()


def test_there_is_no_proof_where_there_is_no_request(desk):
    assert desk.get(reverse("enrolment:proof", args=[999_999])).status_code == 404
    assert desk.get(reverse("enrolment:examine", args=[999_999])).status_code == 404
