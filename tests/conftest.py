"""The fixed cast: every permission test reads the same way.

One publisher and its team (`mandataire`, `representative`, `contributor`, `reader`), a `consultant` beside it, a
`stranger` who is the mandataire of another publisher, and the State's side (`reviewer`, `review_lead`, `editor`,
`gie_officer`, `support`, `administrator`). `world` is all of them around dossiers at each stage; `worlds`, two of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import hypothesis
import pytest
from django.core.cache import cache
from django.db import reset_queries, transaction
from django.test import override_settings
from pytest_django import Settings

from accounts.models import Publisher, User
from products.models import Product
from tests.cast import make_agent, make_consultant, make_member, make_product, make_publisher, make_stranger
from tests.clients import SignedInClient
from tests.world import World, Worlds, build_world, build_worlds

# How long an example takes says how busy the machine is, nothing else.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")

FAST_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fast_passwords(settings: Settings) -> None:
    """Argon2 is slow on purpose; the tests only need something that verifies."""
    settings.PASSWORD_HASHERS = FAST_PASSWORDS


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Rate limits are counted in the cache: one test must not use up another's."""
    cache.clear()


@pytest.fixture
def client() -> SignedInClient:
    """Django's, whose `force_login` opens a session as people do: see tests.clients."""
    return SignedInClient()


@pytest.fixture
def publisher(db: None) -> Publisher:
    return make_publisher()


@pytest.fixture
def product(publisher: Publisher) -> Product:
    return make_product(publisher)


@pytest.fixture
def mandataire(publisher: Publisher) -> User:
    return make_member(publisher, "mandataire")


@pytest.fixture
def representative(publisher: Publisher) -> User:
    return make_member(publisher, "representative")


@pytest.fixture
def contributor(publisher: Publisher) -> User:
    return make_member(publisher, "contributor")


@pytest.fixture
def reader(publisher: Publisher) -> User:
    return make_member(publisher, "reader")


@pytest.fixture
def consultant(publisher: Publisher) -> User:
    return make_consultant(publisher)


@pytest.fixture
def stranger(db: None) -> User:
    return make_stranger()


@pytest.fixture
def reviewer(db: None) -> User:
    return make_agent("reviewer")


@pytest.fixture
def review_lead(db: None) -> User:
    return make_agent("review_lead")


@pytest.fixture
def support(db: None) -> User:
    return make_agent("support")


@pytest.fixture
def editor(db: None) -> User:
    return make_agent("editor")


@pytest.fixture
def gie_officer(db: None) -> User:
    return make_agent("gie_officer")


@pytest.fixture
def administrator(db: None) -> User:
    return make_agent("administrator")


# --- Worlds: slow to build, so built once for the tests of a module, each of which gives it back as it was ---------


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo whatever is written meanwhile, and forget the statements that were captured: Django keeps so many."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    reset_queries()


@pytest.fixture(scope="module")
def built_world(django_db_setup: None, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), taken_back(), override_settings(PASSWORD_HASHERS=FAST_PASSWORDS):
        yield build_world()


@pytest.fixture
def world(built_world: World) -> Iterator[World]:
    with taken_back():
        yield deepcopy(built_world)


@pytest.fixture(scope="module")
def built_worlds(django_db_setup: None, django_db_blocker) -> Iterator[Worlds]:
    with django_db_blocker.unblock(), taken_back(), override_settings(PASSWORD_HASHERS=FAST_PASSWORDS):
        yield build_worlds()


@pytest.fixture
def worlds(built_worlds: Worlds) -> Iterator[Worlds]:
    with taken_back():
        yield deepcopy(built_worlds)
