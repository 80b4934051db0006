"""What is left of a person's requests when they leave the portal."""

import pytest

from audit.models import Event
from enrolment.models import AccountRequest, RequestMessage
from enrolment.operations import approve, ask_more, expire, forget_requests_of, refuse, submit
from evidence.models import DocumentVersion
from evidence.operations import FORGOTTEN
from tests.enrolment.asked import DECLARED, SIREN, again, drafted, proof_of, sent, with_proof

State = AccountRequest.State
PERSONAL = [name for name in DECLARED if name != "siren"]


def forgotten(proof):
    return DocumentVersion.objects.get(pk=proof.pk).refusal == FORGOTTEN


@pytest.mark.parametrize("put_out", [lambda draft: draft, expire])
def test_a_draft_that_never_left_goes_whole_with_the_bytes_of_its_proof(alice, put_out):
    draft = put_out(with_proof(by=alice))

    forget_requests_of(alice)

    assert not AccountRequest.objects.exists()
    assert forgotten(proof_of(draft))
    assert Event.objects.filter(verb="account_request.expired", object_id=str(draft.pk)).count() == 1


ENDS = {
    "sent": lambda request, staff: request,
    "asked": lambda request, staff: ask_more(request, by=staff, text="Alix, qui êtes-vous ?"),
    "refused": lambda request, staff: refuse(request, by=staff, reason="Alix n’est pas présidente."),
    "expired": lambda request, staff: expire(ask_more(request, by=staff, text="Alix ?")),
}


@pytest.mark.parametrize("end", ENDS)
def test_of_what_was_sent_the_siren_and_the_decision_stay(alice, support, end):
    request = ENDS[end](sent(by=alice), support)
    before = again(request)

    forget_requests_of(alice)

    request = again(request)
    assert request.state == (State.REFUSED if end == "refused" else State.EXPIRED)
    assert (request.siren, request.decided_by, request.requester) == (SIREN, before.decided_by, alice)
    assert [getattr(request, name) for name in PERSONAL] == [""] * len(PERSONAL)
    assert "Alix" not in request.reason
    assert not RequestMessage.objects.exists()
    assert forgotten(proof_of(request))
    assert str(request) == f"SIREN {request.siren}"


def test_a_duplicate_is_forgotten_too(alice, publisher):
    request = submit(drafted(by=alice, siren=publisher.siren), by=alice)

    forget_requests_of(alice)

    assert (again(request).state, again(request).signatory_name) == (State.DUPLICATE, "")


def test_one_that_opened_a_publisher_keeps_until_its_term_who_bound_it_and_not_what_was_said(alice, support):
    asked = ask_more(sent(by=alice), by=support, text="Alice, qui êtes-vous ?")
    request = approve(submit(asked, by=alice, answer="Alice."), by=support)

    forget_requests_of(alice)

    assert not RequestMessage.objects.exists()
    assert {name: getattr(again(request), name) for name in DECLARED} == DECLARED
    assert proof_of(again(request)).is_readable


def test_those_of_others_are_left_alone(alice, mandataire):
    other = sent(by=mandataire)

    forget_requests_of(alice)

    assert again(other).signatory_name == DECLARED["signatory_name"]


def test_forgetting_twice_changes_nothing(alice, support):
    refuse(sent(by=alice), by=support, reason="Non.")
    forget_requests_of(alice)
    row, events = AccountRequest.objects.values().get(), Event.objects.count()

    forget_requests_of(alice)

    assert (AccountRequest.objects.values().get(), Event.objects.count()) == (row, events)
