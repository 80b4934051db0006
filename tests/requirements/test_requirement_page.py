"""/exigences/2026/SEC-IDU-03/: one requirement, for life."""

import pytest

from questionnaires.queries import library_of
from tests.requirements.next_year import ADDED, CHANGED, REMOVED, UNCHANGED
from tests.requirements.reading import text_of

pytestmark = pytest.mark.once

URL = "/exigences/2026/"


def test_it_says_all_that_the_questionnaire_says_of_it(client, edition):
    question = library_of(edition).entries["SEC-IDU-03"].question

    words = text_of(client.get(f"{URL}SEC-IDU-03/"))

    said = (question.title, question.wording, question.asked, question.why, question.help, question.accepted_example)
    for text in (*said, question.refused_example, question.reference):
        assert " ".join(text.split()) in words


def test_it_says_in_french_who_must_answer_and_how_it_is_scored(client, edition):
    words = text_of(client.get(f"{URL}SEC-IDU-03/"))

    assert "Elle est posée si le service traite des données de santé." in words
    assert "« Le service, ou son prestataire, héberge des données de santé » : quand la réponse à" in words
    assert "Faible, avec second facteur 50 %" in words
    assert "L’exigence est satisfaite à partir de 50 %. Elle pèse 2 sur 17 dans le score de son thème" in words
    assert "Référence à vérifier" in words


@pytest.mark.parametrize("key", ["SEC-GOV-02", "SEC-GOV-04", "SEC-GOV-07", "DOC-INT-01", "ORI-DON-01", "SEC-GOV-01"])
def test_each_kind_of_answer_has_its_words(client, edition, key):
    assert "Comment elle est notée" in text_of(client.get(f"{URL}{key}/"))


def test_it_has_a_title_a_canonical_address_and_a_breadcrumb(client, edition):
    page = client.get(f"{URL}SEC-IDU-03/").content.decode()

    assert "<title>SEC-IDU-03 Niveau de garantie eIDAS – Édition 2026 – Convergence</title>" in page
    assert f'<link rel="canonical" href="http://testserver{URL}SEC-IDU-03/">' in page
    assert page.index(f'href="{URL}"') < page.index(f'href="{URL}securite/"')
    assert f'href="{URL}securite/identification-des-usagers/"' in page
    assert f"http://testserver{URL}SEC-IDU-03/</code>" in page


def test_its_neighbours_are_one_link_away_across_themes_and_questionnaires(client, edition):
    page = client.get(f"{URL}SEC-GOV-01/").content.decode()

    assert f'href="{URL}DOC-INT-17/"' in page
    assert f'href="{URL}SEC-GOV-02/"' in page
    assert client.get(f"{URL}ORI-DON-01/").content.decode().count("fr-icon-arrow-left-line") == 0


@pytest.mark.parametrize("key", ["SEC-IDU-99", "DIA-01", "A-1"])
def test_an_unknown_key_is_not_there(client, edition, key):
    assert client.get(f"{URL}{key}/").status_code == 404


def test_a_key_in_small_letters_leads_to_its_address(client, edition):
    response = client.get(f"{URL}sec-idu-03/")

    assert (response.status_code, response.url) == (301, f"{URL}SEC-IDU-03/")


def test_what_changed_in_another_edition_is_told_word_by_word(client, next_edition):
    for code in ("2026", "2027"):
        page = client.get(f"/exigences/{code}/{CHANGED}/")

        assert "Ce qui a changé de « Édition 2026 » à « Édition 2027 »" in text_of(page)
        assert "et essayée chaque année</ins>" in page.content.decode()
    assert "dans les mêmes termes" in text_of(client.get(f"{URL}{UNCHANGED}/"))


def test_what_is_in_one_edition_only_says_nothing_of_the_other(client, next_edition):
    assert "Dans les autres éditions" not in text_of(client.get(f"{URL}{REMOVED}/"))
    assert client.get(f"/exigences/2027/{REMOVED}/").status_code == 404
    assert client.get(f"{URL}{ADDED}/").status_code == 404
    assert client.get(f"/exigences/2027/{ADDED}/").status_code == 200


def test_editions_that_share_a_version_have_one_canonical_address_for_it(client, next_edition):
    shared = client.get("/exigences/2027/DOC-ELI-01/").content.decode()
    own = client.get(f"/exigences/2027/{CHANGED}/").content.decode()

    assert '<link rel="canonical" href="http://testserver/exigences/2026/DOC-ELI-01/">' in shared
    assert f'<link rel="canonical" href="http://testserver/exigences/2027/{CHANGED}/">' in own


def test_it_asks_the_database_for_the_editions_alone(client, next_edition, django_assert_num_queries):
    client.get(f"{URL}{CHANGED}/")

    with django_assert_num_queries(2):
        client.get(f"{URL}{CHANGED}/")
