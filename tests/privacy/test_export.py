"""A copy of one's data: asked for, made by a worker, and holding one's own data only."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership
from accounts.operations.invitations import invite
from accounts.operations.teams import remove_member
from assessments.models import AnswerRevision
from assessments.operations.visits import note_visit
from audit.models import Event
from audit.operations import record
from evidence.models import DocumentVersion
from jobs.models import Job
from jobs.operations import MAX_ATTEMPTS, claim, fail
from notifications.models import Notification
from notifications.operations import notify
from privacy import tasks
from privacy.collecting import collect
from privacy.models import DataExport
from privacy.operations.exports import EXPORT_TASK, request_export, store_export
from privacy.tasks import export as export_task
from tests.assessments.filled import SENTENCE, examine, filled_dossier, submitted_dossier
from tests.enrolment.asked import sent
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import MembershipFactory
from tests.privacy.asked import queued


class Killed(BaseException):
    """What a worker dies of: nothing catches it."""


def opened(export):
    with export.file.open("rb") as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def data_in(export):
    return json.loads(opened(export).read("donnees.json"))


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def deposited(user, publisher, name, **traits):
    known = {"content": f"Le contenu de {name}".encode(), "clean": True}
    return DocumentVersionFactory.create(
        document__publisher=publisher, document__created_by=user, original_name=name, **known | traits
    )


def test_the_archive_holds_the_account_the_teams_and_the_trail_of_its_owner(exported, contributor, publisher):
    notify([contributor], subject="Bonjour", body="Un message pour vous.")
    record("product.created", publisher, by=contributor)

    data = data_in(exported(contributor))

    assert data["compte"][0]["adresse"] == contributor.email
    assert data["compte"][0]["nom"] == contributor.full_name
    assert data["adresses"] == [{"email": contributor.email, "verified": True, "primary": True}]
    assert [(row["editeur"], row["role"]) for row in data["equipes"]] == [("Cœur et Compagnie", "contributor")]
    assert [row["texte"] for row in data["messages"]] == ["Un message pour vous."]
    assert [row["action"] for row in data["journal"]] == ["product.created", "data.export_requested"]


def test_it_holds_when_one_opened_each_dossier_and_nobody_else_s_visits(exported, contributor, reader, product):
    dossier = filled_dossier(product=product, by=contributor)
    for person in (contributor, reader):
        note_visit(dossier=dossier, by=person, at=timezone.now())

    rows = data_in(exported(contributor))["visites_de_dossiers"]

    assert [(row["dossier"], row["precedente"]) for row in rows] == [(dossier.number, None)]


def test_it_says_in_french_what_it_holds_and_what_it_does_not(exported, contributor):
    words = opened(exported(contributor)).read("LISEZ-MOI.txt").decode()

    assert words.startswith("Vos données dans Convergence")
    assert "donnees.json\u00a0:" in words
    assert "votre mot de passe" in words


def test_answers_and_files_of_a_dossier_are_there(exported, contributor, product):
    dossier = submitted_dossier(product=product, by=contributor)

    export = exported(contributor)

    data = data_in(export)
    assert {row["dossier"] for row in data["reponses"]} == {dossier.number}
    assert [row["dossier"] for row in data["soumissions"]] == [dossier.number]
    kept = [name for name in opened(export).namelist() if name.startswith("documents/")]
    assert len(kept) == len(data["documents"]) > 0


def test_the_bytes_of_the_files_are_those_that_were_deposited(exported, contributor, publisher):
    version = deposited(contributor, publisher, "politique.pdf")

    archive = opened(exported(contributor))

    assert archive.read(f"documents/{version.pk}-politique.pdf") == b"Le contenu de politique.pdf"
    assert archive.testzip() is None


def test_two_files_of_the_same_name_are_both_there(exported, contributor, publisher):
    pair = [deposited(contributor, publisher, "politique.pdf", content=bytes([n])) for n in (1, 2)]

    archive = opened(exported(contributor))

    assert [archive.read(f"documents/{version.pk}-politique.pdf") for version in pair] == [b"\x01", b"\x02"]


def test_a_colleague_appears_nowhere(exported, contributor, representative, publisher, product):
    submitted_dossier(product=product, by=representative)
    deposited(representative, publisher, "du-collegue.pdf")
    notify([representative], subject="Pour le collègue", body="Rien pour vous.")
    record("product.created", product, by=representative, publisher=publisher.pk)

    archive = opened(exported(contributor))

    assert archive.namelist() == ["LISEZ-MOI.txt", "donnees.json"]
    text = archive.read("donnees.json").decode()
    for word in (representative.email, representative.full_name, "du-collegue", "Pour le collègue", "product.created"):
        assert word not in text


def test_of_a_message_that_names_somebody_else_the_text_stays_behind(exported, contributor, representative):
    """Their name would outlive their account in the archive of another."""
    notify([contributor], subject="On vous écrit", body=f"{representative} vous écrit.", about=representative)

    data = data_in(exported(contributor))

    assert [row["objet"] for row in data["messages_sur_d_autres"]] == ["On vous écrit"]
    assert representative.full_name not in json.dumps(data, ensure_ascii=False)


def test_what_a_reviewer_wrote_and_who_they_are_is_not_the_team_s_to_take(exported, contributor, reviewer, product):
    dossier = submitted_dossier(product=product, by=contributor)
    examine(dossier, by=reviewer, refused=["SEC-GOV-02"])

    data = data_in(exported(contributor))

    assert data["verdicts"] == []
    assert "Il manque la page signée" not in json.dumps(data, ensure_ascii=False)
    assert reviewer.email not in json.dumps(data)


def test_a_reviewer_takes_away_their_verdicts_without_the_answers(exported, contributor, reviewer, product):
    dossier = submitted_dossier(product=product, by=contributor)
    examine(dossier, by=reviewer)

    data = data_in(exported(reviewer))

    assert {row["dossier"] for row in data["verdicts"]} == {dossier.number}
    assert data["reponses"] == data["documents"] == []
    assert data["compte"][0]["roles"] == ["reviewer"]


def test_no_secret_is_in_it(exported, administrator, publisher, mandataire):
    stored = administrator.authenticator_set.get().data["secret"]

    text = opened(exported(administrator)).read("donnees.json").decode()

    assert administrator.password not in text
    assert stored not in text
    assert json.loads(text)["seconds_facteurs"][0]["type"] == "totp"


def test_an_invitation_does_not_tell_its_link_nor_the_name_of_the_other(exported, publisher, mandataire):
    invitation = invite(publisher, email="bob@editeur.example", role="reader", by=mandataire)

    data = data_in(exported(mandataire))

    assert [row["role"] for row in data["invitations"]] == ["reader"]
    assert invitation.token_hash not in json.dumps(data)
    assert "bob@editeur.example" not in json.dumps(data["invitations"])


def test_files_stay_with_the_publisher_when_its_member_has_left(exported, contributor, mandataire, publisher):
    deposited(contributor, publisher, "politique.pdf")
    remove_member(Membership.objects.get(user=contributor), by=mandataire)

    export = exported(fresh(contributor))

    assert not [name for name in opened(export).namelist() if name.startswith("documents/")]
    data = data_in(export)
    assert data["documents"] == []
    assert [set(row) for row in data["documents_pour_d_autres"]] == [{"numero", "le"}]
    assert "politique.pdf" not in json.dumps(data)


@pytest.mark.parametrize("leaves", ["removed", "lapsed"])
def test_what_was_written_for_a_publisher_stays_with_it_when_its_author_has_left(
    exported, publisher, product, mandataire, leaves
):
    role = {"removed": "contributor", "lapsed": "consultant"}[leaves]
    until = timezone.now() + timedelta(days=1) if leaves == "lapsed" else None
    place = MembershipFactory.create(publisher=publisher, role=role, expires_at=until)
    reason = "Aucun-audit-encore"
    dossier = filled_dossier(product=product, by=place.user, not_applicable={"SEC-DEV-06": reason})
    documents = DocumentVersion.objects.filter(received_from=place.user)
    names = set(documents.values_list("original_name", flat=True))
    if leaves == "removed":
        remove_member(place, by=mandataire)
    else:
        Membership.objects.filter(pk=place.pk).update(expires_at=timezone.now())

    data = data_in(exported(fresh(place.user)))

    assert data["reponses"] == data["preuves_jointes"] == data["documents"] == []
    assert {row["dossier"] for row in data["reponses_pour_d_autres"]} == {dossier.number}
    assert len(data["reponses_pour_d_autres"]) == AnswerRevision.objects.filter(saved_by=place.user).count()
    assert {tuple(row) for row in data["reponses_pour_d_autres"]} == {("dossier", "exigence", "le")}
    assert {tuple(row) for row in data["preuves_jointes_pour_d_autres"]} == {("dossier", "exigence", "le")}
    text = json.dumps(data, ensure_ascii=False)
    assert [word for word in (reason, SENTENCE[:40], *names) if word in text] == []


def test_a_consultant_takes_away_the_list_of_what_they_filled(exported, consultant, product):
    filled_dossier(product=product, by=consultant)

    data = data_in(exported(consultant))

    assert data["reponses"] == []
    assert data["reponses_pour_d_autres"]


def test_the_proof_of_ones_own_account_request_is_ones_own(exported, stranger):
    sent(by=stranger)

    export = exported(stranger)

    assert [row["nom"] for row in data_in(export)["documents"]] == ["kbis.pdf"]
    assert len(opened(export).namelist()) == 3


def test_teams_that_were_left_are_told(exported, contributor, mandataire):
    remove_member(Membership.objects.get(user=contributor), by=mandataire)

    data = data_in(exported(fresh(contributor)))

    assert data["equipes"] == []
    (left,) = data["anciennes_equipes"]
    assert (left["editeur"], left["role"]) == ("Cœur et Compagnie", "contributor")


@pytest.mark.parametrize("state", ["refused", "received"])
def test_a_file_that_was_not_cleared_is_listed_but_not_handed_over(exported, contributor, publisher, state):
    traits = {"clean": False} | ({"refused": True} if state == "refused" else {})
    deposited(contributor, publisher, "douteux.pdf", **traits)

    export = exported(contributor)

    assert len(opened(export).namelist()) == 2
    assert data_in(export)["documents"][0]["etat"] == state


def test_the_owner_is_told_when_it_is_ready_and_until_when(exported, contributor, settings):
    export = exported(contributor)

    message = Notification.objects.get(recipient=contributor)
    assert message.subject == "La copie de vos données est prête"
    assert f"{settings.RETENTION_DAYS['exports']} jours" in message.body
    left = export.expires_at - timezone.now()
    assert timedelta(days=settings.RETENTION_DAYS["exports"]) - left < timedelta(minutes=1)
    assert (export.job.state, export.job.progress) == (Job.State.DONE, 100)


def test_a_second_request_returns_the_one_under_way(contributor):
    first = request_export(contributor)

    assert request_export(contributor) == first
    assert Job.objects.filter(task=EXPORT_TASK).count() == 1
    assert Event.objects.filter(verb="data.export_requested").count() == 1


def test_once_it_is_ready_another_may_be_asked_for(exported, contributor):
    first = exported(contributor)

    assert request_export(contributor) != first


def test_two_people_ask_each_for_their_own(contributor, reader):
    assert request_export(contributor) != request_export(reader)
    assert Job.objects.filter(task=EXPORT_TASK).count() == 2


def test_one_that_failed_is_queued_again(contributor):
    failed = queued(contributor)
    fail(failed, f"Abandoned after {MAX_ATTEMPTS} attempts.")

    again = request_export(contributor)

    assert again == DataExport.objects.get()
    assert again.job_id != failed.pk
    export_task(again.job_id)
    assert DataExport.objects.get().is_ready


def test_a_job_that_runs_twice_makes_one_archive(exported, contributor, exports_folder):
    first = exported(contributor)

    export_task(first.job_id)
    Job.objects.filter(pk=first.job_id).update(state=Job.State.QUEUED)
    export_task(first.job_id)

    again = DataExport.objects.get()
    assert (again.sha256, again.expires_at) == (first.sha256, first.expires_at)
    assert len(files(exports_folder)) == 1
    assert Notification.objects.filter(recipient=contributor).count() == 1


def test_a_job_that_another_worker_holds_is_left_alone(contributor, monkeypatch):
    job = queued(contributor)
    claim(job.pk)
    monkeypatch.setattr(tasks, "write_archive", None)  # would fail if it were called

    export_task(job.pk)

    assert DataExport.objects.get().expires_at is None


@pytest.mark.parametrize("step", ["write_archive", "store_export"])
def test_killed_before_any_step_it_yields_the_archive_at_the_next_run(contributor, monkeypatch, exports_folder, step):
    def die(*args: object) -> None:
        raise Killed

    job = queued(contributor)
    with monkeypatch.context() as patched:
        patched.setattr(tasks, step, die)
        with pytest.raises(Killed):
            export_task(job.pk)
    Job.objects.filter(pk=job.pk).update(alive_at=timezone.now() - timedelta(hours=1))

    export_task(job.pk)

    assert DataExport.objects.get().is_ready
    assert len(files(exports_folder)) == 1


def test_killed_between_the_file_and_the_row_it_leaves_no_stray_archive(contributor, monkeypatch, exports_folder):
    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    export = request_export(contributor)
    with monkeypatch.context() as patched:
        patched.setattr(DataExport, "save", die)
        with pytest.raises(Killed):
            store_export(export, io.BytesIO(b"PK first"))
    assert len(files(exports_folder)) == 1

    store_export(export, io.BytesIO(b"PK second"))

    (kept,) = files(exports_folder)
    assert kept.read_bytes() == b"PK second"


def test_a_storage_that_is_away_makes_the_job_wait_for_the_sweep(contributor, monkeypatch):
    def away(*args: object) -> None:
        raise OSError("no space left")

    job = queued(contributor)
    monkeypatch.setattr(tasks, "store_export", away)
    with pytest.raises(OSError, match="no space"):
        export_task(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_it_is_ready_until_its_time_is_over(exported, contributor):
    export = exported(contributor)

    with time_machine.travel(export.expires_at - timedelta(seconds=1), tick=False):
        assert export.is_ready
    with time_machine.travel(export.expires_at, tick=False):
        assert not export.is_ready


def test_queries_do_not_grow_with_what_there_is(contributor, publisher, product):
    record("product.created", product, by=contributor)
    collect(contributor)  # their roles are read once
    few = _count(contributor)

    for number in range(20):
        record("product.updated", product, by=contributor)
        notify([contributor], subject=f"Message {number}", body="Lisez.")

    assert _count(contributor) == few


def _count(user):
    with CaptureQueriesContext(connection) as captured:
        collect(user)
    return len(captured)


def test_asking_is_traced_with_a_number_only(exported, contributor):
    export = exported(contributor)

    event = Event.objects.get(verb="data.export_requested")
    assert (event.actor, event.object_id, event.data) == (contributor, str(export.pk), {})
