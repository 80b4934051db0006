"""The questions of a dossier that hold some words."""

from django.urls import reverse

from assessments.filing import Filing
from assessments.question_search import search
from tests.assessments.saving import save
from tests.dossiers.pages import text_of
from ui.search_words import Words


def keys(dossier, typed):
    return [str(found.url).split("#")[1] for _theme, each in search(Filing(dossier), Words.of(typed)) for found in each]


def test_every_word_must_be_there_in_a_key_a_wording_or_what_was_typed(dossier, contributor):
    save(dossier, "SEC-EXP-04", "oui", by=contributor, comment="Voir le classeur « Éléphant » de l’équipe.")

    assert keys(dossier, "sec-exp-04") == ["SEC-EXP-04"]
    assert keys(dossier, "elephant classeur") == ["SEC-EXP-04"]
    assert keys(dossier, "elephant girafe") == []
    assert keys(dossier, " ") == []


def test_a_hidden_question_is_not_found(blank_dossier):
    assert "SEC-EXP-05" not in keys(blank_dossier, "SEC-EXP")
    assert "SEC-EXP-04" in keys(blank_dossier, "SEC-EXP")


def test_the_page_says_what_was_found_where_and_what_to_do_when_nothing_was(
    client, contributor, dossier, django_assert_num_queries
):
    save(dossier, "SEC-EXP-04", "oui", by=contributor, comment="Voir le classeur « Éléphant ».")
    client.force_login(contributor)
    url = reverse("dossiers:search", args=[dossier.number])

    with django_assert_num_queries(9):
        found = client.get(url, {"q": "elephant"})
    assert "Une question contient « elephant »." in text_of(found)
    assert "<mark>Éléphant</mark>" in found.content.decode()
    assert f"/dossiers/{dossier.number}/securite/exploitation/#SEC-EXP-04" in found.content.decode()
    assert "Aucune question posée" in text_of(client.get(url, {"q": "zèbre"}))
    assert "Écrivez un ou plusieurs mots" in text_of(client.get(url))
