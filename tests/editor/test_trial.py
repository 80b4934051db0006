"""Trying a question: whether it is asked and why, what it scores; nothing is saved."""

import pytest

from questionnaires.models import QuestionRevision
from tests.editor.drafts import ELSEWHERE, FIRST, SECOND, THIRD
from tests.editor.pages import HTMX, form_of, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def attempt(client, version, key, **typed):
    essay = {f"essai-{name}": value for name, value in typed.pop("given", {}).items()}
    return words_of(client.post(url("try", version, key), {**form_of(version, key, **typed), **essay}, **HTMX))


def test_what_its_condition_reads_decides(client, version):
    assert "Elle n’est pas posée." in attempt(client, version, THIRD)
    assert "Elle est posée." in attempt(client, version, THIRD, given={FIRST: "oui"})
    assert "Elle n’est pas posée." in attempt(client, version, THIRD, given={FIRST: "non"})


def test_the_programme_decides_for_a_flag(client, version):
    assert "Elle est posée." in attempt(client, version, SECOND, given={"programme": "with_exchange"})
    assert "Elle n’est pas posée." in attempt(client, version, SECOND, given={"programme": "without_exchange"})


def test_what_is_typed_is_tried_and_nothing_is_saved(client, version):
    words = attempt(client, version, THIRD, applies_when="always")

    assert "Elle est posée." in words
    assert not QuestionRevision.objects.exists()


def test_an_answer_scores(client, version):
    assert "Score : 100,0 %" in attempt(client, version, ELSEWHERE, given={ELSEWHERE: "12,5"})
    assert "Elle n’est pas satisfaite." in attempt(client, version, ELSEWHERE, given={ELSEWHERE: "3"})


def test_several_choices_are_several(client, version):
    given = {SECOND: ["web", "ios"], "programme": "with_exchange"}

    assert "Elle est satisfaite." in attempt(client, version, SECOND, given=given)


def test_a_proof_is_asked_for_and_given(client, version):
    asked = {"evidence": "Une pièce"}

    assert "il manque la preuve" in attempt(client, version, FIRST, given={FIRST: "oui"}, **asked)
    given = {FIRST: "oui", "preuve": "on"}
    assert "Elle est satisfaite." in attempt(client, version, FIRST, given=given, **asked)


@pytest.mark.parametrize("value", ["beaucoup", "1e999", "<b>"])
def test_a_value_that_is_no_answer_is_told_and_left_out(client, version, value):
    response = client.post(
        url("try", version, ELSEWHERE), {**form_of(version, ELSEWHERE), f"essai-{ELSEWHERE}": value}, **HTMX
    )

    assert "fr-error-text" in response.content.decode()
    assert "Sans réponse." in words_of(response)
    assert "<b>" not in response.content.decode()


def test_a_choice_that_is_not_one_is_left_out(client, version):
    assert "Sans réponse." in attempt(client, version, FIRST, given={FIRST: "peut-être"})


def test_a_case_in_which_it_is_asked_is_filled(client, version):
    html = client.post(url("try", version, THIRD), {**form_of(version, THIRD), "essai-montrer": "1"}, **HTMX)

    assert "Elle est posée." in words_of(html)
    assert f'name="essai-{FIRST}" id="essai-{FIRST}-1" value="oui" checked' in html.content.decode()


def test_what_is_typed_with_errors_leaves_the_saved_question_tried(client, version):
    words = attempt(client, version, FIRST, wording="")

    assert "c’est la question enregistrée qui est essayée" in words


def test_questions_that_depend_on_it_are_told(client, version):
    assert f"{THIRD} Titre de {THIRD} : posée" in attempt(client, version, FIRST, given={FIRST: "oui"})


def test_an_edition_with_errors_is_told(client, version):
    words = attempt(client, version, FIRST, applies_when="unknown_flag")

    assert "rien ne peut être essayé" in words


def test_without_a_script_the_whole_page_comes_back_with_what_was_typed(client, version):
    typed = {**form_of(version, THIRD, title="Essayée"), f"essai-{FIRST}": "oui"}

    response = client.post(url("try", version, THIRD), typed)

    assert response.status_code == 200
    assert 'value="Essayée"' in response.content.decode()
    assert "Elle est posée." in words_of(response)
