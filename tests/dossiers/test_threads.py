"""/dossiers/<number>/questions/<key>/equipe/: what the team says of a question, and whom it calls."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from assessments.models import TeamComment
from assessments.operations.comments import delete_comment, edit_comment, settle_comment, write_comment
from notifications.models import Notification
from privacy.operations.erasure import erase_account
from tests.dossiers.pages import text_of, theme_url

KEY = "SEC-EXP-04"
OPERATIONS = ("securite", "exploitation")


def url_of(dossier):
    return reverse("dossiers:thread", args=[dossier.number, KEY])


def say(dossier, text, *, by):
    return write_comment(dossier=dossier, key=KEY, text=text, by=by).comment


def told():
    return [(each.recipient, each.subject.split("\u00a0: ")[-1]) for each in Notification.objects.filter(in_app=True)]


def test_a_comment_is_written_where_the_question_is_and_counted_there(filler, blank_dossier):
    sent = filler.post(url_of(blank_dossier), {"text": "À revoir <ensemble>."}, headers={"HX-Request": "true"})

    assert "À revoir <ensemble>." in text_of(sent)
    page = text_of(filler.get(theme_url(blank_dossier, *OPERATIONS)))
    assert "1 commentaire, 1 à régler" in page
    assert "À revoir" not in page  # loaded when it is opened


def test_whoever_is_called_by_name_is_told_and_so_is_whoever_takes_part(
    blank_dossier, contributor, mandataire, reader, stranger
):
    say(blank_dossier, "Qui sait ?", by=contributor)
    assert told() == []

    comment = say(blank_dossier, f"@{reader} peut-être, ou @{stranger}.", by=mandataire)

    assert sorted(told(), key=str) == sorted(
        [
            (reader, f"on vous mentionne à propos de {KEY}"),
            (contributor, f"un nouveau commentaire sur {KEY}"),
        ],
        key=str,
    )
    assert reader.full_name not in comment.text
    assert [each.person for each in comment.mentions.all()] == [reader]


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}])
def test_a_call_that_names_nobody_is_said_with_whom_was_told_and_the_comment_stays(
    filler, blank_dossier, mandataire, headers
):
    text = f"@helene merci, @{mandataire} aussi ; écrivez à nous@exemple.fr."

    page = text_of(filler.post(url_of(blank_dossier), {"text": text}, headers=headers, follow=True))

    assert f"Commentaire ajouté. Notification adressée à {mandataire}." in page
    assert "« @helene » ne désigne personne de l’équipe : choisissez un nom sous le champ" in page
    assert "@helene merci" in TeamComment.objects.get().text
    again = filler.post(url_of(blank_dossier), {"text": "Rien de plus."}, headers=headers, follow=True)
    assert "ne désigne" not in text_of(again) and "Notification adressée" not in text_of(again)


def test_a_correction_tells_whom_it_calls_and_which_call_names_nobody(filler, blank_dossier, contributor, mandataire):
    comment = say(blank_dossier, "Un premier jet.", by=contributor)
    address = reverse("dossiers:comment-edit", args=[blank_dossier.number, KEY, comment.pk])

    page = text_of(filler.post(address, {"text": f"Pour @{mandataire}, @paul et @anne."}, follow=True))

    assert f"Commentaire modifié. Notification adressée à {mandataire}." in page
    assert "« @paul », « @anne » ne désignent personne de l’équipe" in page


def test_the_name_of_whoever_left_the_portal_is_nowhere_in_the_thread(filler, blank_dossier, contributor, reader):
    say(blank_dossier, f"@{reader}, voyez ceci.", by=contributor)
    name = reader.full_name
    assert f"@{name}" in text_of(filler.get(url_of(blank_dossier)))

    erase_account(User.objects.get(pk=reader.pk), by=None)

    page = text_of(filler.get(url_of(blank_dossier)))
    assert "@compte effacé , voyez ceci." in page
    assert name not in page


def test_one_s_own_words_may_be_changed_or_taken_away(filler, blank_dossier, contributor, mandataire, reader):
    comment = say(blank_dossier, f"Un premier jet pour @{reader}.", by=contributor)
    edit_comment(comment, text=f"Un second jet pour @{reader} et @{mandataire}.", by=contributor)
    assert [person for person, _what in told()] == [mandataire, reader]  # each once, latest first
    settle_comment(comment, settled=True, by=mandataire)
    page = text_of(filler.get(url_of(blank_dossier)))
    assert "Un second jet" in page
    assert "Réglé, par Dominique Mandataire" in page

    delete_comment(comment, by=contributor)

    page = text_of(filler.get(url_of(blank_dossier)))
    assert "Commentaire supprimé" in page
    assert "second jet" not in page
    assert TeamComment.objects.get().text == ""


def test_what_cannot_be_written_stays_with_the_reason(filler, blank_dossier):
    response = filler.post(url_of(blank_dossier), {"text": "x" * 4_001}, headers={"HX-Request": "true"})

    assert response.status_code == 422
    assert "x" * 4_001 in response.content.decode()
    assert not TeamComment.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_question_that_does_not_exist_has_no_thread(filler, blank_dossier, method):
    for key in ("SEC-XXX-99", "ORI-PRO-01"):
        address = reverse("dossiers:thread", args=[blank_dossier.number, key])
        assert getattr(filler, method)(address).status_code == 404


def test_a_thread_and_its_theme_cost_the_same_short_and_long(filler, blank_dossier, contributor, mandataire, reader):
    say(blank_dossier, f"@{reader}, voyez ceci.", by=contributor)
    addresses = [url_of(blank_dossier), theme_url(blank_dossier, *OPERATIONS)]
    few = [_cost(filler, address) for address in addresses]
    for number in range(10):
        say(blank_dossier, f"{number} : @{contributor} et @{reader} ?", by=mandataire)

    assert [_cost(filler, address) for address in addresses] == few


def _cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
