"""Who changed what: the saves of a question, the journal of a version, what differs, remarks, and the preview."""

from dataclasses import replace

import pytest
from django.urls import reverse

from questionnaires.models import Remark
from questionnaires.operations.editions import begin_edition
from questionnaires.operations.questions import move_question, save_question, take_out
from questionnaires.operations.typing import write_remark
from tests.editor.drafts import ELSEWHERE, FIRST, a_draft, content_of, edition_of, publish
from tests.editor.pages import queries, shown, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def save(version, by, title, base=0):
    content = replace(content_of(version, FIRST), title=title)
    return save_question(version=version, content=content, base_revision=base, by=by)


def test_each_save_is_told_with_its_author_and_what_it_changed(client, version, colleague):
    save(version, colleague, "De <Noa>")

    page = client.get(url("saves", version, FIRST))

    assert "Noa Collègue" in words_of(page)
    assert "État de départ du brouillon" in words_of(page)
    assert "&lt;Noa&gt;" in page.content.decode()
    assert "<Noa>" not in page.content.decode()


def test_a_state_is_restored_from_its_history(client, version, colleague):
    save(version, colleague, "De Noa")

    response = client.post(url("restore", version, FIRST, 0), follow=True)

    assert "La question est rétablie." in words_of(response)
    assert content_of(version, FIRST).title == f"Titre de {FIRST}"


def test_a_question_that_was_taken_out_has_its_history_still(client, version, editor):
    take_out(version=version, key=FIRST, by=editor)

    assert "Cette question est retirée du brouillon" in shown(client, url("saves", version, FIRST))
    assert "remettez-la d’abord" in words_of(client.post(url("restore", version, FIRST, 0), follow=True))


def test_a_question_that_nobody_saved_has_an_empty_history(client, version):
    assert "Rien n’a changé" in shown(client, url("saves", version, FIRST))


def test_a_published_question_is_not_restored(client, version, editor):
    save(version, editor, "Deux")
    publish(version)

    assert "Rétablir cet état" not in shown(client, url("saves", version, FIRST))
    assert "plus rien n’y change" in words_of(client.post(url("restore", version, FIRST, 0), follow=True))
    assert content_of(version, FIRST).title == "Deux"


def test_the_journal_says_who_did_what(client, version, editor, colleague):
    save(version, colleague, "Deux")
    move_question(version=version, key=ELSEWHERE, theme="Q-A", before=None, by=editor)

    words = shown(client, url("journal", version))

    assert "Noa Collègue" in words
    assert "a modifié une question d’un brouillon" in words
    assert words.index("a déplacé une question") < words.index("a modifié une question")


def test_the_journal_asks_as_much_for_many_acts(client, version, editor):
    save(version, editor, "Titre 0")
    few = queries(client, url("journal", version))
    for number in range(1, 12):
        save(version, editor, f"Titre {number}", base=number)

    assert queries(client, url("journal", version)) == few


def test_the_first_version_has_nothing_to_be_compared_with(client, version):
    assert "Rien à comparer" in shown(client, url("differences", version))


def test_a_copy_differs_by_what_was_written_in_it(client, version, editor):
    edition = begin_edition(source=edition_of(publish(version)), code="2028", title="2028", by=editor)
    copy = edition.versions.get()
    assert "Aucune question n’a changé." in shown(client, url("differences", copy))

    save(copy, editor, "Autre <b>")

    page = client.get(url("differences", copy), {"avec": "2027.1"})
    assert FIRST in words_of(page)
    assert "<b>" not in page.content.decode().split("<h1")[1]
    assert client.get(url("differences", copy), {"avec": "9"}).status_code == 404


def test_a_remark_is_written_read_and_settled(client, version, editor):
    client.post(url("remark", version, FIRST), {"text": "Est-ce <vrai> ?"})
    client.post(url("remark-version", version), {"text": "Tout est à relire."})

    page = client.get(url("question", version, FIRST))
    assert "Est-ce &lt;vrai&gt;" in page.content.decode()
    assert "Tout est à relire." in shown(client, url("version", version))
    client.post(url("settle-remark", version, Remark.objects.get(key=FIRST).pk))
    assert "réglée par" in shown(client, url("question", version, FIRST))


@pytest.mark.parametrize("text", ["", "x" * 2001])
def test_a_remark_that_cannot_be_is_told(client, version, text):
    words = words_of(client.post(url("remark", version, FIRST), {"text": text}, follow=True))

    assert "Votre remarque n’est pas enregistrée" in words
    assert not Remark.objects.exists()


def test_a_remark_of_another_version_is_not_settled_from_here(client, version, editor):
    remark = write_remark(version=version, key="", text="Ici.", by=editor)
    other = a_draft("2028")

    assert client.post(url("settle-remark", other, remark.pk)).status_code == 404
    assert client.post(url("remark", other, "Q-Z-99"), {"text": "Rien."}).status_code == 404
    remark.refresh_from_db()
    assert remark.settled_at is None


def test_the_preview_draws_the_questions_as_publishers_see_them(client, version):
    address = reverse("previews:start", args=["Q", version.number])

    assert "Le service est-il suivi ?" in shown(client, address)
    assert "Combien ?" in shown(client, f"{address}?theme=Q-B")
    assert client.get(address, {"theme": "Q-Z"}).status_code == 404


def test_the_preview_asks_as_much_for_many_questions(client, version):
    few = queries(client, f"{reverse('previews:start', args=['Q', version.number])}?theme=Q-B")
    many = a_draft("2028", more=40)

    assert queries(client, f"{reverse('previews:start', args=['Q', many.number])}?theme=Q-B") == few
