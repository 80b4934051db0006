"""A file in pieces: checked at once, sent in any order, whole or not at all, its author's alone."""

import os
import time
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from evidence.models import DocumentVersion, Upload, UploadPiece, evidence_storage
from evidence.operations import receive
from evidence.pieces import PiecesMissing, abandon, complete, put_piece, start_upload
from evidence.tasks import sweep_orphans
from evidence.uploads import InvalidUpload
from tests.assessments.at_once import at_once
from tests.evidence import samples

# Readable text, of two pieces and a half.
WHOLE = b"Ligne apr" + b"abcdefghi " * 24 + b"\n"


@pytest.fixture(autouse=True)
def small_pieces(settings):
    settings.EVIDENCE_PIECE_BYTES = 100


@pytest.fixture
def browser(client, contributor):
    client.force_login(contributor)
    return client


def start(client, publisher, name="note.txt", size=250):
    return client.post(reverse("evidence:start-upload", args=[publisher.siren]), {"name": name, "size": size})


def put(client, upload_id, number, data=None):
    data = WHOLE[number * 100 : (number + 1) * 100] if data is None else data
    url = reverse("evidence:piece", args=[upload_id, number])
    return client.put(url, data, content_type="application/octet-stream")


def started(publisher, by, *numbers, whole=WHOLE):
    """An upload of which these pieces came."""
    upload = start_upload(publisher=publisher, name="note.txt", size=len(whole), by=by)
    for number in numbers:
        put_piece(upload, number, whole[number * 100 : (number + 1) * 100])
    return upload


def keeping(upload):
    receiving = partial(receive, publisher=upload.publisher, by=upload.by)
    return complete(upload, keep=lambda file: receiving(file=file))


def test_pieces_in_any_order_become_the_file_that_was_cut(publisher, contributor):
    upload = started(publisher, contributor, 2, 0, 1)

    version = keeping(upload)

    with version.file.open("rb") as kept:
        assert kept.read() == WHOLE
    assert (version.original_name, version.size, version.state) == ("note.txt", 250, "received")


@pytest.mark.parametrize("name", ["DOCX", "PDF", "PNG", "ODS"])
def test_the_whole_is_inspected_like_any_other_file(publisher, contributor, name):
    content = getattr(samples, name)
    upload = start_upload(publisher=publisher, name=f"a.{name.lower()}", size=len(content), by=contributor)
    for number in range(upload.count):
        put_piece(upload, number, content[number * 100 : (number + 1) * 100])

    assert keeping(upload).size == len(content)


def test_what_is_not_what_its_name_says_is_refused_when_it_is_whole_and_forgotten(
    publisher, contributor, quarantined, django_capture_on_commit_callbacks
):
    upload = start_upload(publisher=publisher, name="a.pdf", size=250, by=contributor)
    for number in range(3):
        put_piece(upload, number, WHOLE[number * 100 : (number + 1) * 100])

    with pytest.raises(InvalidUpload, match="type_disagrees"), django_capture_on_commit_callbacks(execute=True):
        keeping(upload)

    assert not Upload.objects.exists()
    assert not DocumentVersion.objects.exists()


def test_completing_again_gives_the_same_version_and_the_pieces_are_gone(
    publisher, contributor, quarantined, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        version = keeping(started(publisher, contributor, 0, 1, 2))

    assert keeping(Upload.objects.get()) == version
    assert not UploadPiece.objects.exists()
    assert [path.name for path in quarantined()] == [Path(version.file.name).name]


def test_an_incomplete_file_is_not_kept_and_the_missing_pieces_are_named(publisher, contributor):
    upload = started(publisher, contributor, 1)

    with pytest.raises(PiecesMissing) as error:
        keeping(upload)

    assert error.value.numbers == [0, 2]
    assert Upload.objects.open().exists()
    assert not DocumentVersion.objects.exists()


def test_the_script_learns_how_to_cut_the_file_and_what_is_there_already(browser, publisher):
    answer = start(browser, publisher)
    upload_id = answer.json()["id"]
    assert (answer.status_code, answer.json()["pieces"]) == (201, [])

    assert put(browser, upload_id, 2).status_code == 204
    assert put(browser, upload_id, 0).status_code == 204

    resumed = browser.get(reverse("evidence:upload", args=[upload_id])).json()
    assert resumed == {"id": upload_id, "piece_size": 100, "count": 3, "pieces": [0, 2]}


def test_the_same_piece_again_is_the_same_piece(browser, publisher, quarantined):
    upload_id = start(browser, publisher).json()["id"]

    codes = [put(browser, upload_id, 0).status_code for _ in range(3)]

    assert codes == [204, 204, 204]
    assert UploadPiece.objects.count() == len(quarantined()) == 1


@pytest.mark.parametrize(
    ("number", "data"),
    [(3, b"x" * 100), (0, b"x" * 99), (0, b"x" * 101), (2, b"x" * 100), (0, b"")],
    ids=["out of bounds", "short", "long", "the last one full", "empty"],
)
def test_a_piece_of_a_wrong_number_or_size_is_refused(browser, publisher, quarantined, number, data):
    upload_id = start(browser, publisher).json()["id"]

    assert put(browser, upload_id, number, data).status_code == 400

    assert not UploadPiece.objects.exists()
    assert not quarantined()


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("programme.exe", 10, "Ce type de fichier n’est pas accepté."),
        ("note.txt", 0, "Ce fichier est vide."),
        ("note.txt", "beaucoup", "Ce fichier est vide."),
        ("note.txt", 50_000_001, "Ce fichier dépasse 50\u00a0Mo."),
    ],
)
def test_what_will_not_be_taken_is_said_before_anything_is_sent(browser, publisher, name, size, sentence):
    answer = start(browser, publisher, name, size)

    assert answer.status_code == 422
    assert answer.json()["sentence"].startswith(sentence)
    assert not Upload.objects.exists()


def test_a_file_that_grew_past_the_limit_is_refused_whatever_was_announced(publisher, contributor, settings):
    upload = started(publisher, contributor, 0, 1, 2)
    settings.EVIDENCE_MAX_BYTES = 249

    with pytest.raises(InvalidUpload, match="too_large"):
        keeping(upload)


def test_too_many_files_at_once_wait_and_what_was_left_for_an_hour_makes_room(browser, publisher, settings):
    settings.EVIDENCE_OPEN_UPLOADS = 2
    start(browser, publisher), start(browser, publisher)

    refused = start(browser, publisher)
    assert (refused.status_code, "Trop de fichiers sont en cours d’envoi" in refused.json()["sentence"]) == (422, True)

    Upload.objects.update(moved_at=timezone.now() - timedelta(hours=2))
    assert start(browser, publisher).status_code == 201
    assert Upload.objects.count() == 1


def test_too_many_bytes_at_once_wait_too(browser, publisher, settings):
    settings.EVIDENCE_OPEN_UPLOAD_BYTES = 400
    start(browser, publisher)

    assert start(browser, publisher).status_code == 422


def test_an_upload_that_is_given_up_is_gone_with_its_pieces(
    browser, publisher, quarantined, django_capture_on_commit_callbacks
):
    upload_id = start(browser, publisher).json()["id"]
    put(browser, upload_id, 0)

    with django_capture_on_commit_callbacks(execute=True):
        assert browser.delete(reverse("evidence:upload", args=[upload_id])).status_code == 204

    assert not quarantined()
    assert put(browser, upload_id, 1).status_code == 404


def test_giving_up_twice_is_giving_up_once(publisher, contributor):
    upload = started(publisher, contributor, 0)

    abandon(upload)
    abandon(upload)

    assert not Upload.objects.exists()


@pytest.mark.parametrize("who", ["mandataire", "reader", "consultant", "stranger", "reviewer"])
def test_somebody_elses_upload_does_not_exist(client, request, publisher, contributor, who):
    upload = started(publisher, contributor, 0)
    client.force_login(request.getfixturevalue(who))
    url = reverse("evidence:upload", args=[upload.pk])

    assert client.get(url).status_code == client.delete(url).status_code == 404
    assert put(client, upload.pk, 1).status_code == put(client, uuid.uuid4(), 1).status_code == 404
    assert list(upload.pieces.values_list("number", flat=True)) == [0]


def test_whoever_left_the_publisher_goes_on_with_nothing(browser, contributor, publisher):
    upload = started(publisher, contributor, 0)
    Membership.objects.filter(user=contributor).delete()

    assert put(browser, upload.pk, 1).status_code == 404


def test_writing_is_slowed_like_everywhere(browser, publisher, settings):
    settings.ACCOUNT_RATE_LIMITS = {"upload": "1/h/user", "upload_piece": "1/h/user"}
    upload_id = start(browser, publisher).json()["id"]
    put(browser, upload_id, 0)

    assert start(browser, publisher).status_code == put(browser, upload_id, 1).status_code == 429


def test_a_page_of_another_site_cannot_send_pieces(publisher, contributor, client):
    upload = started(publisher, contributor)
    client.force_login(contributor)
    client.handler.enforce_csrf_checks = True

    assert put(client, upload.pk, 0).status_code == 403
    assert not upload.pieces.exists()


# --- The sweep ------------------------------------------------------------------------------------


def test_an_upload_that_nobody_moved_for_a_day_is_swept(
    publisher, contributor, quarantined, django_capture_on_commit_callbacks
):
    started(publisher, contributor, 0, 1)
    Upload.objects.update(moved_at=timezone.now() - timedelta(days=1, minutes=1))

    with django_capture_on_commit_callbacks(execute=True):
        sweep_orphans()

    assert not Upload.objects.exists()
    assert not quarantined()


def test_the_pieces_of_a_living_upload_stay_however_old_they_are(publisher, contributor):
    upload = started(publisher, contributor, 0, 1)
    for piece in upload.pieces.all():
        _age(piece.file.name)

    assert sweep_orphans() == 0

    put_piece(upload, 2, WHOLE[200:])
    assert keeping(upload).size == 250


def test_the_bytes_of_a_piece_that_no_row_names_are_swept(db):
    name = evidence_storage().save("uploads/2026/01/orphan", samples.upload("x", b"x"))
    _age(name)

    assert sweep_orphans() == 1
    assert not evidence_storage().exists(name)


def _age(name: str) -> None:
    os.utime(evidence_storage().path(name), (time.time() - 2 * 24 * 3600,) * 2)


# --- At the same moment -----------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_completions_at_once_are_one_version(publisher, contributor, quarantined):
    upload = started(publisher, contributor, 0, 1, 2)

    done = at_once(*[lambda: keeping(Upload.objects.get(pk=upload.pk))] * 4, refusals=())

    assert set(done) == {DocumentVersion.objects.get()}
    assert len(quarantined()) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_piece_sent_by_two_requests_at_once_is_one_piece(publisher, contributor, quarantined):
    upload = started(publisher, contributor)

    at_once(*[lambda: put_piece(upload, 0, WHOLE[:100])] * 4, refusals=())

    assert upload.pieces.count() == len(quarantined()) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_giving_up_while_a_piece_arrives_leaves_nothing_behind(publisher, contributor, quarantined):
    upload = started(publisher, contributor, 0)

    at_once(lambda: abandon(upload), lambda: put_piece(upload, 1, WHOLE[100:200]), refusals=())

    assert not Upload.objects.exists()
    assert not quarantined()
