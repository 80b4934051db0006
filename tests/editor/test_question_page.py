"""The page of one question: read, typed, saved; what was typed is never lost."""

from dataclasses import replace

import pytest
from django.urls import reverse

from questionnaires.models import QuestionDraft, QuestionRevision
from questionnaires.operations.questions import bring_back, save_question, take_out
from questionnaires.operations.typing import keep_question_draft
from tests.editor.drafts import FIRST, SECOND, THIRD, a_draft, content_of, publish
from tests.editor.pages import form_of, queries, shown, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def saved_by(colleague, version, **fields):
    content = replace(content_of(version, FIRST), **fields)
    return save_question(version=version, content=content, base_revision=0, by=colleague)


def test_a_save_leads_back_to_the_question_and_says_so(client, version, editor):
    response = client.post(url("question", version, FIRST), form_of(version, title="Suivi"), follow=True)

    assert response.redirect_chain == [(url("question", version, FIRST), 302)]
    assert f"{FIRST} est enregistrée." in words_of(response)
    assert content_of(version, FIRST).title == "Suivi"
    assert QuestionRevision.objects.get(number=1).saved_by == editor


def test_a_form_that_nobody_touched_saves_nothing_and_says_so(client, version):
    response = client.post(url("question", version, FIRST), form_of(version), follow=True)

    assert "Rien n’avait changé" in words_of(response)
    assert not QuestionRevision.objects.exists()


def test_what_was_typed_stays_beside_what_is_wrong_with_it(client, version):
    typed = form_of(version, title="<b>Suivi</b>", wording="", weight="lourd")

    response = client.post(url("question", version, FIRST), typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="&lt;b&gt;Suivi&lt;/b&gt;"' in html
    assert 'value="lourd"' in html
    assert "Écrivez la question telle qu’elle sera posée." in words_of(response)
    assert not QuestionRevision.objects.exists()


@pytest.mark.parametrize(
    "left_out",
    [
        ("choices-TOTAL_FORMS",),
        ("choices-TOTAL_FORMS", "choices-INITIAL_FORMS", "thresholds-TOTAL_FORMS", "thresholds-INITIAL_FORMS"),
        ("type",),
    ],
)
def test_a_form_cut_short_is_told_and_nothing_is_saved(client, version, left_out):
    typed = {name: value for name, value in form_of(version, title="Suivi").items() if name not in left_out}

    response = client.post(url("question", version, FIRST), typed)

    assert response.status_code == 422
    assert content_of(version, FIRST).title == f"Titre de {FIRST}"


def test_nothing_at_all_is_told_too(client, version):
    assert client.post(url("question", version, FIRST), {"title": "Suivi"}).status_code == 422


@pytest.mark.parametrize("base", ["", "-1", "x", "9" * 5000, "²"])
def test_a_base_that_means_nothing_overwrites_nothing(client, version, colleague, base):
    saved_by(colleague, version, title="De Noa")

    typed = {**form_of(version, title="De Claude"), "base": base}
    response = client.post(url("question", version, FIRST), typed)

    assert response.status_code == 409
    assert content_of(version, FIRST).title == "De Noa"


# --- A colleague saved meanwhile --------------------------------------------------------------------


def test_a_conflict_shows_who_and_what_and_keeps_what_was_typed(client, version, colleague):
    typed = form_of(version, title="De <Claude>")
    saved_by(colleague, version, title="De <Noa>", why="Parce que.")

    response = client.post(url("question", version, FIRST), typed)

    html, words = response.content.decode(), words_of(response)
    assert response.status_code == 409
    assert 'value="De &lt;Claude&gt;"' in html
    assert "De &lt;Noa&gt;" in html
    assert "<Noa>" not in html
    assert "Noa Collègue a enregistré cette question après que vous l’avez ouverte." in words
    assert "est déjà dans le formulaire : pourquoi." in words
    assert content_of(version, FIRST).title == "De <Noa>"


def test_after_a_conflict_the_next_save_keeps_what_the_colleague_changed_elsewhere(client, version, colleague):
    typed = form_of(version, title="De Claude")
    saved_by(colleague, version, title="De Noa", why="Parce que.")
    page = client.post(url("question", version, FIRST), typed)

    form = {field.html_name: field.value() for field in page.context["form"] if field.value() not in (None, False)}
    rows = {name: value for name, value in typed.items() if name.startswith(("choices-", "thresholds-"))}
    client.post(url("question", version, FIRST), {**rows, **form, "base": page.context["base"]})

    stands = content_of(version, FIRST)
    assert (stands.title, stands.why) == ("De Claude", "Parce que.")


def test_what_the_colleague_alone_changed_is_kept_and_told(client, version, colleague):
    typed = form_of(version, title="De Claude")
    saved_by(colleague, version, why="Parce que.")

    response = client.post(url("question", version, FIRST), typed, follow=True)

    assert "Un collègue avait changé ceci entre-temps, et c’est gardé : pourquoi." in words_of(response)
    assert (content_of(version, FIRST).title, content_of(version, FIRST).why) == ("De Claude", "Parce que.")


def test_what_was_typed_for_a_question_that_was_taken_out_comes_back_with_it(client, version, colleague):
    typed = form_of(version, title="De Claude")
    take_out(version=version, key=FIRST, by=colleague)

    response = client.post(url("question", version, FIRST), typed, follow=True)
    assert "ce que vous avez tapé est gardé" in words_of(response)

    bring_back(version=version, key=FIRST, theme="Q-A", by=colleague)
    assert 'value="De Claude"' in client.get(url("question", version, FIRST)).content.decode()


# --- Drafts -----------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_taken_up(client, version, editor):
    kept = client.post(url("keep-draft", version, FIRST), form_of(version, title="À <demi>"))
    assert "Brouillon gardé à" in words_of(kept)
    assert content_of(version, FIRST).title == f"Titre de {FIRST}"

    page = client.get(url("question", version, FIRST))
    assert 'value="À &lt;demi&gt;"' in page.content.decode()
    assert "Vous reprenez votre brouillon" in words_of(page)
    assert not {"csrfmiddlewaretoken", "base"} & QuestionDraft.objects.get().typed.keys()


def test_a_draft_is_given_up(client, version, editor):
    client.post(url("keep-draft", version, FIRST), form_of(version, title="À demi"))

    response = client.post(url("give-up-draft", version, FIRST), follow=True)

    assert "Votre brouillon est abandonné." in words_of(response)
    assert "À demi" not in words_of(client.get(url("question", version, FIRST)))
    assert not QuestionDraft.objects.exists()


def test_a_draft_from_before_a_colleagues_save_says_so_and_merges(client, version, colleague):
    client.post(url("keep-draft", version, FIRST), form_of(version, title="De Claude"))
    saved_by(colleague, version, why="Parce que.")

    page = client.get(url("question", version, FIRST))
    assert "La question a changé depuis" in words_of(page)
    assert page.context["base"] == 0

    client.post(url("question", version, FIRST), {**QuestionDraft.objects.get().typed, "base": "0"})
    assert (content_of(version, FIRST).title, content_of(version, FIRST).why) == ("De Claude", "Parce que.")


@pytest.mark.parametrize("typed", [{}, {"title": ["Seul"]}, {"choices-0-label": ["Oui"]}, {"type": ["number"]}])
def test_a_draft_that_lacks_half_of_its_form_is_shown(client, version, editor, typed):
    keep_question_draft(version=version, key=FIRST, typed=typed, base_revision=0, by=editor)

    assert client.get(url("question", version, FIRST)).status_code == 200


def test_somebody_elses_draft_is_told_and_never_shown(client, version, colleague):
    keep_question_draft(version=version, key=FIRST, typed={"title": ["Secret"]}, base_revision=0, by=colleague)

    words = shown(client, url("question", version, FIRST))

    assert "Noa Collègue a un brouillon sur cette question" in words
    assert "Secret" not in words


def test_a_draft_of_a_question_that_was_taken_out_is_kept_and_told(client, version, colleague):
    typed = form_of(version, title="De Claude")
    take_out(version=version, key=FIRST, by=colleague)

    kept = client.post(url("keep-draft", version, FIRST), typed)

    assert "ce que vous tapez est gardé" in words_of(kept)
    assert QuestionDraft.objects.get().typed["title"] == ["De Claude"]


# --- Published --------------------------------------------------------------------------------------


def test_a_published_question_is_read_and_not_written(client, version):
    publish(version)

    html = client.get(url("question", version, FIRST)).content.decode()

    assert '<fieldset class="editor-all" disabled>' in html
    assert "Enregistrer la question" not in html


def test_a_version_published_meanwhile_takes_nothing_and_what_was_typed_stays(client, version):
    typed = form_of(version, title="Trop tard")
    publish(version)

    response = client.post(url("question", version, FIRST), typed)

    assert response.status_code == 409
    assert 'value="Trop tard"' in response.content.decode()
    assert "Cette version est publiée : rien n’a été enregistré." in words_of(response)
    kept = client.post(url("keep-draft", version, FIRST), typed)
    assert "ce que vous tapez ne s’y enregistrera plus" in words_of(kept)


# --- The rest of the page ---------------------------------------------------------------------------


def test_hostile_words_are_words(client, version, editor):
    hostile = "</script><script>alert(1)</script>"
    saved_by(editor, version, title=hostile, wording=hostile, help=hostile)

    html = client.get(url("question", version, FIRST)).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    ("key", "before", "after"), [(FIRST, None, SECOND), (THIRD, SECOND, "Q-B-01"), ("Q-B-01", THIRD, None)]
)
def test_the_neighbours_are_those_of_the_screen(client, version, key, before, after):
    context = client.get(url("question", version, key)).context

    assert (context["previous"], context["following"]) == (before, after)


@pytest.mark.parametrize("name", ["question", "saves"])
@pytest.mark.parametrize("where", [("Q", "9", FIRST), ("Z", "2027.1", FIRST), ("Q", "2027.1", "Q-A-99")])
def test_what_is_not_there_is_not_found(client, version, name, where):
    assert client.get(reverse(f"questionnaires:{name}", args=where)).status_code == 404


def test_the_page_asks_as_much_for_many_questions(client, version):
    few = queries(client, url("question", version, FIRST))

    assert queries(client, url("question", a_draft("2028", more=40), FIRST)) == few
