"""/exigences/2026/securite/: the whole questionnaire, every text open; and its themes' pages."""

import pytest

from questionnaires.queries import library_of
from tests.requirements.reading import text_of

pytestmark = pytest.mark.once

URL = "/exigences/2026/"


@pytest.mark.parametrize("slug", ["orientation", "doctrine", "securite", "rgpd-et-ethique"])
def test_every_requirement_is_there_whole_and_nothing_is_folded(client, edition, slug):
    library = library_of(edition)

    page = client.get(f"{URL}{slug}/")

    words = text_of(page)
    for question in library.questionnaire(slug).questions():
        assert f'href="{URL}{question.key}/"' in page.content.decode()
        assert " ".join(question.help.split()) in words
    assert "<details" not in page.content.decode()


def test_it_says_the_same_of_a_requirement_as_its_own_page(client, edition):
    whole = text_of(client.get(f"{URL}securite/"))

    assert "L’exigence est satisfaite à partir de 50 %. Elle pèse 2 sur 17" in whole


def test_a_theme_lists_its_requirements_and_who_must_answer(client, edition):
    page = client.get(f"{URL}securite/gouvernance/")

    words = text_of(page)
    assert "9 exigences" in words
    assert "SEC-GOV-02 · obligatoire · preuve exigée · répond d’habitude : sécurité" in words
    assert "Posée si : l’éditeur relève du secteur public ou agit pour lui." in words
    assert f'href="{URL}securite/identification-des-usagers/"' in page.content.decode()


@pytest.mark.parametrize(
    "path", ["nulle-part/", "securite/nulle-part/", "nulle-part/gouvernance/", "doctrine/gouvernance/"]
)
def test_what_is_not_in_the_edition_is_not_there(client, edition, path):
    assert client.get(f"{URL}{path}").status_code == 404


@pytest.mark.parametrize("path", ["rgpd-et-ethique/", "securite/gouvernance/"])
def test_they_ask_the_database_for_the_editions_alone(client, edition, django_assert_num_queries, path):
    client.get(f"{URL}{path}")

    with django_assert_num_queries(2):
        client.get(f"{URL}{path}")
