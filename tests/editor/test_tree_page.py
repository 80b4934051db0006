"""A version as a tree: read, put in order, added to, taken from."""

from dataclasses import replace

import pytest

from questionnaires.models import Question
from questionnaires.operations.questions import save_question, take_out
from questionnaires.operations.themes import add_theme
from questionnaires.operations.typing import keep_question_draft, write_remark
from tests.editor.drafts import (
    ELSEWHERE,
    FIRST,
    SECOND,
    THIRD,
    a_draft,
    content_of,
    order_of,
    publish,
)
from tests.editor.pages import HTMX, form_of, queries, shown, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def keys(version):
    return {theme: [key for _rank, key in rows] for theme, rows in order_of(version).items()}


def test_the_tree_says_what_each_question_is_and_when_it_is_asked(client, version):
    words = shown(client, url("version", version))

    assert f"{SECOND} Titre de {SECOND} obligatoire · posée si il a une application" in words
    assert "4 questions" in words


def test_remarks_and_drafts_are_told_where_they_are(client, version, editor, colleague):
    write_remark(version=version, key=FIRST, text="À revoir.", by=colleague)
    for person, key in ((colleague, SECOND), (editor, THIRD), (colleague, THIRD)):
        keep_question_draft(version=version, key=key, typed={}, base_revision=0, by=person)

    words = shown(client, url("version", version))

    assert f"Titre de {FIRST} obligatoire · 1 remarque" in words
    assert "Noa Collègue y écrit" in words
    assert words.count("vous avez un brouillon") == 1


def test_what_is_wrong_is_told_at_its_question(client, version, editor):
    content = replace(content_of(version, FIRST), reference="")
    save_question(version=version, content=content, base_revision=0, by=editor)

    assert "fr-error-text" in client.get(url("version", version)).content.decode()


@pytest.mark.parametrize(
    ("key", "way", "expected"),
    [
        (SECOND, "up", {"Q-A": [SECOND, FIRST, THIRD], "Q-B": [ELSEWHERE]}),
        (FIRST, "down", {"Q-A": [SECOND, FIRST, THIRD], "Q-B": [ELSEWHERE]}),
        (SECOND, "down", {"Q-A": [FIRST, THIRD, SECOND], "Q-B": [ELSEWHERE]}),
        # From theme to theme.
        (ELSEWHERE, "up", {"Q-A": [FIRST, SECOND, THIRD, ELSEWHERE], "Q-B": []}),
        (THIRD, "down", {"Q-A": [FIRST, SECOND], "Q-B": [THIRD, ELSEWHERE]}),
        # There is nowhere further.
        (FIRST, "up", {"Q-A": [FIRST, SECOND, THIRD], "Q-B": [ELSEWHERE]}),
        (ELSEWHERE, "down", {"Q-A": [FIRST, SECOND, THIRD], "Q-B": [ELSEWHERE]}),
    ],
)
def test_arrows_move_a_question_one_place(client, version, key, way, expected):
    response = client.post(url("shift", version, key), {way: "1"})

    assert (response.status_code, response.url) == (302, url("version", version))
    assert keys(version) == expected


def test_an_empty_theme_is_passed_through(client, version, editor):
    add_theme(version=version, code="Q-C", slug="c", title="C", description="", part=None, by=editor)

    client.post(url("shift", version, ELSEWHERE), {"down": "1"})

    assert keys(version) == {"Q-A": [FIRST, SECOND, THIRD], "Q-B": [], "Q-C": [ELSEWHERE]}


def test_a_question_is_dragged_before_another_one(client, version):
    response = client.post(url("move", version, THIRD), {"theme": "Q-B", "before": ELSEWHERE}, **HTMX)

    assert keys(version)["Q-B"] == [THIRD, ELSEWHERE]
    html = response.content.decode()
    assert (response.status_code, "<html" in html) == (200, False)
    assert f'<p class="editor-said" role="status">{THIRD} a changé de place. Son thème\N{NO-BREAK SPACE}:' in html


def test_without_a_script_moving_leads_back_to_the_page(client, version):
    response = client.post(url("move", version, THIRD), {"theme": "Q-B"}, follow=True)

    assert response.redirect_chain == [(url("version", version), 302)]
    assert f"{THIRD} a changé de place." in words_of(response)


@pytest.mark.parametrize("sent", [{"theme": "Q-Z"}, {"theme": "Q-A", "before": ELSEWHERE}, {}])
def test_a_place_that_went_away_is_told_and_the_page_is_as_it_stands(client, version, sent):
    before = keys(version)

    fragment = client.post(url("move", version, FIRST), sent, **HTMX)
    page = client.post(url("move", version, FIRST), sent, follow=True)

    assert "Un collègue a changé cette page entre-temps" in words_of(fragment)
    assert "Un collègue a changé cette page entre-temps" in words_of(page)
    assert keys(version) == before


def test_themes_are_moved_by_arrows(client, version):
    client.post(url("shift-theme", version, "Q-B"), {"up": "1"})
    assert list(keys(version)) == ["Q-B", "Q-A"]

    response = client.post(url("shift-theme", version, "Q-B"), {"down": "1"}, **HTMX)
    assert list(keys(version)) == ["Q-A", "Q-B"]
    assert "Le thème Q-B a changé de place." in words_of(response)


# --- New, taken out, brought back -------------------------------------------------------------------


def test_the_next_key_is_proposed_and_those_that_were_taken_out_stay_taken(client, version, editor):
    page = client.get(url("new-question", version, "Q-A"))
    assert page.context["form"]["key"].value() == "Q-A-04"

    take_out(version=version, key=THIRD, by=editor)
    page = client.get(url("new-question", version, "Q-A"))
    assert page.context["form"]["key"].value() == "Q-A-04"


def test_a_new_question_is_opened_to_be_written(client, version):
    typed = {"key": "Q-A-04", "title": "Neuve", "type": "yes_no"}

    response = client.post(url("new-question", version, "Q-A"), typed)

    assert response.url == url("question", version, "Q-A-04")
    assert client.get(response.url).status_code == 200
    assert [choice.value for choice in content_of(version, "Q-A-04").choices] == ["oui", "non"]


@pytest.mark.parametrize(
    ("key", "said"),
    [(FIRST, "désigne ou a désigné une autre question"), ("q-a", "Écrivez des majuscules"), ("", "Donnez une clé")],
)
def test_a_key_that_cannot_be_is_told_beside_what_was_typed(client, version, key, said):
    response = client.post(url("new-question", version, "Q-A"), {"key": key, "title": "<b>", "type": "text"})

    assert response.status_code == 422
    assert said in words_of(response)
    assert 'value="&lt;b&gt;"' in response.content.decode()
    assert Question.objects.count() == 4


def test_a_key_that_was_taken_out_is_not_given_again(client, version, editor):
    take_out(version=version, key=THIRD, by=editor)

    response = client.post(url("new-question", version, "Q-A"), {"key": THIRD, "title": "Neuve", "type": "text"})

    assert response.status_code == 422


def test_taking_out_asks_first_and_names_the_conditions_that_read_it(client, version):
    words = shown(client, url("take-out", version, FIRST))

    assert f"Retirer {FIRST} ?" in words
    assert f"seront à corriger : {THIRD}." in words
    assert FIRST in keys(version)["Q-A"]


def test_what_was_taken_out_is_at_the_foot_of_the_page_and_comes_back(client, version):
    client.post(url("take-out", version, ELSEWHERE))
    assert f"Remettre {ELSEWHERE}" in shown(client, url("version", version))

    response = client.post(url("bring-back", version), {"key": ELSEWHERE, "theme": "Q-A"})

    assert response.url == url("question", version, ELSEWHERE)
    assert keys(version)["Q-A"][-1] == ELSEWHERE


# --- Published, and at length -----------------------------------------------------------------------


@pytest.mark.parametrize("script", [{}, HTMX])
@pytest.mark.parametrize("name", ["move", "shift", "take-out"])
def test_a_published_tree_does_not_move(client, version, name, script):
    before = keys(publish(version))

    response = client.post(url(name, version, FIRST), {"theme": "Q-B"}, follow=True, **script)

    assert "Cette version est publiée" in words_of(response)
    assert keys(version) == before


def test_a_published_tree_has_no_tools(client, version):
    html = client.get(url("version", publish(version))).content.decode()

    for tool in ("draggable", "Monter", "Ajouter une question", "Renommer"):
        assert tool not in html, tool


def test_titles_are_words(client, version, editor):
    client.post(url("question", version, FIRST), form_of(version, title="<script>alert(1)</script>"))

    assert "<script>alert(1)" not in client.get(url("version", version)).content.decode()


def test_the_tree_asks_as_much_for_many_questions(client, version):
    few = queries(client, url("version", version))

    assert queries(client, url("version", a_draft("2028", more=40))) == few
