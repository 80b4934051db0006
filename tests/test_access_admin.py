"""Who may open what in the administration: every address of it × every role.

Its models are told in one table, from which their pages follow. A new model, or a new page, fails
`test_every_url_of_the_admin_is_decided` until somebody decides here who may open it.
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone

from privacy.models import RetentionRun
from tests.access_rows import ROLES, Row, row
from tests.test_access import names_in
from tests.world import World, send, writes

pytestmark = pytest.mark.once

# Those who have a desk there. To all others every address is the same closed door.
INSIDE = ("editor", "administrator")


def desk(*, editor: int, administrator: int, others: int = 302) -> Row:
    return row(anonymous=302, others=others, editor=editor, administrator=administrator)


BOTH = desk(editor=200, administrator=200)
# GET of the pages that belong to no model. Not one of them writes by POST either.
SITE: dict[str, Row] = {
    "index": BOTH,
    # Somebody who is signed in and has no desk is told so.
    "login": desk(others=403, editor=302, administrator=302),
    # Sent on to the portal's own pages.
    "logout": desk(editor=302, administrator=302),
    "password_change": desk(editor=302, administrator=302),
    "password_change_done": desk(editor=302, administrator=302),
    # No form of ours asks for it: it serves no field.
    "autocomplete": desk(editor=403, administrator=403),
    "jsi18n": BOTH,
    "audit_event_export": desk(editor=403, administrator=200),
    "app_list": BOTH,
    r"unnamed (?P<url>.*)$": desk(editor=404, administrator=404),
}
# What the editor and the administrator may do with the rows of each model. Nobody deletes.
MODELS: dict[str, tuple[str, str]] = {
    "accounts_invitation": ("", "read"),
    "accounts_publisher": ("", "read"),
    "accounts_user": ("", "read write"),  # closes and opens accounts
    "assessments_dossier": ("", "read"),
    "assessments_review": ("", "read"),
    "assessments_submission": ("", "read"),
    "audit_event": ("", "read"),
    "enrolment_accountrequest": ("", "read"),
    "evidence_document": ("", "read"),
    "jobs_job": ("", "read"),
    "privacy_retentionrun": ("", "read"),
    "products_product": ("", "read"),
    "questionnaires_edition": ("read write", "read write"),  # the disclaimer, even once it is published
    "questionnaires_question": ("read", "read"),
    "questionnaires_questionnaire": ("read", "read"),
    "questionnaires_theme": ("read", "read"),
    "questionnaires_version": ("read", "read"),
    "results_result": ("", "read"),
}
# What each page of a model asks for, to be read and to be sent; None: nobody.
PAGES: dict[str, tuple[str | None, str | None]] = {
    "changelist": ("read", "read"),
    "add": ("add", "add"),
    "change": ("read", "write"),
    "delete": (None, None),
    "history": ("read", "read"),
}
# An address of before, that only leads to the page of the row.
OLD = "unnamed <path:object_id>/"


@pytest.fixture
def world(world: World) -> World:
    RetentionRun.objects.create(started_at=timezone.now())
    return world


def test_every_url_of_the_admin_is_decided():
    of_models = [f"{model}_{page}" for model in MODELS for page in PAGES] + [OLD] * len(MODELS)

    found = [name.removeprefix("admin:") for name in names_in(get_resolver()) if name.startswith("admin:")]

    assert sorted(found) == sorted([*SITE, *of_models])


def site_addresses() -> Iterator[tuple[str, str]]:
    """(name, address) of the pages that belong to no model."""
    yield from ((name, reverse(f"admin:{name}", args=ARGUMENTS.get(name))) for name in SITE if "unnamed" not in name)
    yield r"unnamed (?P<url>.*)$", f"{reverse('admin:index')}nulle/part/"


ARGUMENTS: dict[str, list[str | int]] = {"app_list": ["questionnaires"]}


def model_addresses() -> Iterator[tuple[str, str, str]]:
    """(model, page, address), of the first row where there is one."""
    for model in admin.site._registry:
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        first = model._default_manager.order_by("pk").values_list("pk", flat=True).first() or 1
        for page in PAGES:
            yield label, page, reverse(f"admin:{label}_{page}", args=[] if page in {"changelist", "add"} else [first])
        yield label, OLD, f"{reverse(f'admin:{label}_changelist')}{first}/"


def every_address() -> list[str]:
    return [address for _name, address in site_addresses()] + [address for *_of, address in model_addresses()]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in INSIDE])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_is_closed_to_all_others(client, world, role, method):
    if role != "anonymous":
        client.force_login(world.people[role])
    doors = (reverse("admin:login"), reverse(settings.LOGIN_URL), reverse("admin:index"))

    with CaptureQueriesContext(connection) as captured:
        answers = {address: getattr(client, method)(address) for address in every_address()}

    told = answers.pop(reverse("admin:login"))
    assert told.status_code == SITE["login"][role]
    assert {each.status_code for each in answers.values()} == {302}
    assert [each["Location"] for each in answers.values() if not each["Location"].startswith(doors)] == []
    assert [each["sql"] for each in captured if writes(each["sql"])] == []


@pytest.mark.parametrize("role", INSIDE)
def test_who_may_open_what_of_no_model(world, role):
    seen = {name: send(world.people[role], address, "get", {}) for name, address in site_addresses()}

    assert {name: each.code for name, each in seen.items()} == {name: codes[role] for name, codes in SITE.items()}
    writes = {name for name, each in seen.items() if each.writes}
    assert writes == ({"audit_event_export"} if role == "administrator" else set())


@pytest.mark.parametrize("role", INSIDE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_open_and_send_what_of_each_model(world, role, method):
    differences = {}
    for label, page, address in model_addresses():
        seen = send(world.people[role], address, method, {})
        if seen.code != (decided := code_of(label, page, role, method)):
            differences[label, page] = f"{seen.code}, not {decided}"
        if seen.writes:
            differences[label, page] = seen.writes[0]

    assert differences == {}


def code_of(label: str, page: str, role: str, method: str) -> int:
    if page == OLD:
        return 302
    asked, may = PAGES[page][method == "post"], MODELS[label][INSIDE.index(role)].split()
    return 200 if asked in may else 403


@pytest.mark.parametrize("role", INSIDE)
def test_an_app_is_listed_to_whoever_reads_something_of_it(world, role):
    readers = {label.split("_")[0]: may[INSIDE.index(role)] for label, may in MODELS.items()}

    for app, may in readers.items():
        seen = send(world.people[role], reverse("admin:app_list", args=[app]), "get", {})
        assert seen.code == (200 if may else 404), app


@pytest.mark.parametrize("role", INSIDE)
def test_without_a_second_factor_nobody_enters(client, world, role):
    client.force_login(world.people[role], second_factor=False)

    for address in set(every_address()) - {reverse("admin:login")}:
        shown, sent = client.get(address), client.post(address)
        assert (shown.status_code, sent.status_code) == (302, 403), address
        assert shown["Location"].startswith(reverse("mfa_reauthenticate")), address


@pytest.mark.parametrize("role", INSIDE)
def test_the_admin_takes_no_password(client, world, role):
    """There, nothing slows whoever guesses."""
    client.force_login(world.people[role])

    response = client.post(
        reverse("admin:login"), {"username": world.people["mandataire"].email, "password": "une autre"}
    )

    assert response.status_code == 302
