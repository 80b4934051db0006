"""The evidence of a submission in one archive: what it holds, how it is made, who may take it, when it goes."""

import csv
import hashlib
import io
import json
import os
import tempfile
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments import tasks
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Attachment,
    Consultation,
    Dossier,
    EvidencePack,
    Programme,
    Submission,
    SubmissionEvidence,
    SubmissionItem,
)
from assessments.operations.dossiers import move, open_dossier
from assessments.operations.packs import PACK_TASK, expire_packs, request_pack
from assessments.packing import Altered, write_pack
from audit.models import Event
from evidence.models import DocumentVersion, evidence_storage
from jobs.models import Job
from questionnaires.queries import published
from tests.assessments.editions import published_edition
from tests.evidence.factories import DocumentVersionFactory
from tests.live import wait_until

POLICY, TRAINED = "SEC-GOV-02", "SEC-GOV-07"


@pytest.fixture
def dossier(product, contributor):
    """Opened, and oriented: what a pack needs is filed by `submission_of`."""
    dossier = open_dossier(
        product=product, programme=Programme.WITHOUT_EXCHANGE, edition=published_edition(), by=contributor
    )
    move(dossier, Dossier.State.FILLING)
    return dossier


def given(dossier, by, name, content, keys=(POLICY,), **traits):
    """A clean file of this name, for these questions."""
    version = DocumentVersionFactory.create(
        document__publisher=dossier.product.publisher, original_name=name, content=content, clean=True, **traits
    )
    for key in keys:
        Attachment.objects.create(answer=_answer(dossier, key, by), document_version=version, attached_by=by)
    return version


def _answer(dossier, key, by):
    question = published(dossier.edition).question_ids[key]
    assessment = Assessment.objects.get(dossier=dossier, version__themes__questions=question)
    common = {"updated_at": timezone.now(), "updated_by": by, "revision": 1}
    answer, created = Answer.objects.get_or_create(assessment=assessment, question_id=question, defaults=common)
    if created:
        AnswerRevision.objects.create(answer=answer, number=1, saved_at=timezone.now(), saved_by=by)
    return answer


def submission_of(dossier, by):
    """What is attached, filed: the questionnaires need not be complete for that here."""
    submission = Submission.objects.create(
        dossier=dossier, number=1, submitted_at=timezone.now(), evaluated_on=timezone.localdate(), submitted_by=by
    )
    for revision in AnswerRevision.objects.filter(answer__assessment__dossier=dossier):
        item = SubmissionItem.objects.create(
            submission=submission, question_id=revision.answer.question_id, revision=revision
        )
        for attachment in revision.answer.attachments.all():
            SubmissionEvidence.objects.create(item=item, document_version=attachment.document_version)
    move(dossier, Dossier.State.SUBMITTED)
    return Submission.objects.select_related("dossier__product__publisher", "dossier__edition").get(pk=submission.pk)


def made(submission, by):
    """The pack, asked for and made by the worker's task."""
    pack = request_pack(submission, by=by)
    tasks.pack_evidence(pack.job_id)
    pack.refresh_from_db()
    return pack


def opened(pack):
    with pack.file.open("rb") as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def manifest_of(archive):
    return json.loads(archive.read("manifest.json"))


def test_each_file_of_the_submission_lies_once_under_its_first_question_with_its_hash(dossier, contributor):
    given(dossier, contributor, "politique.txt", b"Notre politique.", keys=(POLICY, TRAINED))
    given(dossier, contributor, "registre.txt", b"Notre registre.")

    archive = opened(made(submission_of(dossier, contributor), contributor))

    manifest = manifest_of(archive)
    (policy,) = [each for each in manifest["files"] if each["name"] == "politique.txt"]
    assert policy["path"] == "securite/SEC-GOV-02/politique.txt"
    assert policy["questions"] == [POLICY, TRAINED]
    for each in manifest["files"]:
        content = archive.read(each["path"])
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (each["sha256"], each["size"])
    assert set(archive.namelist()) == {each["path"] for each in manifest["files"]} | {
        "manifest.json",
        "index.csv",
        "LISEZ-MOI.txt",
    }
    assert (manifest["dossier"], manifest["submission"]["number"]) == (dossier.number, 1)
    assert archive.testzip() is None


def test_the_index_has_a_line_for_each_question_and_no_formula(dossier, contributor):
    keys = (POLICY, TRAINED)
    given(dossier, contributor, "politique.txt", b"x", keys=keys, document__title="=HYPERLINK(0)")

    text = opened(made(submission_of(dossier, contributor), contributor)).read("index.csv").decode("utf-8-sig")

    rows = [row for row in csv.reader(io.StringIO(text), delimiter=";") if "politique.txt" in row[1]]
    assert [row[0] for row in rows] == [POLICY, TRAINED]
    assert {row[2] for row in rows} == {"'=HYPERLINK(0)"}


def test_two_files_of_one_name_keep_both_and_a_csv_opens_in_no_spreadsheet(dossier, contributor):
    given(dossier, contributor, "Annexe.txt", b"un")
    given(dossier, contributor, "annexe.txt", b"deux")
    given(dossier, contributor, "liste.csv", b"=1+1", media_type="text/csv")

    names = opened(made(submission_of(dossier, contributor), contributor)).namelist()

    assert {f"securite/{POLICY}/{name}" for name in ("Annexe.txt", "annexe (2).txt", "liste.csv.txt")} <= set(names)


def test_what_the_analysis_refused_since_is_named_and_left_out(dossier, contributor):
    version = given(dossier, contributor, "politique.txt", b"Notre politique.")
    submission = submission_of(dossier, contributor)
    DocumentVersion.objects.filter(pk=version.pk).update(state="refused", refusal="virus")

    archive = opened(made(submission, contributor))

    (told,) = [each for each in manifest_of(archive)["files"] if each["name"] == "politique.txt"]
    assert (told["path"], told["state"]) == (None, "refused")
    assert not [name for name in archive.namelist() if "politique.txt" in name]


def test_the_same_submission_gives_the_same_bytes(dossier, contributor):
    submission = submission_of(dossier, contributor)
    first = made(submission, contributor)
    kept = first.sha256
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        expire_packs()
        assert made(submission, contributor).sha256 == kept


def test_files_added_after_the_submission_are_not_in_its_pack(dossier, contributor):
    submission = submission_of(dossier, contributor)
    given(dossier, contributor, "apres.txt", b"plus tard")

    assert "apres.txt" not in str(opened(made(submission, contributor)).namelist())


def test_bytes_that_are_not_those_that_were_filed_are_never_given(dossier, contributor):
    version = given(dossier, contributor, "politique.txt", b"Notre politique.")
    submission = submission_of(dossier, contributor)
    storage, name = evidence_storage(), version.file.name
    with storage.open(name, "wb") as file:
        file.write(b"autre chose")
    pack = request_pack(submission, by=contributor)

    with pytest.raises(Altered):
        tasks.pack_evidence(pack.job_id)

    pack.refresh_from_db()
    assert not pack.is_ready
    assert Job.objects.get(pk=pack.job_id or 0).state == Job.State.FAILED


def test_asking_twice_is_asking_once_and_what_failed_is_asked_again(dossier, contributor):
    submission = submission_of(dossier, contributor)
    pack = request_pack(submission, by=contributor)
    assert request_pack(submission, by=contributor).job_id == pack.job_id
    Job.objects.filter(pk=pack.job_id or 0).update(state=Job.State.FAILED)
    assert request_pack(submission, by=contributor).job_id != pack.job_id
    assert Job.objects.filter(task=PACK_TASK).count() == 2
    assert Event.objects.filter(verb="evidence.pack_requested").count() == 1


def test_a_task_that_comes_twice_leaves_what_the_first_one_made(dossier, contributor):
    pack = made(submission_of(dossier, contributor), contributor)
    made_at = pack.expires_at
    Job.objects.filter(pk=pack.job_id or 0).update(state=Job.State.QUEUED)

    tasks.pack_evidence(pack.job_id)

    pack.refresh_from_db()
    assert pack.expires_at == made_at
    assert Job.objects.get(pk=pack.job_id or 0).state == Job.State.DONE


def test_without_its_storage_the_work_waits(dossier, contributor, monkeypatch):
    submission = submission_of(dossier, contributor)
    pack = request_pack(submission, by=contributor)
    monkeypatch.setattr("assessments.tasks.write_pack", unreachable)

    with pytest.raises(OSError, match="away"):
        tasks.pack_evidence(pack.job_id)

    assert Job.objects.get(pk=pack.job_id or 0).state == Job.State.QUEUED


def unreachable(*_arguments):
    raise OSError("away")


def test_a_pack_goes_with_its_bytes_when_its_time_is_over(dossier, contributor, settings):
    pack = made(submission_of(dossier, contributor), contributor)
    name = pack.file.name
    with time_machine.travel(timezone.now() + timedelta(days=settings.EVIDENCE_PACK_DAYS, hours=1)):
        expire_packs()
    assert not EvidencePack.objects.exists()
    assert not evidence_storage().exists(name)


def test_memory_does_not_grow_with_the_files(dossier, contributor):
    """Forty files of half a megabyte; the archive goes to a file."""
    for number in range(40):
        content = bytes([number]) * 500_000
        given(dossier, contributor, f"annexe-{number}.pdf", content, media_type="application/pdf")
    submission = submission_of(dossier, contributor)
    with tempfile.TemporaryFile() as target:
        tracemalloc.start()
        write_pack(submission, target, lambda percent: None)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert target.tell() > 20_000_000
    assert peak < 6_000_000


def test_the_page_offers_the_pack_shows_its_progress_then_the_file(client, dossier, contributor):
    submission = submission_of(dossier, contributor)
    client.force_login(contributor)
    page = reverse("dossiers:detail", args=[dossier.number])
    assert "Préparer l’archive des preuves" in client.get(page).content.decode()

    client.post(reverse("dossiers:pack", args=[dossier.number]))
    waiting = client.get(reverse("dossiers:pack", args=[dossier.number])).content.decode()
    assert "<progress" in waiting
    tasks.pack_evidence(EvidencePack.objects.get(submission=submission).job_id)
    assert "Télécharger les preuves" in client.get(page).content.decode()

    response = client.get(reverse("dossiers:pack-file", args=[dossier.number]))
    assert response.headers["Content-Disposition"] == f'attachment; filename="preuves-{dossier.number}-1.zip"'
    assert zipfile.is_zipfile(io.BytesIO(b"".join(response)))
    assert Event.objects.filter(verb="evidence.pack_taken").count() == 1


@pytest.mark.parametrize("who", ["reader", "consultant"])
def test_who_may_not_open_what_is_confidential_cannot_take_everything(client, dossier, contributor, request, who):
    person = request.getfixturevalue(who)
    submission_of(dossier, contributor)
    if who == "consultant":
        Consultation.objects.create(dossier=dossier, membership=person.memberships.get(), granted_by=contributor)
    client.force_login(person)

    page = client.get(reverse("dossiers:detail", args=[dossier.number])).content.decode()

    assert dossier.number in page
    assert "archive des preuves" not in page
    assert client.post(reverse("dossiers:pack", args=[dossier.number])).status_code == 403


def test_before_the_first_submission_there_is_nothing_to_take(client, dossier, contributor):
    client.force_login(contributor)
    assert "archive des preuves" not in client.get(reverse("dossiers:detail", args=[dossier.number])).content.decode()
    assert client.post(reverse("dossiers:pack", args=[dossier.number])).status_code == 404


@pytest.mark.postgresql
def test_a_worker_killed_while_it_packs_shows_nothing_and_the_next_one_yields_the_whole_archive(
    celery_worker, dossier, contributor, client
):
    client.force_login(contributor)
    for number in range(12):
        given(dossier, contributor, f"annexe-{number}.txt", os.urandom(4_000_000))
    submission = submission_of(dossier, contributor)
    pack = request_pack(submission, by=contributor)
    job = Job.objects.filter(task=PACK_TASK, subject_id=pack.pk)
    wait_until(lambda: job.get().progress > 0, "the first file in the archive")

    celery_worker.kill()

    pack.refresh_from_db()
    assert (job.get().state, pack.is_ready) == (Job.State.RUNNING, False)
    assert client.get(reverse("dossiers:pack-file", args=[dossier.number])).status_code == 404

    celery_worker.start()
    wait_until(lambda: job.get().state == Job.State.DONE, "the archive, made by the second worker", seconds=60)
    pack.refresh_from_db()
    archive = opened(pack)
    assert archive.testzip() is None
    assert len(archive.namelist()) == 12 + 3
    assert job.get().attempts > 1
