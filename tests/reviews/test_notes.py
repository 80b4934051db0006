"""What reviewers note among themselves, and that nobody else ever reads."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.journal import events_of
from assessments.models import ReviewNote
from assessments.operations.assignments import recuse
from assessments.operations.notes import withdraw_note, write_note
from assessments.operations.reviews import send_back
from audit.models import Event
from notifications.models import Notification
from privacy.collecting import collect
from questionnaires.queries import published
from results.operations import close_review
from results.reading import read
from results.report import write_html
from tests.assessments.filled import examine, item_of
from tests.dossiers.pages import text_of

KEY = "SEC-GOV-02"
SECRET = "Le prestataire me paraît douteux."


@pytest.fixture
def note(dossier, reviewer):
    return write_note(review=dossier.review, text=SECRET, by=reviewer, question_id=item_of(dossier, KEY).question_id)


def item_url(dossier, name="item", key=KEY):
    return reverse(f"reviews:{name}", args=[dossier.number, key])


def test_a_note_on_an_item_is_read_there_and_not_on_the_dossier(desk_client, dossier):
    response = desk_client.post(item_url(dossier, "item-note"), {"note-text": SECRET}, follow=True)

    assert SECRET in text_of(response)
    assert SECRET not in text_of(desk_client.get(reverse("reviews:detail", args=[dossier.number])))
    assert SECRET not in text_of(desk_client.get(item_url(dossier, key="SEC-HEB-05")))


def test_a_note_on_the_dossier_is_read_there(desk_client, dossier, colleague):
    desk_client.post(reverse("reviews:note", args=[dossier.number]), {"note-text": SECRET})

    desk_client.force_login(colleague)
    page = desk_client.get(reverse("reviews:detail", args=[dossier.number])).content.decode()
    assert SECRET in page
    assert "Retirer cette note" not in page


@pytest.mark.parametrize("where", ["note", "item-note"])
def test_an_empty_note_is_refused_in_words_on_the_page(desk_client, dossier, where):
    args = [dossier.number] if where == "note" else [dossier.number, KEY]

    response = desk_client.post(reverse(f"reviews:{where}", args=args), {"note-text": " "})

    assert response.status_code == 422
    assert "Écrivez votre note." in text_of(response)
    assert not ReviewNote.objects.exists()


def test_a_withdrawn_note_leaves_its_fact_and_hides_its_text(desk_client, dossier, note):
    response = desk_client.post(reverse("reviews:note-withdraw", args=[dossier.number, note.pk]), follow=True)

    assert "retirée par son auteur" in text_of(response)
    assert SECRET not in text_of(response)


def test_nobody_withdraws_the_note_of_a_colleague(client, dossier, note, colleague):
    client.force_login(colleague)

    assert client.post(reverse("reviews:note-withdraw", args=[dossier.number, note.pk])).status_code == 403
    note.refresh_from_db()
    assert not note.is_withdrawn


def test_a_note_withdrawn_twice_keeps_its_first_date(dossier, note, reviewer):
    withdraw_note(note, by=reviewer)
    note.refresh_from_db()
    first = note.withdrawn_at

    withdraw_note(note, by=reviewer)

    note.refresh_from_db()
    assert note.withdrawn_at == first
    assert Event.objects.filter(verb="note.withdrawn").count() == 1


@pytest.mark.parametrize("change", [{"text": "Autre."}, {"question_id": None}, {"written_at": "2020-01-01T00:00Z"}])
def test_the_database_refuses_to_change_a_note(note, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewNote.objects.filter(pk=note.pk).update(**change)


def test_a_note_cannot_be_put_back(note, reviewer):
    withdraw_note(note, by=reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewNote.objects.filter(pk=note.pk).update(withdrawn_at=None)


def test_whoever_stepped_back_reads_no_note(client, dossier, note, colleague):
    recuse(dossier.review, by=colleague, reason="J’y ai travaillé.")
    client.force_login(colleague)

    assert client.get(item_url(dossier)).status_code == 404
    assert client.post(item_url(dossier, "item-note"), {"note-text": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["detail", "instruction", "score"])
def test_no_page_of_the_publisher_shows_a_note(client, dossier, note, mandataire, reviewer, name):
    write_note(review=dossier.review, text=SECRET, by=reviewer)
    current = examine(dossier, by=reviewer, refused=[KEY])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    client.force_login(mandataire)

    assert SECRET not in text_of(client.get(reverse(f"dossiers:{name}", args=[dossier.number])))


def test_neither_the_result_nor_its_report_holds_a_note(dossier, note, reviewer, review_lead):
    examine(dossier, by=reviewer)

    result = close_review(review=dossier.review, outcome="not_met", conclusion="Un écart.", by=review_lead)

    assert SECRET not in str(result.content)
    assert SECRET not in write_html(read(result.content))


def test_nobody_takes_the_words_of_a_note_away_and_its_author_knows_that_there_was_one(
    dossier, note, reviewer, colleague, mandataire, contributor
):
    [told] = collect(reviewer)["notes_d_instruction"]
    assert (told["dossier"], told["exigence"]) == (dossier.number, KEY)
    for person in (reviewer, colleague, mandataire, contributor):
        assert SECRET not in str(collect(person))
    assert collect(mandataire)["notes_d_instruction"] == []


def test_the_trail_holds_the_fact_and_never_the_words(dossier, note, publisher):
    event = Event.objects.get(verb="note.written")

    assert SECRET not in json.dumps(event.data)
    assert event.publisher_id == publisher.pk
    assert not events_of(publisher).filter(verb__startswith="note.").exists()
    assert not Notification.objects.filter(body__contains=SECRET).exists()
