"""/exigences/differences/: what changes from one edition to another."""

import pytest

from tests.requirements.next_year import ADDED, CHANGED, MOVED, REMOVED
from tests.requirements.reading import text_of

pytestmark = pytest.mark.once

URL = "/exigences/differences/"


def test_two_editions_are_compared_requirement_by_requirement(client, next_edition):
    page = client.get(URL, {"de": "2026", "a": "2027"})

    words = text_of(page)
    assert "Exigences : 1 ajoutée, 1 retirée, 1 déplacée, 1 modifiée." in words
    for key, happened in ((ADDED, "Ajout"), (REMOVED, "Retrait"), (MOVED, "Déplacement"), (CHANGED, "Modification")):
        assert words.index(key) < words.index(happened, words.index(key)) < words.index(key) + 200
    assert "et essayée chaque année</ins>" in page.content.decode()
    assert "Conformité à la doctrine" not in words


def test_the_other_way_round_what_came_is_what_leaves(client, next_edition):
    page = client.get(URL, {"de": "2027", "a": "2026"})

    assert "et essayée chaque année</del>" in page.content.decode()


def test_with_one_edition_there_is_nothing_to_choose(client, edition):
    page = client.get(URL)

    assert "Une seule édition est publiée" in text_of(page)
    assert "<select" not in page.content.decode().split("<main")[1]


def test_two_are_proposed_before_any_is_chosen(client, next_edition):
    page = client.get(URL).content.decode()

    assert page.count(" selected") == 2
    assert "ajoutée" not in page.split("<main")[1]


def test_an_edition_compared_with_itself_is_told_so(client, next_edition):
    assert "C’est deux fois la même édition" in text_of(client.get(URL, {"de": "2026", "a": "2026"}))


def test_an_unknown_edition_is_not_there(client, next_edition):
    assert client.get(URL, {"de": "2026", "a": "2031"}).status_code == 404


def test_it_asks_the_database_for_the_editions_alone(client, next_edition, django_assert_num_queries):
    client.get(URL, {"de": "2026", "a": "2027"})

    with django_assert_num_queries(2):
        client.get(URL, {"de": "2026", "a": "2027"})
