"""/exigences/recherche/: find a requirement by its words, its code, and what it is."""

import re

import pytest

from tests.requirements.reading import text_of

pytestmark = pytest.mark.once

URL = "/exigences/recherche/"


def keys_of(response) -> list[str]:
    return re.findall(
        r'<h3 class="requirements__title"><a href="/exigences/2026/([A-Z0-9-]+)/">', response.content.decode()
    )


def test_words_are_found_whatever_their_accents_case_and_number_and_marked(client, edition):
    page = client.get(URL, {"q": "JOURNAL securite"})

    assert "SEC-TRA-03" in keys_of(page)
    assert "<mark>journaux</mark>" in page.content.decode()
    assert keys_of(page) == keys_of(client.get(URL, {"q": "journaux sécurité"}))


@pytest.mark.parametrize("typed", ["SEC-IDU-03", "sec idu 3", "secidu03", "Sec.Idu.3", " sec-idu-3 ", "idu 03", "IDU3"])
def test_a_key_is_found_however_it_is_typed_and_comes_first(client, edition, typed):
    assert keys_of(client.get(URL, {"q": typed}))[0] == "SEC-IDU-03"


def test_filters_are_combined_and_kept_in_the_address(client, edition):
    asked = {"questionnaire": "ETH", "niveau": "mandatory", "preuve": "oui", "q": "accessibilité"}

    page = client.get(URL, asked)

    assert keys_of(page)
    assert all(key.startswith("ETH-") for key in keys_of(page))
    assert page.content.decode().count(" selected") == 3


def test_requirements_are_filtered_by_what_decides_of_them(client, edition):
    found = keys_of(client.get(URL, {"profil": "ai"}))

    assert "ETH-EIA-01" in found
    assert "SEC-GOV-01" not in found


def test_by_who_answers(client, edition):
    words = text_of(client.get(URL, {"repond": "medical"}))

    assert "7 exigences trouvées" in words


def test_all_of_them_stay_readable_page_by_page(client, edition):
    first = client.get(URL, {"questionnaire": "SEC"})
    second = client.get(URL, {"questionnaire": "SEC", "page": "2"})

    assert "72 exigences trouvées" in text_of(first)
    assert len({*keys_of(first), *keys_of(second)}) == 72
    assert "?questionnaire=SEC&amp;page=2" in first.content.decode()


def test_nothing_found_says_what_to_do(client, edition):
    page = client.get(URL, {"q": "girafe", "niveau": "mandatory"})

    assert "Aucune exigence ne contient « girafe » parmi celles que vous avez retenues." in text_of(page)
    assert "Essayez un seul mot, ou son début" in text_of(page)
    assert "?edition=2026&amp;q=girafe" in page.content.decode()


@pytest.mark.parametrize(
    "asked", [{"niveau": "tous"}, {"page": "douze"}, {"profil": "x' OR 1=1"}, {"q": "\x00"}, {"q": "(.*"}]
)
def test_what_makes_no_sense_breaks_nothing(client, edition, asked):
    assert client.get(URL, asked).status_code == 200


def test_what_is_typed_is_never_trusted(client, edition):
    page = client.get(URL, {"q": "<script>alert(1)</script>", "page": '"><b>'}).content.decode()

    assert "<script>alert" not in page
    assert "><b>" not in page


def test_another_edition_is_searched_where_the_address_says_so(client, next_edition):
    page = client.get(URL, {"q": "SEC-GOV-99", "edition": "2027"}).content.decode()

    assert "/exigences/2027/SEC-GOV-99/" in page
    assert "Aucune exigence" in text_of(client.get(URL, {"q": "SEC-GOV-99"}))


def test_it_asks_the_database_for_the_editions_alone(client, edition, django_assert_num_queries):
    client.get(URL)

    with django_assert_num_queries(2):
        client.get(URL, {"q": "données"})
