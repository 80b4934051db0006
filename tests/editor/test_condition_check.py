"""The condition that is being typed: read in French, or told what is wrong with it."""

import pytest
from django.urls import reverse

from tests.editor.drafts import ELSEWHERE, FIRST, SECOND
from tests.editor.pages import url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


def check(client, version, condition, key=FIRST):
    response = client.post(url("check-condition", version, key), {"applies_when": condition})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    return words_of(response)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("always", "Posée à tous."),
        ("mobile", "Posée si il a une application."),
        (f"answer({ELSEWHERE}) >= 10", "Posée si"),
        (f"answer({SECOND}) contains 'ios'", "« Ios »"),
    ],
)
def test_what_can_be_read_is_read_in_french(client, version, condition, said):
    words = check(client, version, condition)

    assert said.replace("« ", "«\xa0").replace(" »", "\xa0»") in words or said in words


@pytest.mark.parametrize(
    "condition",
    [
        "answer(Q-Z-99) == 'oui'",
        "answer(SEC",
        "",
        "unknown_flag",
        f"answer({ELSEWHERE}) == 'oui'",
        f"answer({SECOND}) == 'android'",
        f"answer({FIRST}) == 'oui'",
        "programme == 'rien'",
        "<script>alert(1)</script>",
    ],
)
def test_what_is_wrong_is_told_and_escaped(client, version, condition):
    response = client.post(url("check-condition", version, FIRST), {"applies_when": condition})

    html = response.content.decode()
    assert "fr-error-text" in html
    assert "<script>" not in html


def test_a_condition_that_closes_a_circle_is_told(client, version):
    words = check(client, version, "answer(Q-A-03) == 'oui'")

    assert "Q-A-03" in words
    assert (
        "fr-error-text"
        in client.post(
            url("check-condition", version, FIRST), {"applies_when": "answer(Q-A-03) == 'oui'"}
        ).content.decode()
    )


def test_a_question_that_nobody_could_be_asked_is_told(client, version):
    html = client.post(
        url("check-condition", version, FIRST), {"applies_when": "mobile and not mobile"}
    ).content.decode()

    assert "fr-error-text" in html


def test_a_flag_is_read_as_a_flag(client, version):
    edition = version.editions.get()
    address = reverse("questionnaires:check-flag", args=[edition.code, "mobile"])

    assert "Levé si" in words_of(client.post(address, {"condition": f"answer({FIRST}) == 'oui'"}))
    assert "fr-error-text" in client.post(address, {"condition": "mobile"}).content.decode()
