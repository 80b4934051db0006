"""Evidence in a bucket, on a server that speaks S3: received, scanned, opened, swept, forgotten; and the server away.

`s3_server.pause()` stops its process without ending it: it accepts connections and answers nothing, which is the worst
way to be away, since only time tells. `nobody` is the other way: connections are refused at once.
"""

import hashlib
import io
import tracemalloc
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from evidence.models import Document, DocumentVersion, UploadPiece, evidence_storage
from evidence.operations import forget_bytes, mark_scanned, put_in_quarantine
from evidence.pieces import start_upload
from evidence.scanners import clean
from evidence.storage import PrivateBucket, StorageUnavailable
from evidence.tasks import scan, sweep_orphans
from evidence.uploads import InvalidUpload
from jobs.models import Job
from jobs.operations import requeue_stale
from tests.assessments.conftest import blank_dossier, dossier, edition, new_dossier
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import files_url, text_of
from tests.evidence.samples import EICAR, PDF, TXT, upload

__all__ = ["blank_dossier", "dossier", "edition", "new_dossier"]
State = DocumentVersion.State
KEY = "SEC-GOV-02"
MEGABYTE = 1_000_000
NOBODY = "http://127.0.0.1:1"


@pytest.fixture
def bucket(s3_server, settings, monkeypatch) -> Iterator[PrivateBucket]:
    """Where evidence is kept during the test: an empty bucket."""
    name = f"preuves-{uuid.uuid4().hex}"
    storage = _use(settings, monkeypatch, bucket_name=name, endpoint_url=s3_server.endpoint)
    storage.create()
    yield storage
    s3_server.resume()


@pytest.fixture
def nobody(settings, monkeypatch) -> PrivateBucket:
    """A bucket whose server refuses connections."""
    return _use(settings, monkeypatch, bucket_name="preuves", endpoint_url=NOBODY)


def _use(settings, monkeypatch, **where) -> PrivateBucket:
    keys = {"region_name": "eu-west-3", "access_key": "key", "secret_key": "secret", "addressing_style": "path"}
    options = {**keys, "timeout": 10, **where, "attempts": 1}
    entry = {"BACKEND": "evidence.storage.PrivateBucket", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "evidence": entry}
    storage = evidence_storage()
    # A field asks for its storage once, when Django starts.
    for model in (DocumentVersion, UploadPiece):
        monkeypatch.setattr(model._meta.get_field("file"), "storage", storage)
    return cast("PrivateBucket", storage)


@contextmanager
def paused(server) -> Iterator[None]:
    server.pause()
    try:
        yield
    finally:
        server.resume()


def _names(storage: PrivateBucket) -> set[str]:
    return {name for name, _written_at in storage.walk("")}


def _job(version: DocumentVersion) -> Job:
    return Job.objects.get(subject_id=version.pk, task="evidence.scan")


def _later(**delay) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**delay), tick=True)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- The road of a file ----------------------------------------------------------------------------


def test_a_file_goes_all_the_way_through_the_bucket(bucket, deposit, clamd, client, contributor):
    version, infected = deposit("note.pdf", PDF), deposit("recu.txt", EICAR)
    assert _names(bucket) == {version.file.name, infected.file.name}
    assert (version.size, version.sha256) == (len(PDF), _sha256(PDF))

    scan(_job(version).pk)
    scan(_job(infected).pk)

    version.refresh_from_db()
    infected.refresh_from_db()
    assert (version.state, version.pages) == (State.CLEAN, 1)
    assert (infected.state, infected.refusal) == (State.REFUSED, "virus")
    client.force_login(contributor)
    response = client.get(reverse("evidence:file", args=[version.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Length"] == str(len(PDF))
    assert response["Content-Disposition"].startswith("attachment")


def test_twenty_megabytes_are_never_in_memory_at_once(bucket, tmp_path):
    """Several parts leave, hashed and counted once; reading holds one buffer."""
    content = b"".join(_sha256(b"%d" % number).encode() * 15_625 for number in range(20))
    path = tmp_path / "big"
    path.write_bytes(content)
    size, sha256 = len(content), _sha256(content)
    del content
    tracemalloc.start()
    try:
        with ExitStack() as undo, path.open("rb") as file:
            stored = put_in_quarantine(UploadedFile(file, name="big.pdf", size=size), undo)
            undo.pop_all()
        sent = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        digest = hashlib.sha256()
        with bucket.open(stored.name) as file:
            for chunk in file.chunks():
                digest.update(chunk)
        read = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (stored.size, stored.sha256) == (size, sha256) == (20 * MEGABYTE, digest.hexdigest())
    assert bucket.size(stored.name) == size
    assert sent < 15 * MEGABYTE
    assert read < 5 * MEGABYTE


def test_what_turns_out_too_large_on_its_way_leaves_no_object_and_no_part(bucket, settings):
    settings.EVIDENCE_MAX_BYTES = 6 * MEGABYTE
    liar = UploadedFile(io.BytesIO(bytes(8 * MEGABYTE)), name="note.pdf", size=10)

    with ExitStack() as undo, pytest.raises(InvalidUpload) as refusal:
        put_in_quarantine(liar, undo)

    assert refusal.value.code == "too_large"
    assert _names(bucket) == set()
    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket=bucket.bucket_name)


def test_an_object_is_read_from_anywhere_and_opened_again(bucket):
    name = bucket.save("quarantine/x", ContentFile(bytes(range(256)) * 4_000))

    with bucket.open(name) as file:
        file.seek(-2, io.SEEK_END)
        assert file.read() == b"\xfe\xff"
        file.seek(500_001)
        assert file.read(3) == bytes([33, 34, 35])
    file.open()
    assert file.read(2) == b"\x00\x01"
    file.close()


def test_a_name_that_is_not_there_is_a_file_that_is_not_there(bucket):
    with pytest.raises(FileNotFoundError):
        bucket.open("quarantine/nobody")
    bucket.delete("quarantine/nobody")


def test_no_object_has_an_address(bucket, deposit):
    with pytest.raises(ValueError, match="not accessible via a URL"):
        assert deposit("note.txt", TXT).file.url


def test_objects_are_encrypted_as_the_settings_ask(s3_server, bucket, settings, monkeypatch):
    where = {"bucket_name": bucket.bucket_name, "endpoint_url": s3_server.endpoint}
    storage = _use(settings, monkeypatch, **where, encryption="AES256")

    name = storage.save("quarantine/x", ContentFile(TXT))

    assert storage.client.head_object(Bucket=storage.bucket_name, Key=name)["ServerSideEncryption"] == "AES256"


def test_the_command_makes_the_bucket_once_and_tries_it(s3_server, settings, monkeypatch, capsys):
    name = f"preuves-{uuid.uuid4().hex}"
    storage = _use(settings, monkeypatch, bucket_name=name, endpoint_url=s3_server.endpoint)

    call_command("prepare_evidence_storage")
    assert "est créé" in capsys.readouterr().out
    call_command("prepare_evidence_storage")
    assert "est créé" not in capsys.readouterr().out
    assert _names(storage) == set()


def test_the_command_fails_when_nobody_answers(nobody):
    with pytest.raises(CommandError, match="ne répond pas"):
        call_command("prepare_evidence_storage")


# --- Orphans -----------------------------------------------------------------------------------------


def test_the_sweep_takes_what_is_old_and_named_by_no_row(bucket, deposit):
    version = deposit("note.txt", TXT)
    orphan = bucket.save("quarantine/2026/01/orphan", ContentFile(TXT))
    bucket.save("uploads/2026/01/piece", ContentFile(TXT))

    assert sweep_orphans() == 0
    assert orphan in _names(bucket)
    with _later(days=2):
        assert sweep_orphans() == 2

    assert _names(bucket) == {version.file.name}


def test_the_sweep_takes_the_parts_of_a_file_whose_process_was_killed(bucket, db):
    where = {"Bucket": bucket.bucket_name, "Key": "quarantine/2026/01/half"}
    upload_id = bucket.client.create_multipart_upload(**where)["UploadId"]
    bucket.client.upload_part(**where, UploadId=upload_id, PartNumber=1, Body=TXT)

    # moto dates what is begun of 2010, whenever it was.
    assert bucket.give_up_parts(before=datetime(2010, 1, 1, tzinfo=UTC)) == 0
    assert sweep_orphans() == 1

    assert "Uploads" not in bucket.client.list_multipart_uploads(Bucket=bucket.bucket_name)


def test_what_is_forgotten_goes(bucket, deposit, django_capture_on_commit_callbacks):
    version = deposit("note.txt", TXT)

    with django_capture_on_commit_callbacks(execute=True):
        forget_bytes(version)

    assert _names(bucket) == set()


# --- Nobody answers ------------------------------------------------------------------------------------


@pytest.fixture(params=["hangs", "refuses"])
def away(request, s3_server, bucket, settings):
    """away(): a `with` during which the server is away, in one of the two ways, and the portal soon gives it up."""

    @contextmanager
    def _away() -> Iterator[None]:
        there, hangs = settings.STORAGES, request.param == "hangs"
        with ExitStack() as meanwhile:
            meanwhile.callback(setattr, settings, "STORAGES", there)
            patch = meanwhile.enter_context(pytest.MonkeyPatch.context())
            endpoint = s3_server.endpoint if hangs else NOBODY
            _use(settings, patch, bucket_name=bucket.bucket_name, endpoint_url=endpoint, timeout=0.3)
            if hangs:
                meanwhile.enter_context(paused(s3_server))
            yield

    return _away


def test_what_is_forgotten_meanwhile_goes_with_a_later_sweep(away, bucket, deposit, django_capture_on_commit_callbacks):
    version, kept = deposit("note.txt", TXT), deposit("autre.txt", TXT + b".")

    with away(), django_capture_on_commit_callbacks(execute=True):
        forget_bytes(version)
    version.refresh_from_db()
    assert version.refusal == "forgotten"
    with _later(days=2):
        sweep_orphans()

    assert _names(bucket) == {kept.file.name}


def test_during_reception_the_person_reads_a_sentence_and_nothing_is_half_done(
    away, bucket, blank_dossier, contributor, client
):
    client.force_login(contributor)
    save(blank_dossier, KEY, by=contributor, comment="Signée en mars.")

    with away():
        response = client.post(files_url(blank_dossier, KEY), {f"{KEY}-files": [upload("politique.pdf", PDF)]})

    assert response.status_code == 200
    assert "Ce fichier n’a pas pu être enregistré" in text_of(response)
    assert (state_of(blank_dossier, KEY).comment, state_of(blank_dossier, KEY).files) == ("Signée en mars.", ())
    assert not Document.objects.exists() and not Job.objects.exists()

    # A server that hung may do late what was given up: nobody names those bytes, and the sweep takes them.
    client.post(files_url(blank_dossier, KEY), {f"{KEY}-files": [upload("politique.pdf", PDF)]})
    (version,) = state_of(blank_dossier, KEY).files
    with _later(days=2):
        sweep_orphans()
    assert _names(bucket) == {DocumentVersion.objects.get(original_name=version.original_name).file.name}


def test_a_file_in_pieces_waits_where_it_was(away, bucket, blank_dossier, contributor, client, settings):
    settings.EVIDENCE_PIECE_BYTES = 200
    client.force_login(contributor)
    publisher = blank_dossier.product.publisher
    sent = start_upload(publisher=publisher, name="politique.pdf", size=len(PDF), by=contributor)
    parts = [PDF[start : start + 200] for start in range(0, len(PDF), 200)]
    addresses = [reverse("evidence:piece", args=[sent.pk, number]) for number in range(len(parts))]
    whole = {f"{KEY}-uploads": str(sent.pk)}

    with away():
        assert client.put(addresses[0], parts[0], content_type="application/octet-stream").status_code == 503
    for address, part in zip(addresses, parts, strict=True):
        assert client.put(address, part, content_type="application/octet-stream").status_code == 204
    with away():
        assert client.post(files_url(blank_dossier, KEY), whole).status_code == 503
    assert sent.pieces.count() == len(parts)

    assert client.post(files_url(blank_dossier, KEY), whole).status_code == 200
    (version,) = DocumentVersion.objects.all()
    assert version.sha256 == _sha256(PDF)


def test_during_the_scan_the_version_waits_and_a_later_sweep_brings_it_back(away, bucket, deposit, clamd):
    version = deposit("note.txt", TXT)

    with away():
        scan(_job(version).pk)

    version.refresh_from_db()
    assert (version.state, _job(version).state) == (State.RECEIVED, Job.State.QUEUED)
    assert "StorageUnavailable" in _job(version).error
    with _later(seconds=61):
        assert requeue_stale() == 1
        scan(_job(version).pk)
    version.refresh_from_db()
    assert version.state == State.CLEAN


def test_at_download_a_page_says_so(away, bucket, deposit, client, contributor):
    version = mark_scanned(deposit("note.txt", TXT), clean())
    client.force_login(contributor)
    address = reverse("evidence:file", args=[version.pk])

    with away():
        response = client.get(address)

    assert response.status_code == 503
    assert "ne peuvent être ni ouverts ni déposés pour le moment" in response.content.decode()
    assert response["Retry-After"] == "60"
    assert b"".join(client.get(address).streaming_content) == TXT


def test_a_server_lost_in_the_middle_of_a_file_is_a_storage_that_is_away(s3_server, bucket, settings, monkeypatch):
    name = bucket.save("quarantine/x", ContentFile(bytes(20 * MEGABYTE)))
    where = {"bucket_name": bucket.bucket_name, "endpoint_url": s3_server.endpoint}
    impatient = _use(settings, monkeypatch, **where, timeout=1)

    with impatient.open(name) as file:
        assert file.read(10) == bytes(10)
        with paused(s3_server), pytest.raises(StorageUnavailable):
            file.read()
