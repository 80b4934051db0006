"""Who examines which dossier: taking it, giving it, leaving it, and what that allows."""

from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffRole, User
from accounts.operations.staff import give_staff_role
from accounts.operations.teams import remove_member
from assessments.charge import candidates_for, charge_of
from assessments.models import Assignment, Dossier, Recusal, Review, Round, Verdict
from assessments.operations.assignments import AlreadyTaken, Relieved, ReviewOver, Unfit, assign, recuse, take, unassign
from assessments.operations.reviews import NotInCharge, RoundOver, give_verdict, send_back, unexamined
from assessments.policies import can_assign, can_judge, can_recuse
from assessments.review_queue import Filters, queue
from audit.models import Event
from notifications.models import Notification
from questionnaires.queries import published
from results.operations import NotExamined as CannotCloseYet
from results.operations import close_review
from tests.assessments.at_once import at_once
from tests.assessments.filled import examine, item_of, last_round, submit_again
from tests.factories import ENCRYPTED_SECRET, MembershipFactory, UserFactory
from tests.reviews.factories import many_reviews

KEY = "SEC-GOV-02"


@pytest.fixture
def review(dossier):
    return Review.objects.select_related("dossier__product").get(dossier=dossier)


@pytest.fixture
def closed(dossier, reviewer, review_lead):
    """Closed, after `reviewer` has examined it."""
    examine(dossier, by=reviewer)
    return close_review(
        review=dossier.review, outcome="with_reservations", conclusion="Un écart.", by=review_lead
    ).dossier.review


def in_charge(review):
    return [each.reviewer for each in review.assignments.standing().select_related("reviewer")]


def verbs(review):
    traced = Event.objects.filter(object_type="assessments.dossier", object_id=str(review.dossier_id))
    return list(traced.filter(verb__startswith="review.").order_by("pk").values_list("verb", flat=True))


def fresh(review):
    """As the next request reads it."""
    return Review.objects.select_related("dossier__product").get(pk=review.pk)


def judge(dossier, by):
    return give_verdict(round=last_round(dossier), item=item_of(dossier, KEY), decision="accepted", by=by)


def send(dossier, by):
    return send_back(round=last_round(dossier), definition=published(dossier.edition).definition, by=by)


def addresses(dossier):
    """Every page of the desk about this dossier, by method."""
    number = dossier.number
    filed = item_of(dossier, KEY).evidence.first()
    names: dict[str, list[object]] = {
        "detail": [],
        "item": [KEY],
        "evidence": [KEY, filed.pk],
        "send": [],
        "recuse": [],
    }
    read = [reverse(f"reviews:{name}", args=[number, *more]) for name, more in names.items()]
    read += [reverse("results:close", args=[number]), reverse("results:detail", args=[number])]
    write = [reverse(f"reviews:{name}", args=[number]) for name in ("take", "assign", "recuse", "send")]
    return read, [*write, reverse("reviews:item", args=[number, KEY]), reverse("results:close", args=[number])]


# --- Taking -------------------------------------------------------------------------------------


def test_whoever_once_worked_for_the_publisher_is_unfit_and_sees_nothing(client, review, publisher, review_lead):
    person = UserFactory.create()
    place = MembershipFactory.create(user=person, publisher=publisher, role="contributor")
    remove_member(place, by=person)
    give_staff_role(person, StaffRole.REVIEWER, by=None)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": ENCRYPTED_SECRET})
    client.force_login(User.objects.get(pk=person.pk))

    with pytest.raises(Unfit):
        take(review, by=person)
    with pytest.raises(Unfit):
        assign(review, reviewer=person, by=review_lead)
    assert person not in candidates_for(review)
    assert {client.get(url).status_code for url in addresses(review.dossier)[0]} == {404}
    assert review.dossier.number not in client.get(reverse("reviews:queue")).content.decode()


def test_whoever_was_relieved_does_not_take_it_again_by_a_verdict(dossier, review, reviewer, review_lead):
    judge(dossier, reviewer)
    unassign(review, reviewer=reviewer, by=review_lead)

    with pytest.raises(Relieved):
        take(review, by=reviewer)
    with pytest.raises(NotInCharge):
        judge(dossier, reviewer)
    assert in_charge(review) == []
    assert not can_judge(reviewer, fresh(review))
    assert assign(review, reviewer=reviewer, by=review_lead).reviewer == reviewer


@pytest.mark.parametrize("who", ["reviewer", "review_lead"])
def test_taking_what_nobody_has_puts_oneself_in_charge(request, review, who):
    person = request.getfixturevalue(who)

    assignment = take(review, by=person)

    assert (assignment.reviewer, assignment.assigned_by) == (person, person)
    assert in_charge(review) == [person]
    event = Event.objects.get(verb="review.taken")
    assert (event.actor, event.publisher_id, event.data) == (
        person,
        review.dossier.publisher_id,
        {"dossier": review.dossier.number, "reviewer": person.pk},
    )


def test_taking_tells_nobody(review, reviewer):
    before = Notification.objects.count()
    take(review, by=reviewer)

    assert Notification.objects.count() == before


def test_a_second_taker_is_refused(review, reviewer, colleague):
    take(review, by=reviewer)

    with pytest.raises(AlreadyTaken):
        take(review, by=colleague)
    assert in_charge(review) == [reviewer]
    assert verbs(review) == ["review.taken"]


def test_taking_twice_is_taking_once(review, reviewer):
    assert take(review, by=reviewer) == take(review, by=reviewer)
    assert verbs(review) == ["review.taken"]


@pytest.mark.parametrize("who", ["editor", "gie_officer", "support", "administrator", "stranger"])
def test_whoever_is_no_reviewer_takes_nothing(request, review, who):
    with pytest.raises(Unfit):
        take(review, by=request.getfixturevalue(who))
    assert in_charge(review) == []


@pytest.mark.parametrize("role", ["mandataire", "representative", "contributor", "reader"])
def test_a_member_of_the_publisher_is_unfit(review, publisher, colleague, review_lead, role):
    MembershipFactory.create(user=colleague, publisher=publisher, role=role)

    with pytest.raises(Unfit):
        take(review, by=colleague)
    with pytest.raises(Unfit):
        assign(review, reviewer=colleague, by=review_lead)
    assert colleague not in candidates_for(review)
    assert in_charge(review) == []


# --- Giving -------------------------------------------------------------------------------------


def test_a_lead_adds_a_second_reviewer_who_is_told(review, reviewer, colleague, review_lead):
    take(review, by=reviewer)
    before = Notification.objects.filter(recipient=reviewer).count()

    assign(review, reviewer=colleague, by=review_lead)

    assert in_charge(review) == [reviewer, colleague]
    notice = Notification.objects.filter(recipient=colleague).latest("pk")
    number = review.dossier.number
    assert (notice.subject, notice.path) == (f"Dossier {number} à examiner", reverse("reviews:detail", args=[number]))
    assert review_lead.full_name in notice.body and "MonSuivi Cœur" in notice.body
    assert Notification.objects.filter(recipient=reviewer).count() == before
    event = Event.objects.get(verb="review.assigned")
    assert (event.actor, event.data) == (review_lead, {"dossier": number, "reviewer": colleague.pk})


def test_a_lead_who_takes_it_beside_somebody_is_not_told_by_themselves(review, reviewer, review_lead):
    take(review, by=reviewer)
    before = Notification.objects.count()

    assign(review, reviewer=review_lead, by=review_lead)

    assert in_charge(review) == [reviewer, review_lead]
    assert Notification.objects.count() == before


@pytest.mark.parametrize("who", ["editor", "gie_officer", "support", "administrator", "stranger"])
def test_only_reviewers_are_put_in_charge(request, review, review_lead, who):
    with pytest.raises(Unfit):
        assign(review, reviewer=request.getfixturevalue(who), by=review_lead)
    assert not Assignment.objects.exists()


def test_relieving_leaves_the_verdicts_and_frees_the_dossier(dossier, review, reviewer, colleague, review_lead):
    verdict = judge(dossier, reviewer)

    unassign(review, reviewer=reviewer, by=review_lead)

    assert in_charge(review) == []
    assert Verdict.objects.get() == verdict
    event = Event.objects.get(verb="review.unassigned")
    assert (event.actor, event.data) == (review_lead, {"dossier": dossier.number, "reviewer": reviewer.pk})
    assert take(review, by=colleague).reviewer == colleague


def test_relieving_somebody_who_is_not_in_charge_writes_nothing(review, reviewer, review_lead):
    unassign(review, reviewer=reviewer, by=review_lead)

    assert verbs(review) == []


def test_candidates_are_the_least_busy_first_and_closed_reviews_do_not_count(review, reviewer, colleague, review_lead):
    others = many_reviews(3)
    for each in others[:2]:
        assign(each, reviewer=reviewer, by=review_lead)
    assign(others[2], reviewer=review_lead, by=review_lead)
    done = many_reviews(2, state=Dossier.State.CLOSED)
    Assignment.objects.bulk_create(
        Assignment(review=each, reviewer=colleague, assigned_at=timezone.now(), assigned_by=review_lead)
        for each in done
    )
    UserFactory.create(staff_role=StaffRole.REVIEWER, is_active=False)
    UserFactory.create(staff_role=StaffRole.SUPPORT)

    found = [(each, vars(each)["load"]) for each in candidates_for(review)]
    assert found == [(colleague, 0), (review_lead, 1), (reviewer, 2)]


def test_somebody_of_both_roles_is_one_candidate_with_their_own_load(review, reviewer, review_lead):
    both = UserFactory.create(staff_role=StaffRole.REVIEWER)
    both.groups.add(*review_lead.groups.all())
    assign(many_reviews(1)[0], reviewer=both, by=review_lead)

    assert [vars(each)["load"] for each in candidates_for(review) if each == both] == [1]


# --- Leaving ------------------------------------------------------------------------------------


def test_recusing_leaves_the_charge_and_tells_the_leads_why(review, reviewer, review_lead, colleague):
    other_lead = UserFactory.create(staff_role=StaffRole.REVIEW_LEAD)
    UserFactory.create(staff_role=StaffRole.REVIEW_LEAD, is_active=False)
    take(review, by=reviewer)
    before = Notification.objects.count()

    recusal = recuse(review, by=reviewer, reason="J’y ai travaillé.")

    assert in_charge(review) == []
    assert (recusal.reviewer, recusal.reason) == (reviewer, "J’y ai travaillé.")
    notices = Notification.objects.order_by("-pk")[: Notification.objects.count() - before]
    assert {notice.recipient for notice in notices} == {review_lead, other_lead}
    assert all("J’y ai travaillé." in notice.body for notice in notices)
    assert verbs(review) == ["review.taken", "review.recused"]
    assert "travaillé" not in str(Event.objects.get(verb="review.recused").data)


def test_a_lead_who_recuses_is_not_told_by_themselves(review, review_lead):
    recuse(review, by=review_lead, reason="Un proche y travaille.")

    assert not Notification.objects.filter(recipient=review_lead, subject__contains="déporte").exists()


def test_recusing_twice_keeps_the_first_statement(review, reviewer):
    recuse(review, by=reviewer, reason="La première raison.")
    recuse(review, by=reviewer, reason="Une autre.")

    assert Recusal.objects.get().reason == "La première raison."
    assert verbs(review) == ["review.recused"]


def test_somebody_who_recused_never_comes_back(review, reviewer, review_lead):
    recuse(review, by=reviewer, reason="J’y ai travaillé.")

    with pytest.raises(Unfit):
        take(review, by=reviewer)
    with pytest.raises(Unfit):
        assign(review, reviewer=reviewer, by=review_lead)
    assert reviewer not in candidates_for(review)


def test_a_dossier_no_longer_exists_for_whoever_recused(client, dossier, review, reviewer):
    client.force_login(reviewer)
    read, write = addresses(dossier)
    assert client.get(read[0]).status_code == 200
    recuse(review, by=reviewer, reason="J’y ai travaillé.")

    assert {client.get(url).status_code for url in read} == {404}
    assert {client.post(url, {"decision": "accepted", "reason": "x"}).status_code for url in write} == {404}
    assert dossier.number not in client.get(reverse("reviews:queue")).content.decode()
    assert not Verdict.objects.exists()


def test_the_result_stays_hidden_from_whoever_recused(client, closed, colleague):
    Recusal.objects.create(review=closed, reviewer=colleague, reason="Un proche.", stated_at=timezone.now())
    client.force_login(colleague)

    for name in ("detail", "report", "progress"):
        assert client.get(reverse(f"results:{name}", args=[closed.dossier.number])).status_code == 404


def test_verdicts_given_before_leaving_stay_but_no_longer_hold(dossier, review, reviewer, review_lead):
    examine(dossier, by=reviewer)
    recuse(review, by=reviewer, reason="Je m’en avise maintenant.")

    assert {verdict.decided_by for verdict in Verdict.objects.all()} == {reviewer}
    assert not Verdict.objects.standing().exists()
    with pytest.raises(CannotCloseYet):
        close_review(review=review, outcome="with_reservations", conclusion="Un écart.", by=review_lead)


def test_a_colleague_judges_again_what_no_longer_holds(dossier, review, reviewer, colleague, review_lead):
    examine(dossier, by=reviewer)
    recuse(review, by=reviewer, reason="Je m’en avise maintenant.")

    verdict = judge(dossier, colleague)  # as if none had been given: the page showed none that holds

    assert verdict in Verdict.objects.standing()
    definition = published(dossier.edition).definition
    assert verdict.item not in unexamined(last_round(dossier), definition)
    assert len(unexamined(last_round(dossier), definition)) == Verdict.objects.count() - 1
    row = next(iter(queue(colleague, Filters(), None).rows))
    assert (row.progress.examined, row.progress.total) == (1, Verdict.objects.count())


def test_acceptances_that_no_longer_hold_are_not_carried_to_the_next_round(dossier, review, reviewer, representative):
    examine(dossier, by=reviewer, refused=[KEY])
    send(dossier, reviewer)
    recuse(review, by=reviewer, reason="Je m’en avise maintenant.")

    submit_again(Dossier.objects.get(pk=dossier.pk), by=representative)

    assert not last_round(dossier).verdicts.exists()


# --- What being in charge allows ----------------------------------------------------------------


def test_the_first_verdict_takes_the_dossier(dossier, review, reviewer):
    judge(dossier, reviewer)

    assert in_charge(review) == [reviewer]
    assert verbs(review) == ["review.taken"]


def test_whoever_is_not_in_charge_neither_judges_nor_sends(dossier, review, reviewer, colleague, review_lead):
    examine(dossier, by=reviewer, refused=[KEY])

    for person in (colleague, review_lead):
        with pytest.raises(NotInCharge):
            give_verdict(round=last_round(dossier), item=item_of(dossier, "SEC-GOV-01"), decision="accepted", by=person)
        with pytest.raises(NotInCharge):
            send(dossier, person)
        assert not can_judge(person, fresh(review))
    assert in_charge(review) == [reviewer]
    assert Round.objects.get().sent_at is None
    assert send(dossier, reviewer).sent_by == reviewer


def test_the_second_reviewer_judges_and_sends_too(dossier, review, reviewer, colleague, both_in_charge):
    examine(dossier, by=reviewer, refused=[KEY])

    assert can_judge(colleague, fresh(review))
    assert send(dossier, colleague).sent_by == colleague


def test_whoever_recused_or_is_of_the_team_never_judges(dossier, review, publisher, reviewer, colleague):
    recuse(review, by=reviewer, reason="J’y ai travaillé.")
    MembershipFactory.create(user=colleague, publisher=publisher)

    for person in (reviewer, colleague):
        with pytest.raises(NotInCharge):
            judge(dossier, person)
    assert not Verdict.objects.exists()
    assert in_charge(review) == []


def test_a_verdict_that_comes_too_late_puts_nobody_in_charge(dossier, review, reviewer, colleague, review_lead):
    examine(dossier, by=reviewer, refused=[KEY])
    send(dossier, reviewer)
    unassign(review, reviewer=reviewer, by=review_lead)

    with pytest.raises(RoundOver):
        judge(dossier, colleague)
    assert in_charge(review) == []


def test_who_may_do_what_with_the_charge(review, reviewer, colleague, review_lead, administrator):
    take(review, by=reviewer)
    review = fresh(review)

    assert [can_judge(each, review) for each in (reviewer, colleague, review_lead)] == [True, False, False]
    assert [can_assign(each, review) for each in (reviewer, colleague, review_lead)] == [False, False, True]
    assert [can_recuse(each, review) for each in (reviewer, colleague, review_lead)] == [True, True, True]
    assert not any(may(administrator, review) for may in (can_judge, can_assign, can_recuse))
    assert charge_of(reviewer, review)["is_mine"] and not charge_of(colleague, review)["is_mine"]
    assert charge_of(colleague, review)["candidates"] == []
    assert charge_of(review_lead, review)["candidates"] == [colleague, review_lead]


# --- What is closed -----------------------------------------------------------------------------


def test_a_closed_review_refuses_every_change_of_its_charge(closed, reviewer, colleague, review_lead):
    before = Event.objects.count()
    for act in (
        partial(take, closed, by=colleague),
        partial(assign, closed, reviewer=colleague, by=review_lead),
        partial(unassign, closed, reviewer=reviewer, by=review_lead),
        partial(recuse, closed, by=reviewer, reason="Trop tard."),
    ):
        with pytest.raises(ReviewOver):
            act()

    assert in_charge(closed) == [reviewer]
    assert not Recusal.objects.exists()
    assert Event.objects.count() == before
    assert not any(may(review_lead, closed) for may in (can_judge, can_assign, can_recuse))


# --- At the same moment -------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.parametrize("turn", range(5))
def test_of_two_who_take_at_once_one_is_in_charge(transactional_db, dossier, review, reviewer, colleague, turn):
    outcomes = at_once(
        partial(take, review, by=reviewer), partial(take, review, by=colleague), refusals=(AlreadyTaken,)
    )

    assert sum(isinstance(each, AlreadyTaken) for each in outcomes) == 1
    (taken,) = [each for each in outcomes if isinstance(each, Assignment)]
    assert in_charge(review) == [taken.reviewer]
    assert verbs(review) == ["review.taken"]


@pytest.mark.postgresql
def test_one_person_who_clicks_six_times_takes_once(transactional_db, dossier, review, reviewer):
    at_once(*[partial(take, review, by=reviewer)] * 6, refusals=())

    assert in_charge(review) == [reviewer]
    assert verbs(review) == ["review.taken"]


@pytest.mark.postgresql
@pytest.mark.parametrize("turn", range(3))
def test_two_first_verdicts_at_once_put_one_in_charge(transactional_db, dossier, review, reviewer, colleague, turn):
    outcomes = at_once(partial(judge, dossier, reviewer), partial(judge, dossier, colleague), refusals=(NotInCharge,))

    assert sum(isinstance(each, NotInCharge) for each in outcomes) == 1
    assert in_charge(review) == [Verdict.objects.get().decided_by]


@pytest.mark.postgresql
@pytest.mark.parametrize("turn", range(3))
def test_put_in_charge_while_recusing_is_never_both(transactional_db, dossier, review, reviewer, review_lead, turn):
    at_once(
        partial(assign, review, reviewer=reviewer, by=review_lead),
        partial(recuse, review, by=reviewer, reason="J’y ai travaillé."),
        refusals=(Unfit,),
    )

    assert Recusal.objects.filter(reviewer=reviewer).exists()
    assert in_charge(review) == []
