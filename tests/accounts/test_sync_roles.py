"""manage.py sync_roles"""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from accounts.models import StaffRole


@pytest.fixture
def synced(db):
    call_command("sync_roles", verbosity=0)


def codenames(role):
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_every_staff_role_has_its_group(synced):
    assert set(Group.objects.values_list("name", flat=True)) == set(StaffRole.values)


def test_reviewers_and_gie_officers_have_nothing_in_the_admin(synced):
    assert codenames(StaffRole.REVIEWER) == set()
    assert codenames(StaffRole.GIE_OFFICER) == set()


def test_editors_see_and_change_questionnaires_only(synced):
    apps = Group.objects.get(name=StaffRole.EDITOR).permissions.values_list("content_type__app_label", flat=True)

    assert set(apps) == {"questionnaires"}
    assert {"view_question", "change_question"} <= codenames(StaffRole.EDITOR)
    assert "add_question" not in codenames(StaffRole.EDITOR)


def test_administrators_see_everything_and_change_no_dossier(synced):
    codes = codenames(StaffRole.ADMINISTRATOR)

    assert {"view_dossier", "view_event", "add_user", "change_question"} <= codes
    assert not {"change_dossier", "change_answer", "add_event"} & codes


@pytest.mark.parametrize("role", StaffRole.values)
def test_nobody_deletes(synced, role):
    assert not {code for code in codenames(role) if code.startswith("delete_")}


def test_running_again_mends_and_adds_nothing(synced):
    before = {role: codenames(role) for role in StaffRole.values}
    Group.objects.get(name=StaffRole.EDITOR).permissions.clear()

    call_command("sync_roles", verbosity=0)

    assert {role: codenames(role) for role in StaffRole.values} == before
    assert Group.objects.count() == len(StaffRole.values)
