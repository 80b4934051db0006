"""A page that did not change is not sent again; one that did, always is."""

from datetime import timedelta

import pytest
import time_machine

from questionnaires.models import Edition

pytestmark = pytest.mark.once

PAGES = [
    "/exigences/",
    "/exigences/2026/SEC-IDU-03/",
    "/exigences/recherche/?q=sauvegarde",
    "/exigences/2026/securite/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_that_has_the_page_is_told_that_it_has_not_changed(client, edition, path):
    first = client.get(path)

    again = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in first["Cache-Control"]
    assert "private" in again["Cache-Control"]
    assert "Cookie" in again["Vary"]


@pytest.mark.parametrize("path", PAGES)
def test_what_changes_of_an_edition_or_beside_it_changes_the_page(client, edition, path):
    known = client.get(path)["ETag"]

    Edition.objects.filter(pk=edition.pk).update(disclaimer="Lisez ceci d’abord.")

    assert client.get(path, headers={"if-none-match": known}).status_code == 200


def test_another_edition_in_force_changes_them_all(client, next_edition):
    known = client.get("/exigences/")["ETag"]

    with time_machine.travel(next_edition.effective_on + timedelta(days=1)):
        page = client.get("/exigences/", headers={"if-none-match": known})

    assert "Édition 2027</h1>" in page.content.decode()


def test_a_signed_in_persons_page_is_kept_nowhere(client, edition, contributor):
    known = client.get("/exigences/")["ETag"]
    client.force_login(contributor)

    page = client.get("/exigences/", headers={"if-none-match": known})

    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert not page.has_header("ETag")
