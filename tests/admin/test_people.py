"""An administrator closes and reopens accounts, and changes nothing else of a person."""

from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from notifications.models import Notification
from tests.factories import UserFactory


def _page(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def _posted(**fields: str | list[str]) -> dict[str, str | list[str]]:
    """What the page sends; an unticked box is not sent."""
    return {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0", **fields}


def test_closing_an_account_is_traced(as_administrator, administrator, contributor):
    response = as_administrator.post(_page(contributor), _posted())

    assert response.status_code == 302
    contributor.refresh_from_db()
    assert not contributor.is_active
    event = Event.objects.get(verb="user.closed")
    assert (event.object_id, event.actor) == (str(contributor.pk), administrator)


def test_a_closed_account_is_reopened(as_administrator, contributor):
    User.objects.filter(pk=contributor.pk).update(is_active=False)

    as_administrator.post(_page(contributor), _posted(is_active="on"))

    contributor.refresh_from_db()
    assert contributor.is_active
    assert Event.objects.filter(verb="user.reopened").exists()


def test_the_person_of_a_closed_account_is_signed_out(as_administrator, contributor, django_user_model):
    other = type(as_administrator)()
    other.force_login(contributor)
    assert other.get(reverse("products:list")).status_code == 200

    as_administrator.post(_page(contributor), _posted())

    assert other.get(reverse("products:list")).status_code == 302


def test_nothing_else_of_a_person_is_written(as_administrator, contributor):
    before = User.objects.filter(pk=contributor.pk).values().get()

    as_administrator.post(
        _page(contributor),
        _posted(is_active="on", email="autre@ailleurs.example", is_staff="on", is_superuser="on", full_name="Autre"),
    )

    assert User.objects.filter(pk=contributor.pk).values().get() == before


def test_nobody_closes_their_own_account_here(as_administrator, administrator):
    as_administrator.post(_page(administrator), _posted())

    administrator.refresh_from_db()
    assert administrator.is_active


def test_an_administrator_does_not_close_the_account_of_a_superuser(as_administrator):
    root = UserFactory.create(is_superuser=True, is_staff=True)

    as_administrator.post(_page(root), _posted())

    root.refresh_from_db()
    assert root.is_active


def test_no_password_is_shown_even_hashed(as_administrator, contributor):
    page = as_administrator.get(_page(contributor)).content.decode()

    assert contributor.email in page
    assert contributor.password not in page
    assert "md5$" not in page


def test_nobody_is_added_here(as_administrator):
    assert as_administrator.get(reverse("admin:accounts_user_add")).status_code == 403


# --- Roles of the State's side, lost factors --------------------------------------------------------


def test_an_administrator_gives_and_takes_roles(as_administrator, administrator, reviewer):
    as_administrator.post(_page(reviewer), _posted(is_active="on", staff_roles=["review_lead", "support"]))

    assert User.objects.get(pk=reviewer.pk).staff_roles == {"review_lead", "support"}
    traced = Event.objects.filter(verb__startswith="role.").order_by("pk")
    assert [(event.verb, event.data["role"], event.actor) for event in traced] == [
        ("role.taken", "reviewer", administrator),
        ("role.given", "review_lead", administrator),
        ("role.given", "support", administrator),
    ]


def test_a_member_of_a_publisher_is_given_none(as_administrator, contributor):
    response = as_administrator.post(_page(contributor), _posted(is_active="on", staff_roles=["reviewer"]), follow=True)

    assert "Aucun rôle n’est donné" in response.content.decode()
    assert not User.objects.get(pk=contributor.pk).staff_roles


def test_nobody_gives_themselves_a_role(as_administrator, administrator):
    as_administrator.post(_page(administrator), _posted(is_active="on", staff_roles=["administrator", "reviewer"]))

    assert User.objects.get(pk=administrator.pk).staff_roles == {"administrator"}
    assert "Rôles d’agent" not in as_administrator.get(_page(administrator)).content.decode()


def test_lost_second_factors_are_retired_the_person_is_told_and_their_sessions_end(as_administrator, reviewer):
    other = type(as_administrator)()
    other.force_login(reviewer)
    kept = _posted(is_active="on", staff_roles=["reviewer"])

    as_administrator.post(_page(reviewer), kept)
    assert Authenticator.objects.filter(user=reviewer).exists()
    as_administrator.post(_page(reviewer), {**kept, "forgets_factors": "on"})

    assert not Authenticator.objects.filter(user=reviewer).exists()
    assert other.get(reverse("reviews:queue")).url.startswith(reverse("account_login"))
    assert Event.objects.filter(verb="account.factors_forgotten", object_id=str(reviewer.pk)).count() == 1
    assert Notification.objects.get(recipient=reviewer).subject == "Vos seconds facteurs sont retirés"


def test_the_administrations_own_log_holds_no_name(as_administrator, reviewer):
    as_administrator.post(_page(reviewer), _posted(is_active="on", staff_roles=[]))

    (entry,) = LogEntry.objects.all()
    assert entry.object_repr == str(reviewer.pk)
