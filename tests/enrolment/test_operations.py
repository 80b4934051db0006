"""From the draft to the decision: what each act writes, tells and refuses."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.urls import reverse

from accounts.models import Publisher, StaffRole
from accounts.operations.staff import give_staff_role
from accounts.operations.teams import StaffMember
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import (
    AlreadyAsked,
    NotNow,
    ProofMissing,
    Stale,
    approve,
    ask_more,
    change,
    deposit_proof,
    expire,
    forget_requests_of,
    refuse,
    start,
    submit,
)
from enrolment.policies import can_examine, can_request
from evidence.models import DocumentVersion
from evidence.operations import FORGOTTEN
from evidence.uploads import InvalidUpload
from notifications.models import Notification
from tests.enrolment.asked import DECLARED, SIREN, again, drafted, proof_file, proof_of, scanned, sent, with_proof
from tests.factories import UserFactory, siren

State = AccountRequest.State
OTHER = siren(50_000_002)


def verbs(request):
    traced = Event.objects.filter(object_type="enrolment.accountrequest", object_id=str(request.pk))
    return list(traced.order_by("pk").values_list("verb", flat=True))


def told(person):
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("subject", "path"))


def in_state(state, *, by, staff):
    """A request brought to this state through the operations."""
    if state in {State.DRAFT, State.EXPIRED}:
        request = with_proof(by=by)
        return expire(request) if state == State.EXPIRED else request
    request = sent(by=by)
    match state:
        case State.MORE_ASKED:
            return ask_more(request, by=staff, text="Le mandat n’est pas signé.")
        case State.APPROVED:
            return approve(request, by=staff)
        case State.REFUSED:
            return refuse(request, by=staff, reason="Vous ne représentez pas cette entreprise.")
        case State.DUPLICATE:
            first = sent(by=UserFactory.create())
            approve(first, by=staff)
            return approve(request, by=staff)
    return request


# --- Asking -------------------------------------------------------------------------------------


def test_a_draft_keeps_what_was_declared_and_tells_nobody(alice, support):
    request = drafted(by=alice)

    assert {name: getattr(again(request), name) for name in DECLARED} == DECLARED
    assert (request.state, request.proof, request.publisher) == (State.DRAFT, None, None)
    assert verbs(request) == ["account_request.started"]
    assert not Notification.objects.exists()


def test_one_person_has_one_request_under_way_for_one_company(alice):
    first = drafted(by=alice)

    with pytest.raises(AlreadyAsked) as stopped:
        drafted(by=alice)
    assert stopped.value.request == first
    assert drafted(by=alice, siren=OTHER) != first


def test_two_people_may_ask_for_the_same_company(alice):
    assert drafted(by=UserFactory.create()) != drafted(by=alice)


def test_a_draft_is_not_moved_onto_another_request_of_the_same_person(alice):
    first, second = drafted(by=alice), drafted(by=alice, siren=OTHER)

    with pytest.raises(AlreadyAsked) as stopped:
        change(second, by=alice, declared=DECLARED)
    assert stopped.value.request == first
    assert again(second).siren == OTHER


def test_a_new_request_may_follow_one_that_is_over(alice, support):
    refuse(sent(by=alice), by=support, reason="Le mandat n’est pas signé.")

    assert drafted(by=alice).state == State.DRAFT


def test_what_was_declared_is_corrected_until_it_leaves(alice):
    request = with_proof(by=alice)
    change(request, by=alice, declared={"city": "Lyon", "postal_code": "69001"})

    assert (again(request).city, again(request).legal_name) == ("Lyon", DECLARED["legal_name"])
    submit(request, by=alice)
    with pytest.raises(NotNow):
        change(request, by=alice, declared={"city": "Lille"})
    assert again(request).city == "Lyon"


def test_sending_tells_support_where_to_examine_and_nobody_else(alice, support, administrator, reviewer):
    closed = UserFactory.create(staff_role=StaffRole.SUPPORT, is_active=False)
    request = sent(by=alice)

    assert request.state == State.SUBMITTED
    assert told(support) == [("Demande de compte : Nouvelle Santé", reverse("enrolment:examine", args=[request.pk]))]
    assert told(alice) == [("Demande bien reçue (Nouvelle Santé)", request.get_absolute_url())]
    assert not any(told(person) for person in (administrator, reviewer, closed))
    assert verbs(request) == ["account_request.started", "account_request.submitted"]


def test_nothing_leaves_without_its_proof(alice, support):
    request = drafted(by=alice)

    with pytest.raises(ProofMissing):
        submit(request, by=alice)
    assert again(request).state == State.DRAFT
    assert not told(support)


def test_the_proof_stands_in_no_publishers_library_and_waits_for_its_scan(alice):
    request = deposit_proof(drafted(by=alice), file=proof_file(), by=alice)

    assert proof_of(request).document.publisher is None
    assert proof_of(request).is_waiting
    assert not DocumentVersion.objects.visible_to(alice).exists()


def test_a_second_proof_replaces_the_first_whose_bytes_go(alice, django_capture_on_commit_callbacks):
    request = with_proof(by=alice)
    former = request.proof
    with django_capture_on_commit_callbacks(execute=True):
        request = deposit_proof(request, file=proof_file("mandat.pdf"), by=alice)

    former.refresh_from_db()
    assert proof_of(request).original_name == "mandat.pdf"
    assert (former.state, former.refusal) == (DocumentVersion.State.REFUSED, FORGOTTEN)
    assert not former.file.storage.exists(str(former.file.name))
    assert proof_of(request).file.storage.exists(str(proof_of(request).file.name))


def test_a_file_that_is_not_what_it_says_is_not_taken(alice):
    request = drafted(by=alice)

    with pytest.raises(InvalidUpload):
        deposit_proof(request, file=proof_file("kbis.pdf", b"MZ, un programme"), by=alice)
    assert again(request).proof is None


@pytest.mark.parametrize("end", [expire, lambda request: forget_requests_of(request.requester)])
def test_a_file_that_comes_too_late_is_not_kept(alice, end, django_capture_on_commit_callbacks):
    draft = drafted(by=alice)
    end(again(draft))

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(NotNow):
        deposit_proof(draft, file=proof_file(), by=alice)

    late = DocumentVersion.objects.get()
    assert late.refusal == FORGOTTEN
    assert not late.file.storage.exists(str(late.file.name))


def test_a_request_that_was_sent_takes_another_proof_only_when_the_scanner_refused_the_first(alice):
    request = submit(deposit_proof(drafted(by=alice), file=proof_file(), by=alice), by=alice)
    assert not request.takes_proof
    with pytest.raises(NotNow):
        deposit_proof(request, file=proof_file("autre.pdf"), by=alice)

    request = scanned(request, "virus")
    assert request.takes_proof
    request = deposit_proof(request, file=proof_file("sain.pdf"), by=alice)
    assert (request.state, proof_of(request).original_name) == (State.SUBMITTED, "sain.pdf")


def test_a_correction_is_traced_by_the_names_of_its_columns_and_the_number_of_the_company(alice):
    request = drafted(by=alice)

    change(request, by=alice, declared=DECLARED | {"siren": OTHER, "signatory_name": "Une Autre"})

    event = Event.objects.get(verb="account_request.changed")
    assert (event.actor, event.object_id) == (alice, str(request.pk))
    assert event.data == {"columns": ["siren", "signatory_name"], "before": SIREN, "after": OTHER}


def test_sending_the_same_words_again_is_no_correction(alice):
    change(drafted(by=alice), by=alice, declared=DECLARED)

    assert not Event.objects.filter(verb="account_request.changed").exists()


# --- Precisions ---------------------------------------------------------------------------------


def test_asking_for_more_gives_the_person_the_next_word(alice, support):
    request = ask_more(sent(by=alice), by=support, text="Le mandat n’est pas signé.")

    assert request.state == State.MORE_ASKED
    assert [(each.author, each.text) for each in request.messages.all()] == [(support, "Le mandat n’est pas signé.")]
    assert told(alice)[-1] == ("Des précisions sont demandées (Nouvelle Santé)", request.get_absolute_url())
    body = Notification.objects.filter(recipient=alice).latest("pk").body
    assert body == f"Votre demande de compte pour Nouvelle Santé (SIREN {SIREN}).\n\nLe mandat n’est pas signé."


def test_an_answer_brings_the_request_back_to_those_who_examine(alice, support):
    request = ask_more(sent(by=alice), by=support, text="Le mandat n’est pas signé.")
    request = submit(request, by=alice, answer="Voici le mandat signé.")

    assert request.state == State.SUBMITTED
    assert [each.is_from_requester for each in request.messages.all()] == [False, True]
    assert verbs(request)[-2:] == ["account_request.more_asked", "account_request.answered"]
    assert [subject for subject, _path in told(support)] == [
        "Demande de compte : Nouvelle Santé",
        "Réponse à vos questions : Nouvelle Santé",
    ]


def test_words_of_an_exchange_are_not_in_the_audit_trail(alice, support):
    request = ask_more(sent(by=alice), by=support, text="Mot-témoin")
    request = change(request, by=alice, declared={"address": "1 rue du Mot-témoin"})
    request = submit(request, by=alice, answer="Mot-témoin")
    refuse(request, by=support, reason="Mot-témoin")

    assert not any("témoin" in str(data) for data in Event.objects.values_list("data", flat=True))


# --- Deciding -----------------------------------------------------------------------------------


def test_an_approval_opens_the_publisher_with_its_mandataire_and_tells_them(alice, support):
    request = approve(sent(by=alice), by=support)

    publisher = Publisher.objects.get(siren=SIREN)
    assert (request.state, request.publisher, request.decided_by) == (State.APPROVED, publisher, support)
    assert {name: getattr(publisher, name) for name in ("legal_name", "address", "postal_code", "city")} == {
        name: DECLARED[name] for name in ("legal_name", "address", "postal_code", "city")
    }
    assert list(publisher.memberships.values_list("user", "role")) == [(alice.pk, "mandataire")]
    assert told(alice)[-1] == ("Votre compte est ouvert (Nouvelle Santé)", request.get_absolute_url())
    approved = Event.objects.get(verb="account_request.approved")
    assert (approved.actor, approved.publisher_id, approved.acting_as) == (support, publisher.pk, "support")


def test_a_refusal_says_why_and_opens_nothing(alice, support):
    request = refuse(sent(by=alice), by=support, reason="Le mandat n’est pas signé.")

    assert (request.state, request.reason, request.decided_by) == (
        State.REFUSED,
        "Le mandat n’est pas signé.",
        support,
    )
    assert not Publisher.objects.exists()
    assert told(alice)[-1] == ("Votre demande de compte est refusée (Nouvelle Santé)", request.get_absolute_url())
    assert Notification.objects.filter(recipient=alice).latest("pk").body.endswith("\n\nLe mandat n’est pas signé.")
    assert Event.objects.get(verb="account_request.refused").actor == support


def test_a_second_approval_opens_nothing_more_and_tells_nothing_more(alice, support):
    request = approve(sent(by=alice), by=support)

    with pytest.raises(NotNow):
        approve(request, by=support)
    assert Publisher.objects.count() == 1
    assert [subject.partition(" (")[0] for subject, _path in told(alice)] == [
        "Demande bien reçue",
        "Votre compte est ouvert",
    ]


def test_somebody_who_became_staff_meanwhile_gets_no_publisher(alice, support):
    request = sent(by=alice)
    give_staff_role(alice, StaffRole.REVIEWER, by=None)

    with pytest.raises(StaffMember):
        approve(request, by=support)
    assert again(request).state == State.SUBMITTED
    assert not Publisher.objects.exists()


DECISIONS = {
    "approve": approve,
    "refuse": lambda request, **how: refuse(request, reason="Non.", **how),
    "ask": lambda request, **how: ask_more(request, text="Quoi ?", **how),
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_nobody_decides_on_what_they_have_not_read(alice, support, decision):
    read = sent(by=alice)
    submit(change(ask_more(read, by=support, text="Quoi ?"), by=alice, declared={"siren": OTHER}), by=alice)

    for how in ({}, {"seen": read.as_seen}):
        with pytest.raises(Stale):
            DECISIONS[decision](read, by=support, **how)
    assert again(read).state == State.SUBMITTED
    DECISIONS[decision](again(read), by=support)


@pytest.mark.parametrize("column", [*DECLARED, "proof", "state_since"])
def test_what_was_read_changes_with_anything_of_it(alice, column):
    request = sent(by=alice)
    before = request.as_seen
    if column == "proof":
        request.proof = None
    elif column == "state_since":
        request.state_since += timedelta(microseconds=1)
    else:
        setattr(request, column, f"{getattr(request, column)}.")

    assert request.as_seen != before
    assert again(request).as_seen == before


ACTS = {
    "change": lambda request, alice, staff: change(request, by=alice, declared={"city": "Lyon"}),
    "deposit": lambda request, alice, staff: deposit_proof(request, file=proof_file("autre.pdf"), by=alice),
    "submit": lambda request, alice, staff: submit(request, by=alice),
    "ask": lambda request, alice, staff: ask_more(request, by=staff, text="Quoi ?"),
    "refuse": lambda request, alice, staff: refuse(request, by=staff, reason="Non."),
    "approve": lambda request, alice, staff: approve(request, by=staff),
    "expire": lambda request, alice, staff: expire(request),
}
WITH_REQUESTER = {"change", "deposit", "submit", "expire"}
ALLOWED = {
    State.DRAFT: WITH_REQUESTER,
    State.MORE_ASKED: WITH_REQUESTER | {"refuse"},
    State.SUBMITTED: {"ask", "refuse", "approve"},
    State.APPROVED: set(),
    State.REFUSED: set(),
    State.DUPLICATE: set(),
    State.EXPIRED: set(),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State)
def test_each_state_allows_exactly_what_its_turn_allows(alice, support, state, act):
    request = again(in_state(state, by=alice, staff=support))
    if act in ALLOWED[state]:
        ACTS[act](request, alice, support)
        return
    before, events = AccountRequest.objects.values().get(pk=request.pk), Event.objects.count()

    with pytest.raises(NotNow):
        ACTS[act](request, alice, support)
    assert AccountRequest.objects.values().get(pk=request.pk) == before
    assert Event.objects.count() == events


def test_the_first_sending_is_dated_once(alice, support):
    draft = with_proof(by=alice)
    assert draft.submitted_at is None
    first = submit(draft, by=alice).submitted_at

    assert first is not None
    assert submit(ask_more(again(draft), by=support, text="Quoi ?"), by=alice).submitted_at == first


@pytest.mark.parametrize("state", [State.SUBMITTED, State.MORE_ASKED, State.APPROVED, State.REFUSED, State.DUPLICATE])
def test_the_database_refuses_a_request_in_other_hands_that_was_never_sent(alice, support, state):
    request = in_state(state, by=alice, staff=support)

    with pytest.raises(IntegrityError, match="sent_is_dated"):
        AccountRequest.objects.filter(pk=request.pk).update(submitted_at=None)


def test_what_moves_a_request_starts_its_clock_again(alice, support):
    with time_machine.travel("2026-03-01T09:00:00+00:00", tick=False):
        request = sent(by=alice)
    with time_machine.travel("2026-03-09T09:00:00+00:00", tick=False):
        request = ask_more(request, by=support, text="Quoi ?")

    assert request.state_since.isoformat() == "2026-03-09T09:00:00+00:00"


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "asks", "examines"),
    [
        ("alice", True, False),
        ("mandataire", True, False),
        ("consultant", True, False),
        ("reviewer", False, False),
        ("review_lead", False, False),
        ("editor", False, False),
        ("gie_officer", False, False),
        ("support", False, True),
        ("administrator", False, True),
    ],
)
def test_who_asks_never_examines(request, who, asks, examines):
    person = request.getfixturevalue(who)

    assert (can_request(person), can_examine(person)) == (asks, examines)


def test_one_sees_ones_own_requests_and_those_who_examine_see_what_was_sent(alice, support, reviewer):
    draft, gone = drafted(by=alice, siren=OTHER), sent(by=alice)
    foreign = sent(by=UserFactory.create())

    assert set(AccountRequest.objects.visible_to(alice)) == {draft, gone}
    assert set(AccountRequest.objects.visible_to(support)) == {gone, foreign}
    assert not AccountRequest.objects.visible_to(reviewer).exists()


def test_a_number_that_is_no_siren_is_stopped_by_the_database_too(alice):
    with pytest.raises(Exception, match="siren_nine_digits"):
        start(by=alice, declared=DECLARED | {"siren": "12345"})
