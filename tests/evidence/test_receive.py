"""A deposited file is kept whole, once, and its scan is asked for; or nothing is kept."""

import hashlib
import threading
import tracemalloc

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import OperationalError, connection, transaction

from audit.models import Event
from evidence.models import Document, DocumentVersion, evidence_storage
from evidence.operations import HashedUpload, mark_scanned, receive
from evidence.scanners import refused
from evidence.uploads import InvalidUpload
from jobs.models import Job
from tests.evidence import samples
from tests.evidence.samples import upload
from tests.factories import PublisherFactory


def test_the_bytes_kept_are_the_bytes_deposited_and_so_is_their_hash(deposit):
    version = deposit("Politique.pdf", samples.PDF)

    with version.file.open("rb") as kept:
        assert kept.read() == samples.PDF
    assert version.sha256 == hashlib.sha256(samples.PDF).hexdigest()
    assert version.size == len(samples.PDF)
    assert version.media_type == "application/pdf"


def test_a_large_file_is_hashed_while_it_is_written_never_held_whole(publisher, contributor):
    file, expected = TemporaryUploadedFile("journal.txt", "text/plain", 0, None), hashlib.sha256()
    for number in range(20):
        lines = f"ligne {number} du journal\n".encode() * 50_000
        file.write(lines)
        expected.update(lines)
    file.size = file.tell()

    tracemalloc.start()
    version = receive(publisher=publisher, file=file, by=contributor)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    file.close()

    assert version.sha256 == expected.hexdigest()
    assert evidence_storage().size(version.file.name) == version.size == file.size > 15_000_000
    assert peak < 3_000_000


def test_the_version_waits_and_its_scan_is_asked_for(deposit):
    version = deposit("note.txt", samples.TXT)

    assert version.state == DocumentVersion.State.RECEIVED
    job = Job.objects.get()
    assert (job.task, job.subject_id, job.state) == ("evidence.scan", version.pk, Job.State.QUEUED)


def test_the_deposit_is_audited_without_a_name(deposit, contributor):
    version = deposit("Dossier de Zoé Martin.txt", samples.TXT)

    event = Event.objects.get(verb="evidence.received")
    assert (event.actor_id, event.object_id) == (contributor.pk, str(version.pk))
    assert event.data["sha256"] == version.sha256
    assert "Martin" not in str(event.data)


def test_the_place_on_disk_says_nothing_of_the_name(deposit):
    version = deposit("../Plan secret.txt", samples.TXT)

    assert "secret" not in version.file.name
    assert version.file.name.startswith("quarantine/")
    assert version.original_name == "Plan secret.txt"


@pytest.mark.parametrize(("title", "kept"), [("  Plan de reprise ", "Plan de reprise"), ("", "PRA 2026")])
def test_the_title_is_the_one_given_or_the_name_of_the_file(deposit, title, kept):
    assert deposit("PRA 2026.txt", samples.TXT, title=title).document.title == kept


def test_the_same_bytes_twice_are_one_version_and_one_file(deposit, quarantined):
    first = deposit("note.txt", samples.TXT)
    files = quarantined()

    again = deposit("copie.txt", samples.TXT)

    assert again == first
    assert Document.objects.count() == 1
    assert quarantined() == files


def test_two_publishers_keep_the_same_bytes_apart(deposit, stranger):
    mine = deposit("note.txt", samples.TXT)
    theirs = receive(publisher=PublisherFactory.create(), file=upload("note.txt", samples.TXT), by=stranger)

    assert theirs != mine
    assert theirs.file.name != mine.file.name


def test_bytes_that_were_lost_can_be_deposited_again(deposit):
    lost = mark_scanned(deposit("note.txt", samples.TXT), refused("altered"))

    assert deposit("note.txt", samples.TXT) != lost


def test_a_failed_transaction_leaves_no_file(deposit, quarantined, monkeypatch):
    def fail(task: str, subject_id: int) -> None:
        raise OperationalError("the connection was lost at the last write")

    monkeypatch.setattr("evidence.operations.enqueue", fail)
    files = quarantined()

    with pytest.raises(OperationalError):
        deposit("note.txt", samples.TXT)

    assert quarantined() == files
    assert not DocumentVersion.objects.exists()


def test_a_file_larger_than_it_announced_is_stopped_on_the_way(deposit, publisher, contributor, quarantined, settings):
    settings.EVIDENCE_MAX_BYTES = 1_000
    file = upload("journal.txt", b"une ligne\n" * 200)
    file.size = 10
    files = quarantined()

    with pytest.raises(InvalidUpload, match="too_large"):
        receive(publisher=publisher, file=file, by=contributor)

    assert quarantined() == files


def test_an_unacceptable_file_leaves_nothing(deposit, quarantined):
    files = quarantined()

    with pytest.raises(InvalidUpload):
        deposit("programme.pdf", b"MZ")

    assert quarantined() == files
    assert not Job.objects.exists()


def test_what_is_hashed_is_read_once_from_its_start():
    file = upload("note.txt", samples.TXT)
    file.read(5)
    hashed = HashedUpload(file)

    assert hashed.read(7) + hashed.read() == samples.TXT
    assert hashed.sha256 == hashlib.sha256(samples.TXT).hexdigest()
    assert hashed.count == len(samples.TXT)
    assert not hashed.seekable()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_by_several_colleagues_at_once_is_one_document(publisher, contributor, quarantined):
    files, together = quarantined(), threading.Barrier(4)

    def send() -> None:
        together.wait()
        with transaction.atomic():
            receive(publisher=publisher, file=upload("note.txt", samples.TXT), by=contributor)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert DocumentVersion.objects.count() == 1
    assert len(quarantined() - files) == 1
