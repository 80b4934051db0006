"""docs/roles.md says what the portal does: each of its rows is compared with the access tests."""

import re

from django.conf import settings

from accounts.management.commands.sync_roles import PERMISSIONS
from accounts.models import Membership, StaffRole
from tests.test_access import GET, WRITE

HEADING = re.compile(r"^\| act \| address \| (?P<roles>.+) \|$", re.MULTILINE)
ROW = re.compile(r"^\| (?P<act>[^|]+) \| (?P<method>GET|POST) `(?P<name>[\w:-]+)` \| (?P<marks>.+) \|$", re.MULTILINE)
DOCUMENT = (settings.BASE_DIR / "docs" / "roles.md").read_text()
# Everybody's own account and the public pages; forms that only answer what was typed into them.
OF_EVERYBODY = re.compile(r"^(account_|mfa_|usersessions_|socialaccount_|openid_|privacy:|diagnostic:)")
# All alike: said in one sentence above the table.
OF_THE_EDITOR = re.compile(r"^(questionnaires|impact):")
# What was brought back is imported by who brought it.
NOT_TOLD_APART = {
    "accounts:invitation",
    "accounts:member-remove",
    "dossiers:import",
    "enrolment:detail",
    "results:progress",
}


def roles() -> list[str]:
    heading = HEADING.search(DOCUMENT)
    assert heading
    return heading["roles"].split(" | ")


def test_the_table_has_every_role():
    assert set(roles()) == {*Membership.Role.values, *StaffRole.values}


def test_each_act_is_allowed_to_those_whom_the_portal_lets():
    wrong = {}
    for row in ROW.finditer(DOCUMENT):
        decided = (GET if row["method"] == "GET" else WRITE)[row["name"]]
        told = [mark == "✓" for mark in (cell.strip() for cell in row["marks"].split("|"))]
        does = [decided[role] in (200, 201, 302) for role in roles()]
        if told != does:
            wrong[row["act"]] = [role for role, a, b in zip(roles(), told, does, strict=True) if a != b]
    assert wrong == {}


def test_no_address_that_writes_is_missing():
    told = {row["name"] for row in ROW.finditer(DOCUMENT) if row["method"] == "POST"}
    in_the_table = {name for name in WRITE if not (OF_EVERYBODY.match(name) or OF_THE_EDITOR.match(name))}
    assert in_the_table - told == NOT_TOLD_APART


def test_questionnaires_are_written_by_editors_and_administrators_and_nobody_else():
    assert "Everything that writes under `/questionnaires/` is for `editor` and `administrator`" in DOCUMENT
    for name in filter(OF_THE_EDITOR.match, WRITE):
        may = {role for role in roles() if WRITE[name][role] in (200, 201, 302)}
        # A file that waits is its author's alone.
        assert may == ({"editor"} if name == "questionnaires:import-confirm" else {"editor", "administrator"}), name


def test_the_groups_that_change_something_in_the_administration_are_told():
    told = set(re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.MULTILINE))
    assert told == {role.value for role, condition in PERMISSIONS.items() if condition is not None}
