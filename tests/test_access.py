"""Who may open what: every address of the portal × every role, deny by default.

A new address fails `test_every_url_is_decided` until somebody decides here who may open it.
"""

import re
from collections.abc import Iterable, Iterator

import pytest
from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import User
from products.models import Product
from tests.world import ROLES, STATE, TEAM, Seen, World, address_of, ask, build_world

Row = dict[str, int]


def row(*, anonymous: int = 302, others: int = 404, team: int = 0, staff: int = 0, **exceptions: int) -> Row:
    """Status codes by role: `team` for the publisher's four roles, `staff` for the State's, then each by its name."""
    codes = dict.fromkeys(ROLES, others) | {"anonymous": anonymous}
    codes |= dict.fromkeys(TEAM, team) if team else {}
    codes |= dict.fromkeys(STATE, staff) if staff else {}
    return codes | exceptions


EVERYBODY = row(anonymous=200, others=200)
SIGNED_IN = row(others=200)
NOBODY_READS = row(others=405)
FILLERS = row(team=200, reader=403)
SUBMITTERS = row(mandataire=200, representative=200, contributor=403, reader=403)
REVIEWERS = row(reviewer=200)

GET: dict[str, Row] = {
    "home": row(anonymous=200, others=302, gie_officer=200),
    "accessibility": EVERYBODY,
    "legal": EVERYBODY,
    "health": EVERYBODY,
    "diagnostic:start": EVERYBODY,
    "diagnostic:outcome": EVERYBODY,
    "diagnostic:keep": row(anonymous=405, others=405),
    # allauth's pages. Whoever is signed in already is sent on from those that sign in.
    "account_login": row(anonymous=200, others=302),
    "account_signup": row(anonymous=200, others=302),
    "account_logout": SIGNED_IN,
    "account_inactive": EVERYBODY,
    "account_email_verification_sent": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": row(others=302),
    "account_email": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    # The judge opens no publisher.
    "accounts:publisher-create": row(others=200, staff=403),
    "accounts:team": row(team=200),
    "accounts:member": row(team=403, mandataire=200),
    "accounts:member-remove": NOBODY_READS,
    # A stranger has products and dossiers of their own: lists show nobody else's.
    "products:list": SIGNED_IN,
    "products:create": row(others=200, reader=403, staff=403),
    "products:detail": row(team=200),
    "products:edit": FILLERS,
    "evidence:list": SIGNED_IN,
    "evidence:file": row(team=200),
    "dossiers:list": SIGNED_IN,
    "dossiers:create": row(others=200, reader=403, staff=403),
    "dossiers:detail": row(team=200),
    "dossiers:orientation": row(team=200),
    "dossiers:theme": row(team=200),
    "dossiers:answer": row(team=200),
    "dossiers:attach": row(team=200),
    "dossiers:detach": NOBODY_READS,
    "dossiers:score": row(team=200),
    "dossiers:submit": SUBMITTERS,
    "reviews:queue": row(others=403, reviewer=200),
    "reviews:detail": REVIEWERS,
    "reviews:item": REVIEWERS,
    "reviews:evidence": REVIEWERS,
    "reviews:send": REVIEWERS,
    "results:close": REVIEWERS,
    "results:detail": row(team=200, reviewer=200),
    "results:report": row(team=200, reviewer=200),
    "results:progress": row(team=200, reviewer=200),
}

# POST, or PATCH for an answer, of something that those who may can do. What is not listed takes no writing: 405.
WRITE: dict[str, Row] = {
    "diagnostic:start": row(others=302),
    "diagnostic:keep": row(others=302),
    # Without the right words these only show their form again, to the same people as above.
    "account_login": row(anonymous=200, others=302),
    "account_signup": row(anonymous=200, others=302),
    "account_logout": row(others=302),
    "account_confirm_email": row(anonymous=404),
    "account_reset_password": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": row(others=302),
    "account_email": row(others=302),
    "account_reauthenticate": SIGNED_IN,
    "accounts:publisher-create": row(others=200, staff=403),
    "accounts:team": row(team=403, mandataire=302),
    "accounts:member": row(team=403, mandataire=302),
    "accounts:member-remove": row(team=403, mandataire=302),
    # The stranger chooses a product and a publisher that are not theirs: the form is shown again, nothing is done.
    "products:create": row(team=302, reader=403, stranger=200, staff=403),
    "products:edit": row(team=302, reader=403),
    "dossiers:create": row(team=302, reader=403, stranger=200, staff=403),
    "dossiers:orientation": row(team=302, reader=403),
    "dossiers:theme": row(team=302, reader=403),
    "dossiers:answer": FILLERS,
    "dossiers:attach": FILLERS,
    "dossiers:detach": row(team=302, reader=403),
    "dossiers:submit": row(mandataire=302, representative=302, contributor=403, reader=403),
    "reviews:item": row(reviewer=302),
    "reviews:send": row(reviewer=302),
    "results:close": row(reviewer=302),
    "results:progress": row(team=302, reviewer=302),
}
# Opening a file is traced: the one thing that a GET writes.
TRACED = {"evidence:file", "reviews:evidence"}


@pytest.fixture
def world(request: pytest.FixtureRequest, product: Product) -> World:
    return build_world(request, product)


def sweep(world: World, names: Iterable[str], method: str) -> dict[str, dict[str, Seen]]:
    return {name: {role: ask(world, role, name, method) for role in ROLES} for name in names}


def codes_of(seen: dict[str, dict[str, Seen]]) -> dict[str, Row]:
    return {name: {role: each.code for role, each in by_role.items()} for name, by_role in seen.items()}


def test_every_url_is_decided():
    assert names_of_the_portal() == set(GET)


def test_who_may_read_what_and_reading_writes_nothing(world):
    seen = sweep(world, GET, "get")

    assert codes_of(seen) == GET
    writes = {(name, sql.split("(")[0]) for name, row in seen.items() for each in row.values() for sql in each.writes}
    assert writes == {(name, 'INSERT INTO "audit_event" ') for name in TRACED}


def test_who_may_write_what(world):
    seen = sweep(world, WRITE.keys() - {"dossiers:answer"}, "post") | sweep(world, ["dossiers:answer"], "patch")

    assert codes_of(seen) == WRITE


def test_what_only_shows_takes_no_writing(world):
    taken = {
        (name, method): code
        for name in GET.keys() - WRITE.keys()
        for method in ("post", "put", "patch", "delete")
        if (code := ask(world, "mandataire", name, method).code) != 405
    }

    assert taken == {}


def test_a_visitor_is_sent_to_sign_in_and_brought_back(world):
    elsewhere = {"account_logout"}
    for name in [name for name, row in GET.items() if row["anonymous"] == 302 and name not in elsewhere]:
        asked = ask(world, "anonymous", name, "get")
        assert asked.location.startswith(f"{reverse(settings.LOGIN_URL)}?next=/"), name


def test_no_address_hides_another(world):
    found = {name: resolve(address_of(world, name)).view_name for name in GET}

    assert found == {name: name for name in GET}


def test_a_number_of_somebody_else_and_one_that_was_never_given_look_the_same(world):
    client = Client()
    client.force_login(world.people["stranger"])

    pages = {
        # Tokens against forged requests are new on each page.
        re.sub(r"\b[A-Za-z0-9]{64}\b", "", client.get(f"/dossiers/{number}/").content.decode())
        for number in (world.filling.number, "2026-999999")
    }

    assert len(pages) == 1


# --- The admin: a small rule for its many addresses ---------------------------------------------

ADMIN_PAGES = ("admin:index", "admin:password_change", "admin:jsi18n", "admin:autocomplete")


def _admin_addresses() -> Iterator[tuple[type[Model], str, str]]:
    for model in admin.site._registry:
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield model, "changelist", reverse(f"{prefix}_changelist")
        yield model, "add", reverse(f"{prefix}_add")
        for page in ("change", "delete", "history"):
            yield model, page, reverse(f"{prefix}_{page}", args=[1])


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"editor", "administrator"}])
def test_the_admin_is_closed_to_all_others(client, request, role, db):
    if role != "anonymous":
        client.force_login(request.getfixturevalue(role))

    for address in [*map(reverse, ADMIN_PAGES), *(address for _model, _page, address in _admin_addresses())]:
        response = client.get(address)
        assert response.status_code == 302, address
        assert response["Location"].startswith((reverse("admin:login"), reverse(settings.LOGIN_URL))), address


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_the_admin_shows_what_the_groups_allow_and_deletes_nothing(client, request, role):
    person = request.getfixturevalue(role)
    sync_roles()
    client.force_login(person)
    person = User.objects.get(pk=person.pk)

    for model, page, address in _admin_addresses():
        label, name = model._meta.app_label, model._meta.model_name
        reads = person.has_perm(f"{label}.view_{name}") or person.has_perm(f"{label}.change_{name}")
        code = client.get(address).status_code
        if page == "delete":
            assert code == 403, address
        elif page == "changelist":
            assert code == (200 if reads else 403), address
        elif page == "add":
            assert code in ({200, 403} if person.has_perm(f"{label}.add_{name}") else {403}), address


def names_of_the_portal() -> set[str]:
    """Every name of the resolver, the admin's apart."""
    return {name for name in _names(get_resolver()) if not name.startswith("admin:")}


def _names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _names(pattern, inner)
        else:
            yield ":".join((*namespaces, pattern.name or f"unnamed {pattern.pattern}"))
