"""Which forms are given back when nobody is signed in any more, address by address, and which never are."""

from collections.abc import Iterator

import pytest
from django import forms
from django.core.files.base import File
from django.http import QueryDict
from django.urls import resolve, reverse
from django.utils.datastructures import MultiValueDict

from accounts.held_forms import FILES, held
from tests.clients import SignedInClient
from tests.test_access import GET, WRITE
from tests.web.forms_of_pages import given_back
from tests.web.test_held_forms import OURS
from tests.world import DATA, address_of

pytestmark = pytest.mark.once
OWN = reverse("account_home")
WORDS = {"text": "Des mots à soi.", "comment": "D’autres mots."}


def texts(data: dict[str, object]) -> dict[str, list[str]]:
    """What a browser posts of this beside its files, by name."""
    lists = {name: value if isinstance(value, list) else [value] for name, value in data.items()}
    return {name: [str(each) for each in values] for name, values in lists.items() if not isinstance(values[0], File)}


def test_every_form_behind_sign_in_is_given_back_whole(world):
    client, given = SignedInClient(headers=OURS), set()
    for name in WRITE:
        url = address_of(world, name)
        if url.startswith(OWN) or not getattr(resolve(url).func, "login_required", True):
            continue
        data = {**WORDS, **(DATA[name](world) if name in DATA else {})}

        lost = client.post(url, data)

        assert lost.status_code == 401, name
        fields = given_back(lost)
        assert {key: values for key, values in fields.items() if key != FILES} == texts(data), name
        given.add(name)
    assert {"dossiers:theme", "dossiers:thread", "reviews:item", "results:close", "enrolment:start"} <= given


def test_nothing_of_ones_account_ever_is(world):
    """Passwords, codes, keys, addresses: neither when nobody is signed in, nor when the token is another session's."""
    urls = {url for name in GET if (url := address_of(world, name)).startswith(OWN)}
    assert len(urls) > 25
    for person in (None, "contributor", "reviewer"):
        for checks in (True, False) if person is None else (True,):
            client = SignedInClient(enforce_csrf_checks=checks, headers=OURS)
            if person:
                client.force_login(world.people[person])
            for url in urls:
                assert b"data-held" not in client.post(url, WORDS).content, url


def forms_below(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for each in form.__subclasses__():
        yield each
        yield from forms_below(each)


def test_a_form_that_takes_a_password_is_given_back_to_nobody_wherever_it_is():
    named = {
        name
        for form in forms_below(forms.BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput)
    }

    assert {"password1", "old_password"} <= named
    for name in (*named, "client_secret", "otp", "api-token", "form-0-password"):
        assert held(QueryDict(f"comment=mots&{name}=x"), MultiValueDict()) is None, name


@pytest.mark.parametrize("name", ["postal_code", "code", "part-0-code", "DOC-INT-13-value", "note-text", "passage"])
def test_ordinary_names_are_no_secrets(name):
    assert held(QueryDict(f"{name}=x"), MultiValueDict()) is not None
