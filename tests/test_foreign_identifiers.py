"""Every address that names something × every method, asked by a stranger with another publisher's identifiers.

A foreign identifier and one that was never given must look exactly the same, and neither may write anything. The
addresses and their parameters come from the resolver: what is added later is walked too, and a parameter of an unknown
name fails until somebody says here what it is. Identifiers in forms and query strings: test_foreign_fields.py.
"""

import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, reverse

from accounts.models import User
from products import references
from tests.clients import SignedInClient
from tests.test_access import GET
from tests.test_access_admin import MODELS
from tests.world import ANSWER, ARGUMENTS, DATA, FORM, World, Worlds, writes

pytestmark = pytest.mark.once

METHODS = ("get", "post", "patch", "put", "delete")

# One that nobody was ever given, well formed, for each name of a parameter that leads to somebody's property.
NEVER_GIVEN: dict[str, Callable[[], Any]] = {
    "siren": lambda: "999999999",
    "number": lambda: "2026-999999",
    "reference": references.draw,
    "pk": lambda: 987_654_321,
    "attachment_id": lambda: 987_654_321,
    "upload_id": uuid.uuid4,
    "import_id": lambda: 987_654_321,
    "waiting_id": lambda: 987_654_321,
}
# The same for everybody: they name a part of the questionnaires, or of what another parameter names, not something
# that belongs to somebody.
SHARED = {
    *("code", "key", "page", "piece_number", "provider_id", "section_slug", "slug", "theme", "theme_slug"),
    # Of the editor, which is open to those who see all questionnaires and to nobody else.
    *("edition", "name", "revision"),
}
# Whoever holds the link may follow it: its secret cannot be guessed, and each has its own tests.
CAPABILITIES = {
    "diagnostic:outcome": "anonymous conclusion, made to be shared",
    "diagnostic:keep": "the same",
    "accounts:invitation": "secret sent to the address",
    "account_confirm_email": "signed link sent to the address",
    "account_reset_password_from_key": "signed link sent to the address",
    **dict.fromkeys(
        (f"questionnaires:export{suffix}" for suffix in ("", "-yaml", "-workbook", "-fhir")),
        "published for everybody, and drafts have their own tests",
    ),
}


@dataclass(frozen=True)
class Answer:
    """What the asker could see of a response, freed of what differs between any two requests."""

    code: int
    location: str
    body: str


# --- The portal ---------------------------------------------------------------------------------


def parameters() -> dict[str, tuple[str, ...]]:
    """Names of the parameters of each address of the portal that has some, the admin's apart."""
    return {name: found for name, found in _parameters(get_resolver()) if found and not name.startswith("admin:")}


def _parameters(
    resolver: URLResolver, spaces: tuple[str, ...] = (), before: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in resolver.url_patterns:
        own = (*before, *(pattern.pattern.converters or pattern.pattern.regex.groupindex))
        if isinstance(pattern, URLResolver):
            yield from _parameters(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, own)
        else:
            yield ":".join((*spaces, pattern.name or "")), own


WALKED = sorted(parameters().keys() - CAPABILITIES.keys())


def test_every_parameter_is_known_and_every_exception_still_stands():
    assert {each for found in parameters().values() for each in found} <= (
        NEVER_GIVEN.keys() | SHARED | {each for name in CAPABILITIES for each in parameters()[name]}
    )
    assert CAPABILITIES.keys() <= parameters().keys()
    assert parameters().keys() == ARGUMENTS.keys()


def test_on_their_own_things_the_stranger_may_do_what_the_address_is_for(worlds):
    """Otherwise the walk below would prove nothing: it would only meet closed doors."""
    of_publishers = [name for name in WALKED if GET[name]["mandataire"] in {200, 405}]

    refused = {
        name: code
        for name in of_publishers
        if (code := ask(worlds, worlds.stranger, name, "get", arguments(worlds.mine, name), worlds.mine)[0].code)
        not in {200, 405}
    }

    assert refused == {}


@pytest.mark.parametrize("role", ["stranger", "gie_officer"])
def test_what_is_foreign_looks_like_what_was_never_given_and_nothing_is_written(worlds, role):
    asker = worlds.theirs.people[role]
    findings = []
    for name, method in itertools.product(WALKED, METHODS):
        for chosen in substitutions(name):
            foreign, writes = ask(worlds, asker, name, method, mixed(worlds, name, chosen), worlds.theirs)
            missing, _ = ask(worlds, asker, name, method, mixed(worlds, name, chosen, given=False), worlds.theirs)
            if foreign.code not in {403, 404, 405} or writes or foreign != missing:
                findings.append((name, method, sorted(chosen), foreign.code, missing.code, writes))

    assert findings == []


def substitutions(name: str) -> Iterator[frozenset[str]]:
    """Every way of putting foreign identifiers among one's own: each alone, some, all."""
    owned = [each for each in parameters()[name] if each not in SHARED]
    for size in range(1, len(owned) + 1):
        yield from map(frozenset, itertools.combinations(owned, size))


def arguments(world: World, name: str) -> dict[str, Any]:
    return dict(zip(parameters()[name], ARGUMENTS[name](world), strict=True))


def mixed(worlds: Worlds, name: str, chosen: frozenset[str], *, given: bool = True) -> dict[str, Any]:
    """The stranger's own identifiers, except `chosen`: another publisher's, or (not `given`) nobody's."""
    theirs = arguments(worlds.theirs, name)
    replaced = {each: theirs[each] if given else NEVER_GIVEN[each]() for each in chosen}
    return arguments(worlds.mine, name) | replaced


def ask(
    worlds: Worlds, asker: User, name: str, method: str, named: dict[str, Any], data_of: World
) -> tuple[Answer, tuple[str, ...]]:
    """Send a well-made request, and take it back; return what it showed and what it wrote."""
    data = DATA[name](data_of) if name in DATA else {"nothing": ""}
    return answer_to(asker, method, reverse(name, kwargs=named), data if method == "post" else ANSWER)


def answer_to(asker: User, method: str, url: str, data: dict[str, Any] | str) -> tuple[Answer, tuple[str, ...]]:
    """`data`: what a form sends, or a query string holds; a text is the body of any other method."""
    client = SignedInClient(raise_request_exception=False)
    with transaction.atomic():
        client.force_login(User.objects.get(pk=asker.pk))
        with CaptureQueriesContext(connection) as captured:
            if isinstance(data, dict):
                response = getattr(client, method)(url, data)
            else:
                response = client.generic(method.upper(), url, data, content_type=FORM)
            body = b"".join(response).decode(errors="replace")
        transaction.set_rollback(True)
    done = tuple(query["sql"].split("(")[0] for query in captured.captured_queries if writes(query["sql"]))
    return Answer(response.status_code, response.headers.get("Location", ""), _freed(body, url)), done


def _freed(body: str, url: str) -> str:
    """Without what is new on each page (tokens against forged requests) and without the address itself."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", body).replace(url, "")


# --- The administration: those who have no desk there, and the editor beyond the questionnaires --------


@pytest.mark.parametrize("role", ["mandataire", "reviewer", "support", "editor"])
def test_no_number_of_the_administration_tells_whether_it_was_given(worlds, role):
    asker = worlds.theirs.people[role]
    findings = []
    for model, page in itertools.product(closed_to(role), ("change", "delete", "history", "old")):
        for method in METHODS:
            (given, writes), (missing, _) = (
                admin_answer(asker, method, admin_address(model, page, pk), pk) for pk in (first_of(model), 987_654_321)
            )
            if given.code not in {302, 403, 404, 405} or writes or given != missing:
                findings.append((model._meta.label, page, method, given.code, missing.code, writes))

    assert findings == []


@pytest.mark.parametrize("role", ["mandataire", "reviewer", "support", "editor"])
def test_the_administration_leads_nobody_to_the_page_of_a_row_by_its_number(worlds, role):
    asker = worlds.theirs.people[role]
    for model in closed_to(role):
        kind = ContentType.objects.get_for_model(model).pk
        given, missing = (
            admin_answer(asker, "get", f"{reverse('admin:index')}r/{kind}/{pk}/", pk)[0]
            for pk in (first_of(model), 987_654_321)
        )
        assert given == missing, model


def closed_to(role: str) -> list[type[Model]]:
    """Models of which the role reads nothing there."""
    return [model for model in admin.site._registry if role != "editor" or not MODELS[label_of(model)][0]]


def label_of(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def first_of(model: type[Model]) -> int:
    """One that exists; the retention rules alone were never applied here."""
    return model._default_manager.order_by("pk").values_list("pk", flat=True).first() or 1


def admin_address(model: type[Model], page: str, pk: int) -> str:
    if page == "old":
        return f"{reverse(f'admin:{label_of(model)}_changelist')}{pk}/"
    return reverse(f"admin:{label_of(model)}_{page}", args=[pk])


def admin_answer(asker: User, method: str, url: str, pk: int) -> tuple[Answer, tuple[str, ...]]:
    """Freed of the number, which the page of sign-in and the page of the row repeat in their addresses."""
    answer, writes = answer_to(asker, method, url, {} if method in {"get", "post"} else ANSWER)
    location = re.sub(rf"/{pk}/((change|delete|history)/)?$", r"/…/\1", answer.location)
    return replace(answer, location=location), writes
