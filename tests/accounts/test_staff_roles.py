"""Giving and taking the roles of the State's side: the operations, and manage.py staff_role."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import StaffRole
from accounts.operations.staff import MemberOfPublisher, give_staff_role, take_staff_role
from audit.models import Event
from tests.factories import MembershipFactory, UserFactory

OPENS_ADMINISTRATION = {StaffRole.EDITOR, StaffRole.ADMINISTRATOR}


@pytest.fixture
def claude(db):
    return UserFactory.create(email="claude@ans.example")


def roles_of(user):
    return set(user.groups.values_list("name", flat=True))


@pytest.mark.parametrize("role", StaffRole)
def test_a_role_given_is_had_and_a_role_taken_is_lost(claude, administrator, role):
    give_staff_role(claude, role, by=administrator)
    claude.refresh_from_db()
    assert (roles_of(claude), claude.is_staff) == ({role}, role in OPENS_ADMINISTRATION)

    take_staff_role(claude, role, by=administrator)
    claude.refresh_from_db()
    assert (roles_of(claude), claude.is_staff) == (set(), False)


def test_the_administration_stays_open_while_one_role_opens_it(claude):
    for role in (StaffRole.EDITOR, StaffRole.ADMINISTRATOR, StaffRole.REVIEWER):
        give_staff_role(claude, role, by=None)

    take_staff_role(claude, StaffRole.EDITOR, by=None)
    claude.refresh_from_db()
    assert claude.is_staff

    take_staff_role(claude, StaffRole.ADMINISTRATOR, by=None)
    claude.refresh_from_db()
    assert not claude.is_staff
    assert roles_of(claude) == {StaffRole.REVIEWER}


def test_both_are_traced_with_the_role(claude, administrator):
    give_staff_role(claude, StaffRole.REVIEWER, by=administrator)
    take_staff_role(claude, StaffRole.REVIEWER, by=administrator)

    traced = Event.objects.order_by("pk").values_list("verb", "actor", "acting_as", "object_id", "data")
    assert list(traced) == [
        (verb, administrator.pk, "administrator", str(claude.pk), {"role": "reviewer"})
        for verb in ("role.given", "role.taken")
    ]


def test_giving_twice_and_taking_what_is_not_had_leave_no_trace(claude):
    give_staff_role(claude, StaffRole.REVIEWER, by=None)
    give_staff_role(claude, StaffRole.REVIEWER, by=None)
    take_staff_role(claude, StaffRole.SUPPORT, by=None)

    assert Event.objects.count() == 1


def test_a_member_of_a_publisher_gets_no_role(reader):
    with pytest.raises(MemberOfPublisher):
        give_staff_role(reader, StaffRole.REVIEWER, by=None)

    assert roles_of(reader) == set()
    assert not Event.objects.exists()


def test_a_superuser_keeps_the_administration(claude):
    claude.is_superuser = claude.is_staff = True
    claude.save()

    give_staff_role(claude, StaffRole.REVIEWER, by=None)
    take_staff_role(claude, StaffRole.REVIEWER, by=None)

    claude.refresh_from_db()
    assert claude.is_staff


def test_the_command_gives_and_takes(claude, capsys):
    call_command("staff_role", "give", "Claude@ANS.example", "reviewer")
    assert roles_of(claude) == {StaffRole.REVIEWER}
    assert "reviewer." in capsys.readouterr().out

    call_command("staff_role", "take", "claude@ans.example", "reviewer")
    assert roles_of(claude) == set()
    assert "aucun" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("email", "role", "what"),
    [
        ("personne@nulle.example", "reviewer", "Aucun compte ouvert"),
        ("ferme@ans.example", "reviewer", "Aucun compte ouvert"),
        ("membre@editeur.example", "reviewer", "fait partie d’un éditeur"),
        ("claude@ans.example", "emperor", "emperor"),
    ],
    ids=["unknown", "closed", "member", "no such role"],
)
def test_the_command_says_why_not(claude, email, role, what):
    UserFactory.create(email="ferme@ans.example", is_active=False)
    MembershipFactory.create(user__email="membre@editeur.example")

    with pytest.raises(CommandError, match=what):
        call_command("staff_role", "give", email, role)
