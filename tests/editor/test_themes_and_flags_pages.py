"""The pages of themes and flags: written, told of a colleague's change, never overwritten unseen."""

import pytest
from django.urls import reverse

from questionnaires.operations.flags import save_flag
from questionnaires.operations.questions import take_out
from questionnaires.operations.themes import save_theme
from tests.editor.drafts import ELSEWHERE, FIRST, edition_of, publish
from tests.editor.pages import shown, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def flag_url(name, *more):
    return reverse(f"questionnaires:{name}", args=["2027", *more])


def test_a_theme_is_added_with_an_address_made_of_its_title(client, version):
    response = client.post(
        url("new-theme", version), {"code": "Q-C", "title": "Éthique & numérique", "description": ""}
    )

    assert response.url == url("version", version)
    assert version.themes.get(code="Q-C").slug == "ethique-numerique"


@pytest.mark.parametrize(
    ("code", "title", "said"),
    [("Q-A", "Neuf", "porte ce code"), ("q c", "Neuf", "Écrivez des majuscules"), ("Q-C", "", "Donnez un titre")],
)
def test_a_theme_that_cannot_be_is_told(client, version, code, title, said):
    response = client.post(url("new-theme", version), {"code": code, "title": title})

    assert response.status_code == 422
    assert said in words_of(response)
    assert version.themes.count() == 2


@pytest.mark.parametrize("base", ["0", "", "9" * 5000])
def test_a_theme_that_a_colleague_renamed_is_not_overwritten_unseen(client, version, colleague, base):
    save_theme(
        version=version, code="Q-A", title="De <Noa>", description="Ici.", part=None, base_revision=0, by=colleague
    )

    typed = {"title": "De Claude", "description": "Là.", "base": base}
    response = client.post(url("theme", version, "Q-A"), typed)

    html = response.content.decode()
    assert response.status_code == 409
    assert "De &lt;Noa&gt;" in html
    assert 'value="De Claude"' in html
    client.post(url("theme", version, "Q-A"), {**typed, "base": "1"})
    assert version.themes.get(code="Q-A").title == "De Claude"


def test_a_theme_with_questions_is_not_removed(client, version, editor):
    words = words_of(client.post(url("remove-theme", version, "Q-B"), follow=True))
    assert "Ce thème a des questions" in words

    take_out(version=version, key=ELSEWHERE, by=editor)
    words = words_of(client.post(url("remove-theme", version, "Q-B"), follow=True))
    assert "Le thème est retiré." in words


def test_flags_are_read_in_french_with_what_reads_them(client, version):
    words = shown(client, flag_url("flags"))

    assert "mobile Il a une application Levé si la démarche est avec échange de données · lu par 1 question" in words


def test_a_flag_is_added_changed_and_removed(client, version):
    new = {"name": "ai", "meaning": "il apprend", "condition": f"answer({FIRST}) == 'oui'"}
    assert client.post(flag_url("new-flag"), new).url == flag_url("flags")

    changed = {"meaning": "il apprend seul", "condition": "always", "base": "0"}
    client.post(flag_url("flag", "ai"), changed)
    assert edition_of(version).flags.get(name="ai").meaning == "il apprend seul"

    client.post(flag_url("remove-flag", "ai"))
    assert not edition_of(version).flags.filter(name="ai").exists()


@pytest.mark.parametrize(
    ("name", "condition", "said"),
    [
        ("mobile", "always", "porte ce nom"),
        ("and", "always", "appartient au langage"),
        ("Été", "always", "Écrivez des minuscules"),
        ("ai", "answer(", "ne se lit pas"),
        ("ai", "", "Écrivez la condition"),
    ],
)
def test_a_flag_that_cannot_be_is_told_beside_what_was_typed(client, version, name, condition, said):
    response = client.post(flag_url("new-flag"), {"name": name, "meaning": "<b>", "condition": condition})

    assert response.status_code == 422
    assert said in words_of(response)
    assert 'value="&lt;b&gt;"' in response.content.decode()
    assert edition_of(version).flags.count() == 1


@pytest.mark.parametrize("base", ["0", "", "9" * 5000])
def test_a_flag_that_a_colleague_changed_is_not_overwritten_unseen(client, version, colleague, base):
    save_flag(
        edition=edition_of(version),
        name="mobile",
        meaning="de <Noa>",
        condition="always",
        base_revision=0,
        by=colleague,
    )

    typed = {"meaning": "de Claude", "condition": "always", "base": base}
    response = client.post(flag_url("flag", "mobile"), typed)

    html = response.content.decode()
    assert response.status_code == 409
    assert "de &lt;Noa&gt;" in html
    assert 'value="de Claude"' in html
    assert edition_of(version).flags.get().meaning == "de <Noa>"


def test_a_published_edition_has_its_flags_to_read_and_none_to_write(client, version):
    publish(version)

    assert "Ajouter un drapeau" not in shown(client, flag_url("flags"))
    assert client.get(flag_url("new-flag")).status_code == 404
    assert client.post(flag_url("flag", "mobile"), {"meaning": "a", "condition": "always"}).status_code == 404
    words = words_of(client.post(flag_url("remove-flag", "mobile"), follow=True))
    assert "plus rien n’y change" in words
    assert client.get(url("theme", version, "Q-A")).status_code == 404
