"""The whole life of account requests at random: no publisher without an approval, and what is over never moves."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Publisher, StaffRole, User
from accounts.operations.staff import MemberOfPublisher, give_staff_role, take_staff_role
from accounts.operations.teams import StaffMember
from accounts.policies import is_staff_member
from audit.models import Event
from enrolment.models import AccountRequest
from enrolment.operations import (
    AlreadyAsked,
    AlreadyMember,
    NotNow,
    ProofMissing,
    ProofNotCleared,
    approve,
    ask_more,
    change,
    deposit_proof,
    expire,
    expire_old,
    refuse,
    start,
    submit,
)
from enrolment.policies import can_request
from tests.enrolment.asked import DECLARED, proof_file, scanned
from tests.factories import UserFactory, siren

State = AccountRequest.State
PEOPLE, COMPANIES = st.integers(0, 2), st.integers(0, 1)
SIRENS = [siren(50_000_100 + number) for number in range(2)]
# Whose turn each act supposes.
WITH_REQUESTER, WITH_STAFF = set(AccountRequest.WITH_REQUESTER), {State.SUBMITTED}


class RequestLife(RuleBasedStateMachine):
    """Three people, two companies and support, who do what they like; each example is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        # Those that were seen over, as they were then.
        self.over: dict[int, Any] = {}

    @initialize()
    def open(self) -> None:
        self.people: list[User] = UserFactory.create_batch(3)
        self.support: User = UserFactory.create(staff_role=StaffRole.SUPPORT)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)

    def person(self, number: int) -> User:
        return User.objects.get(pk=self.people[number].pk)

    def some(self, data: st.DataObject) -> AccountRequest | None:
        rows = list(AccountRequest.objects.select_related("proof", "requester").order_by("pk"))
        return data.draw(st.sampled_from(rows)) if rows else None

    # What people do ---------------------------------------------------------------------------

    @rule(by=PEOPLE, company=COMPANIES)
    def start(self, by: int, company: int) -> None:
        person = self.person(by)
        if not can_request(person):
            return
        under_way = AccountRequest.objects.open().filter(requester=person, siren=SIRENS[company]).first()
        try:
            begun = start(by=person, declared=DECLARED | {"siren": SIRENS[company]})
        except AlreadyAsked as error:
            begun = error.request
        assert under_way in (None, begun)

    @rule(data=st.data(), company=COMPANIES)
    def change(self, data: st.DataObject, company: int) -> None:
        request = self.some(data)
        if request is None:
            return
        try:
            change(request, by=request.requester, declared={"siren": SIRENS[company]})
        except NotNow:
            assert request.state not in WITH_REQUESTER
        except AlreadyAsked:
            others = AccountRequest.objects.open().exclude(pk=request.pk)
            assert others.filter(requester=request.requester, siren=SIRENS[company]).exists()

    @rule(data=st.data(), refusal=st.sampled_from(["", "", "", "virus"]))
    def deposit(self, data: st.DataObject, refusal: str) -> None:
        request = self.some(data)
        if request is None:
            return
        try:
            scanned(deposit_proof(request, file=proof_file(), by=request.requester), refusal)
        except NotNow:
            assert not request.takes_proof

    @rule(data=st.data(), answer=st.sampled_from(["", "Le voici."]))
    def submit(self, data: st.DataObject, answer: str) -> None:
        request = self.some(data)
        if request is None:
            return
        there = Publisher.objects.filter(siren=request.siren).exists()
        try:
            submitted = submit(request, by=request.requester, answer=answer)
        except NotNow:
            assert request.state not in WITH_REQUESTER
        except ProofMissing:
            assert request.proof is None or request.proof.state == "refused"
        except AlreadyMember:
            assert Publisher.objects.get(siren=request.siren).memberships.filter(user=request.requester).exists()
        else:
            assert submitted.state == (State.DUPLICATE if there else State.SUBMITTED)

    @rule(data=st.data())
    def ask_more(self, data: st.DataObject) -> None:
        request = self.some(data)
        if request is None:
            return
        try:
            ask_more(request, by=self.support, text="Quoi ?")
        except NotNow:
            assert request.state not in WITH_STAFF

    @rule(data=st.data())
    def refuse(self, data: st.DataObject) -> None:
        request = self.some(data)
        if request is None:
            return
        try:
            refuse(request, by=self.support, reason="Non.")
        except NotNow:
            assert request.state not in WITH_STAFF | {State.MORE_ASKED}

    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        request = self.some(data)
        if request is None:
            return
        there = Publisher.objects.filter(siren=request.siren).exists()
        try:
            decided = approve(request, by=self.support)
        except NotNow:
            assert request.state not in WITH_STAFF
        except ProofNotCleared:
            assert request.proof is None or not request.proof.is_readable
        except StaffMember:
            assert is_staff_member(User.objects.get(pk=request.requester_id))
        else:
            assert decided.state == (State.DUPLICATE if there else State.APPROVED)

    @rule(data=st.data())
    def expire(self, data: st.DataObject) -> None:
        request = self.some(data)
        if request is None:
            return
        try:
            expire(request)
        except NotNow:
            assert request.state not in WITH_REQUESTER

    @rule()
    def time_passes(self) -> None:
        expire_old(timezone.now() + timedelta(days=django_settings.ACCOUNT_REQUEST_DAYS))
        assert not AccountRequest.objects.filter(state__in=WITH_REQUESTER).exists()

    @rule(whom=PEOPLE, give=st.booleans())
    def staff_role(self, whom: int, give: bool) -> None:
        try:
            (give_staff_role if give else take_staff_role)(self.person(whom), StaffRole.REVIEWER, by=None)
        except MemberOfPublisher:
            assert self.person(whom).memberships.exists()

    # What always holds ------------------------------------------------------------------------

    @invariant()
    def no_publisher_without_an_approval(self) -> None:
        approved = AccountRequest.objects.filter(state=State.APPROVED)
        opened = list(approved.order_by("publisher").values_list("publisher", flat=True))
        assert opened == list(Publisher.objects.order_by("pk").values_list("pk", flat=True))
        for request in approved.select_related("publisher"):
            assert request.proof_id and request.decided_by == self.support
            assert request.publisher.memberships.get().user_id == request.requester_id

    @invariant()
    def one_publisher_for_each_siren(self) -> None:
        sirens = Publisher.objects.values_list("siren", flat=True)
        assert len(sirens) == len(set(sirens))

    @invariant()
    def what_is_over_never_moves(self) -> None:
        over: dict[int, Any] = {
            row["id"]: row for row in AccountRequest.objects.exclude(state__in=AccountRequest.OPEN).values()
        }
        for pk, row in self.over.items():
            assert over[pk] == row
        self.over = over

    @invariant()
    def nobody_is_on_both_sides(self) -> None:
        assert not User.objects.filter(groups__isnull=False, memberships__isnull=False).exists()

    @invariant()
    def every_end_has_its_trace(self) -> None:
        for state in (State.APPROVED, State.REFUSED, State.DUPLICATE, State.EXPIRED):
            traced = Event.objects.filter(verb=f"account_request.{state}").count()
            assert traced == AccountRequest.objects.filter(state=state).count()


@pytest.mark.django_db
def test_requests_live_without_opening_anything_by_accident():
    profile = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(RequestLife, settings=profile)
