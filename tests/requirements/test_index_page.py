"""/exigences/: the edition in force, what it holds, and the way to the others."""

import pytest

from questionnaires.models import Edition, PublicationStatus
from tests.requirements.reading import text_of

pytestmark = pytest.mark.once

URL = "/exigences/"


def test_a_visitor_reads_what_the_edition_in_force_holds(client, edition):
    page = client.get(URL)

    words = text_of(page)
    assert "Édition en vigueur" in words
    assert "72 exigences, dont 57 obligatoires" in words
    assert "Protection des données personnelles (56)" in words
    assert f"{URL}2026/securite/gouvernance/" in page.content.decode()
    assert f'<link rel="canonical" href="http://testserver{URL}2026/">' in page.content.decode()
    assert '<meta name="description"' in page.content.decode()


def test_it_asks_the_database_for_the_editions_alone(client, edition, django_assert_num_queries):
    client.get(URL)

    with django_assert_num_queries(2):
        client.get(URL)


def test_before_anything_is_published_it_says_so(client, db):
    page = client.get(URL)

    assert page.status_code == 503
    assert "Les exigences ne sont pas encore en ligne" in text_of(page)


def test_another_edition_is_one_link_away_with_what_changes(client, next_edition):
    page = client.get(URL).content.decode()

    assert f'href="{URL}2027/"' in page
    assert f'href="{URL}differences/?de=2026&amp;a=2027"' in page
    other = client.get(f"{URL}2027/")
    assert "n’est pas celle sur laquelle s’ouvrent les nouveaux dossiers" in text_of(other)
    assert f'href="{URL}differences/?de=2026&amp;a=2027"' in other.content.decode()


def test_a_retired_edition_stays_readable_and_says_that_it_is_retired(client, next_edition):
    Edition.objects.filter(pk=next_edition.pk).update(status=PublicationStatus.RETIRED)

    assert "Cette édition est retirée" in text_of(client.get(f"{URL}2027/"))
    assert "Cette édition est retirée" in text_of(client.get(f"{URL}2027/SEC-IDU-03/"))


@pytest.mark.parametrize(
    "path", ["2028/", "brouillon/", "brouillon/securite/", "brouillon/SEC-IDU-03/", "recherche/?edition=brouillon"]
)
def test_a_draft_is_not_there_nor_what_never_was(client, edition, path):
    Edition.objects.create(code="brouillon", title="En cours de rédaction", disclaimer="")

    assert client.get(f"{URL}{path}").status_code == 404
    assert "En cours de rédaction" not in client.get(URL).content.decode()


def test_the_home_page_and_every_footer_lead_there(client, edition):
    home, elsewhere = (client.get(path).content.decode() for path in ("/", "/mentions-legales/"))

    assert f'href="{URL}"' in home.split("<main")[1].split("</main>")[0]
    assert f'href="{URL}"' in elsewhere.split("<footer")[1]
