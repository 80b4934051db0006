"""A consultant sees and fills the dossiers that are opened to them, for as long as it lasts, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.operations.teams import change_end, remove_member
from assessments.models import Answer, Attachment, Consultation, Dossier, Programme
from assessments.operations.consultants import NotTheirs, grant_exactly
from assessments.operations.dossiers import move
from assessments.policies import can_fill, can_open_to_consultants, can_submit, is_consulted
from audit.models import Event
from evidence.models import DocumentVersion
from notifications.models import Notification
from results.operations import close_review, store_report
from tests.assessments.filled import examine, submitted_dossier
from tests.assessments.saving import open_for, state_of
from tests.dossiers.pages import patch, text_of, theme_url, told, typed
from tests.evidence.samples import PDF, upload
from tests.factories import MembershipFactory, ProductFactory

KEY, FILES = "SEC-EXP-04", "SEC-GOV-02"


@pytest.fixture
def place(consultant):
    """The consultant's, beside the publisher."""
    return consultant.memberships.get()


@pytest.fixture
def page(publisher, place):
    return reverse("consultants:dossiers", args=[publisher.siren, place.pk])


@pytest.fixture
def opened(product, contributor):
    """Being filled; the one that the tests open to the consultant."""
    return filling(product, by=contributor)


@pytest.fixture
def other(publisher, contributor):
    """Of the same publisher, and not opened."""
    return filling(ProductFactory.create(publisher=publisher, name="Autre carnet"), by=contributor)


@pytest.fixture
def foreign(stranger):
    """Of another publisher."""
    return filling(ProductFactory.create(publisher=stranger.memberships.get().publisher), by=stranger)


@pytest.fixture
def granted(place, opened, other, mandataire):
    grant_exactly(place, [opened], by=mandataire)
    return opened


def filling(product, *, by):
    dossier = open_for(product, by=by)
    move(dossier, Dossier.State.FILLING)
    return dossier


def visible(person):
    return set(Dossier.objects.visible_to(person))


def fresh(person):
    """As the next request reads them."""
    return type(person).objects.get(pk=person.pk)


def addresses(dossier):
    """What a consultant to whom the dossier is open may read."""
    number = dossier.number
    return [
        reverse("dossiers:detail", args=[number]),
        reverse("dossiers:orientation", args=[number]),
        reverse("dossiers:score", args=[number]),
        reverse("dossiers:answer", args=[number, KEY]),
        reverse("dossiers:attach", args=[number, FILES]),
        theme_url(dossier, "securite", "exploitation"),
    ]


# --- Opening and shutting -----------------------------------------------------------------------


def test_a_consultant_sees_nothing_before_something_is_opened(consultant, opened):
    assert visible(consultant) == set()
    assert not is_consulted(consultant, opened)


def test_granting_gives_what_is_chosen_and_takes_the_rest(place, consultant, opened, other, mandataire):
    grant_exactly(place, [opened], by=mandataire)
    assert visible(consultant) == {opened}

    grant_exactly(place, [other], by=mandataire)
    assert visible(consultant) == {other}

    grant_exactly(place, [opened, other], by=mandataire)
    assert visible(consultant) == {opened, other}

    grant_exactly(place, [], by=mandataire)
    assert visible(consultant) == set()


def test_each_dossier_opened_or_shut_is_traced_in_the_journal(place, publisher, opened, other, mandataire):
    grant_exactly(place, [opened], by=mandataire)
    grant_exactly(place, [other], by=mandataire)

    traced = Event.objects.filter(verb__startswith="consultant.").order_by("pk")
    assert [(event.verb, event.data) for event in traced] == [
        ("consultant.opened", {"user": place.user_id, "dossier": opened.number}),
        ("consultant.shut", {"user": place.user_id, "dossier": opened.number}),
        ("consultant.opened", {"user": place.user_id, "dossier": other.number}),
    ]
    assert {(event.actor, event.publisher_id, event.acting_as) for event in traced} == {
        (mandataire, publisher.pk, "mandataire")
    }
    assert {event.object_id for event in traced} == {str(place.pk)}


def test_granting_the_same_again_writes_and_tells_nothing(place, granted, mandataire):
    events, notices = Event.objects.count(), Notification.objects.count()

    grant_exactly(place, [granted], by=mandataire)

    assert (Event.objects.count(), Notification.objects.count()) == (events, notices)
    assert Consultation.objects.get().granted_by == mandataire


def test_the_consultant_is_told_what_was_added_and_until_when(place, consultant, opened, other, mandataire):
    grant_exactly(place, [opened], by=mandataire)
    grant_exactly(place, [opened, other], by=mandataire)
    grant_exactly(place, [opened], by=mandataire)

    first, second = Notification.objects.filter(recipient=consultant).order_by("pk")
    assert (first.subject, first.path) == ("Cœur et Compagnie vous ouvre un dossier", reverse("dossiers:list"))
    assert opened.number in first.body and opened.number not in second.body
    assert other.number in second.body
    assert str(timezone.localtime(place.expires_at).year) in first.body


def test_a_dossier_of_another_publisher_is_never_opened(place, consultant, opened, foreign, mandataire):
    with pytest.raises(NotTheirs):
        grant_exactly(place, [opened, foreign], by=mandataire)

    assert visible(consultant) == set()
    assert not Event.objects.filter(verb="consultant.opened").exists()


@pytest.mark.parametrize("role", Membership.TEAM)
def test_nothing_is_granted_to_a_member_of_the_team(publisher, opened, mandataire, role):
    member = MembershipFactory.create(publisher=publisher, role=role)

    with pytest.raises(NotTheirs):
        grant_exactly(member, [opened], by=mandataire)
    assert not Consultation.objects.exists()


def test_a_consultant_taken_out_meanwhile_is_granted_nothing(place, opened, mandataire):
    stale = Membership.objects.select_related("publisher").get(pk=place.pk)
    remove_member(place, by=mandataire)

    with pytest.raises(Membership.DoesNotExist):
        grant_exactly(stale, [opened], by=mandataire)


def test_a_consultant_of_two_publishers_sees_what_each_opened(consultant, granted, foreign, stranger):
    until = timezone.now() + timedelta(days=5)
    second = MembershipFactory.create(
        user=consultant, publisher=foreign.product.publisher, role="consultant", expires_at=until
    )
    grant_exactly(second, [foreign], by=stranger)

    assert visible(fresh(consultant)) == {granted, foreign}
    with time_machine.travel(until + timedelta(minutes=1), tick=False):
        assert visible(fresh(consultant)) == {granted}


# --- What a consultant may do -------------------------------------------------------------------


def test_a_consultant_reads_what_is_open_and_nothing_else_exists(client, consultant, granted, other, foreign):
    client.force_login(consultant)

    assert [client.get(url).status_code for url in addresses(granted)] == [200] * 6
    for dossier in (other, foreign):
        assert [client.get(url).status_code for url in addresses(dossier)] == [404] * 6
        assert patch(client, dossier, KEY, {f"{KEY}-revision": 0, f"{KEY}-value": "oui"}).status_code == 404


def test_the_list_of_a_consultant_holds_what_is_open_to_them(client, consultant, granted, other):
    client.force_login(consultant)
    page = text_of(client.get(reverse("dossiers:list")))

    assert granted.number in page
    assert other.number not in page
    assert client.get(reverse("dossiers:create")).status_code == 403


def test_a_consultant_answers_and_the_answer_is_theirs(client, consultant, granted):
    client.force_login(consultant)

    response = patch(client, granted, KEY, typed(granted, KEY, "oui"))

    assert response.status_code == 200
    assert state_of(granted, KEY).value == "oui"
    assert Answer.objects.get(question__key=KEY).updated_by == consultant


def test_a_consultant_attaches_opens_and_takes_back_a_file(client, consultant, granted):
    client.force_login(consultant)
    client.post(reverse("dossiers:attach", args=[granted.number, FILES]), {f"{FILES}-files": upload("a.pdf", PDF)})

    attachment = Attachment.objects.get()
    version = attachment.document_version
    assert (attachment.attached_by, version.document.publisher) == (consultant, granted.product.publisher)
    assert Event.objects.get(verb="evidence.attached").acting_as == "consultant"
    DocumentVersion.objects.filter(pk=version.pk).update(state="clean")
    where = [granted.number, FILES, attachment.pk]
    assert b"".join(client.get(reverse("dossiers:evidence", args=where))) == PDF
    assert client.post(reverse("dossiers:detach", args=where)).status_code in {200, 302}
    assert not Attachment.objects.filter(removed_at=None).exists()


def test_a_consultant_never_submits(client, consultant, granted):
    client.force_login(consultant)
    url = reverse("dossiers:submit", args=[granted.number])

    assert client.get(url).status_code == client.post(url, {"confirm": "1"}).status_code == 403
    assert can_fill(consultant, granted)
    assert not can_submit(consultant, granted)
    assert url not in client.get(reverse("dossiers:score", args=[granted.number])).content.decode()


def test_a_consultant_sees_neither_files_nor_products_nor_team(client, consultant, granted, publisher, mandataire):
    client.force_login(mandataire)
    client.post(reverse("dossiers:attach", args=[granted.number, FILES]), {f"{FILES}-files": upload("a.pdf", PDF)})
    version = DocumentVersion.objects.get()
    client.force_login(consultant)

    assert "a.pdf" not in text_of(client.get(reverse("library:list")))
    assert client.get(reverse("evidence:file", args=[version.pk])).status_code == 404
    assert granted.product.name not in text_of(client.get(reverse("products:list")))
    for name in ("detail", "edit"):
        assert client.get(reverse(f"products:{name}", args=[granted.product.reference])).status_code == 404
    assert client.get(reverse("products:create")).status_code == 403
    for name in ("team", "journal", "journal-file"):
        assert client.get(reverse(f"accounts:{name}", args=[publisher.siren])).status_code == 404


def test_the_result_of_a_dossier_that_is_not_open_does_not_exist(
    client, consultant, granted, contributor, reviewer, review_lead
):
    product = ProductFactory.create(publisher=granted.product.publisher)
    closed = submitted_dossier(product=product, by=contributor)
    examine(closed, by=reviewer)
    result = close_review(review=closed.review, outcome="favourable", conclusion="", by=review_lead)
    store_report(result.report, b"%PDF-1.7")
    client.force_login(consultant)

    for name in ("detail", "report", "progress"):
        assert client.get(reverse(f"results:{name}", args=[closed.number])).status_code == 404


def test_what_happens_to_the_dossier_is_told_to_its_consultants(consultant, granted, other, reader):
    assert consultant in granted.team()
    assert consultant not in other.team()
    assert reader not in granted.team()


# --- The end ------------------------------------------------------------------------------------


def test_the_day_after_the_end_everything_is_gone(client, place, consultant, granted):
    with time_machine.travel(place.expires_at + timedelta(days=1), tick=False):
        client.force_login(consultant)

        assert [client.get(url).status_code for url in addresses(granted)] == [404] * 6
        assert patch(client, granted, KEY, typed(granted, KEY, "oui")).status_code == 404
        posted = {f"{FILES}-files": upload("a.pdf", PDF)}
        assert client.post(reverse("dossiers:attach", args=[granted.number, FILES]), posted).status_code == 404
        assert granted.number not in text_of(client.get(reverse("dossiers:list")))
        assert consultant not in granted.team()
    assert not Answer.objects.filter(question__key=KEY).exists()


def test_until_the_last_minute_the_consultant_works(client, place, consultant, granted):
    with time_machine.travel(place.expires_at - timedelta(minutes=1), tick=False):
        client.force_login(consultant)
        assert patch(client, granted, KEY, typed(granted, KEY, "oui")).status_code == 200


def test_a_longer_access_brings_back_what_was_open(place, consultant, granted, mandataire):
    later = place.expires_at + timedelta(days=30)
    with time_machine.travel(place.expires_at + timedelta(days=1), tick=False):
        change_end(Membership.objects.get(pk=place.pk), by=mandataire, expires_at=later)
        assert visible(fresh(consultant)) == {granted}


def test_a_consultant_taken_out_loses_everything_and_the_trace_stays(client, place, consultant, granted, mandataire):
    remove_member(place, by=mandataire)
    client.force_login(consultant)

    assert client.get(addresses(granted)[0]).status_code == 404
    assert not Consultation.objects.exists()
    assert Event.objects.filter(verb="consultant.opened").exists()


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("mandataire", 200),
        ("representative", 200),
        ("contributor", 403),
        ("reader", 403),
        ("consultant", 404),
        ("stranger", 404),
        ("reviewer", 404),
        ("support", 404),
        ("administrator", 404),
    ],
)
def test_who_opens_dossiers_to_a_consultant(client, request, publisher, page, opened, who, code):
    person = request.getfixturevalue(who)
    client.force_login(person)

    assert client.get(page).status_code == code
    assert client.post(page, {"dossiers": [opened.pk]}).status_code == (302 if code == 200 else code)
    assert Consultation.objects.exists() is (code == 200)
    assert can_open_to_consultants(person, publisher.pk) is (code == 200)


def test_the_page_shows_each_dossier_of_the_publisher_and_ticks_those_that_are_open(
    client, mandataire, page, granted, other, foreign
):
    client.force_login(mandataire)
    response = client.get(page)

    text = text_of(response)
    assert "Dossiers ouverts à Camille Cabinet" in text
    assert f"{granted.number} · MonSuivi Cœur, {Programme.WITHOUT_EXCHANGE.label}" in text
    assert other.number in text
    assert foreign.number not in text
    assert response.context["form"].initial["dossiers"] == [granted.pk]


def test_the_page_gives_takes_and_says_so(client, publisher, mandataire, consultant, page, granted, other):
    client.force_login(mandataire)

    response = client.post(page, {"dossiers": [other.pk]})
    assert response.url == reverse("accounts:team", args=[publisher.siren])
    assert told(response) == ["C’est noté\u00a0: cette personne voit les dossiers choisis, et eux seuls."]
    assert visible(consultant) == {other}

    client.post(page, {"csrfmiddlewaretoken": "what a form without a tick still sends"})
    assert visible(consultant) == set()


def test_the_dossier_of_another_publisher_is_refused_at_its_field(client, mandataire, consultant, page, foreign):
    client.force_login(mandataire)

    response = client.post(page, {"dossiers": [foreign.pk]})

    assert "Un de ces dossiers n’est pas à vous." in str(response.context["form"].errors["dossiers"])
    assert foreign.number not in response.content.decode()
    assert visible(consultant) == set()


@pytest.mark.parametrize("posted", ["abc", "987654321", "-1"])
def test_a_dossier_that_is_none_is_refused_at_its_field(client, mandataire, page, opened, posted):
    client.force_login(mandataire)

    response = client.post(page, {"dossiers": [posted]})

    assert response.status_code == 200
    assert response.context["form"].errors["dossiers"]
    assert not Consultation.objects.exists()


def test_the_page_without_a_dossier_says_what_to_do(client, mandataire, page):
    client.force_login(mandataire)

    assert "Aucun dossier pour l’instant" in text_of(client.get(page))


def test_a_member_of_the_team_or_of_another_has_no_such_page(client, publisher, mandataire, reader, stranger):
    client.force_login(mandataire)

    for membership in (reader.memberships.get(), stranger.memberships.get()):
        url = reverse("consultants:dossiers", args=[publisher.siren, membership.pk])
        assert client.get(url).status_code == 404


def test_opening_a_dossier_asks_again_who_one_is(client, mandataire, page, opened):
    client.force_login(mandataire)
    client.forget_the_proof()
    assert client.get(page).status_code == 200

    assert reverse("account_reauthenticate") in client.post(page, {"dossiers": [opened.pk]}).url
    assert not Consultation.objects.exists()
