"""Files of an answer: linked while the question is open, unlinked without being lost."""

import pytest

from assessments.models import AnswerRevision, Attachment, Dossier
from assessments.operations.answers import NotOpen, NotThisDossiersFile, attach, detach
from assessments.operations.dossiers import move
from audit.models import Event
from tests.assessments.saving import evaluation_of, files_of, save, state_of
from tests.evidence.factories import DocumentVersionFactory

# A file question, and a yes/no question that needs no proof.
KEY, OTHER, HIDDEN = "SEC-GOV-02", "SEC-EXP-04", "SEC-IDU-09"


def test_a_file_becomes_the_answer_of_its_question(blank_dossier, contributor, new_file):
    version = new_file(clean=True)

    attachment = attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)

    assert (attachment.document_version, attachment.attached_by) == (version, contributor)
    assert files_of(blank_dossier, KEY) == [version.pk]
    assert not evaluation_of(blank_dossier).questions[KEY].incomplete


def test_an_answer_of_files_only_has_a_revision_to_point_to(blank_dossier, contributor, new_file):
    attach(dossier=blank_dossier, key=KEY, version=new_file(), by=contributor)
    attach(dossier=blank_dossier, key=KEY, version=new_file(), by=contributor)

    revision = AnswerRevision.objects.get(answer__question__key=KEY)
    assert (revision.number, revision.value) == (1, None)


def test_a_file_leaves_the_answer_and_its_revision_as_they_are(blank_dossier, contributor, new_file):
    save(blank_dossier, OTHER, "oui", by=contributor)

    attach(dossier=blank_dossier, key=OTHER, version=new_file(), by=contributor)

    state = state_of(blank_dossier, OTHER)
    assert (state.value, state.revision) == ("oui", 1)


def test_attaching_again_is_attaching_once(blank_dossier, contributor, new_file):
    version = new_file()

    first = attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)
    again = attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)

    assert first == again
    assert Event.objects.filter(verb="evidence.attached").count() == 1


def test_one_file_may_prove_two_answers(blank_dossier, contributor, new_file):
    version = new_file()

    for key in (KEY, OTHER):
        attach(dossier=blank_dossier, key=key, version=version, by=contributor)

    assert files_of(blank_dossier, KEY) == files_of(blank_dossier, OTHER) == [version.pk]


def test_the_file_of_another_publisher_is_not_taken(blank_dossier, contributor):
    with pytest.raises(NotThisDossiersFile):
        attach(dossier=blank_dossier, key=KEY, version=DocumentVersionFactory.create(), by=contributor)

    assert not Attachment.objects.exists()
    assert not AnswerRevision.objects.filter(answer__question__key=KEY).exists()


@pytest.mark.parametrize(("traits", "incomplete"), [({}, False), ({"clean": True}, False), ({"refused": True}, True)])
def test_a_waiting_file_proves_and_a_refused_one_does_not(blank_dossier, contributor, new_file, traits, incomplete):
    attach(dossier=blank_dossier, key=KEY, version=new_file(**traits), by=contributor)

    assert evaluation_of(blank_dossier).questions[KEY].incomplete is incomplete


def test_a_removed_link_is_kept_with_who_and_when(blank_dossier, contributor, mandataire, new_file):
    version = new_file()
    attachment = attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)

    detach(dossier=blank_dossier, key=KEY, attachment=attachment, by=mandataire)

    attachment.refresh_from_db()
    assert (attachment.removed_by, attachment.removed_at is not None) == (mandataire, True)
    assert state_of(blank_dossier, KEY).files == ()
    version.refresh_from_db()


def test_removing_twice_is_removing_once(blank_dossier, contributor, mandataire, new_file):
    attachment = attach(dossier=blank_dossier, key=KEY, version=new_file(), by=contributor)

    for person in (contributor, mandataire):
        detach(dossier=blank_dossier, key=KEY, attachment=attachment, by=person)

    attachment.refresh_from_db()
    assert attachment.removed_by == contributor
    assert Event.objects.filter(verb="evidence.detached").count() == 1


def test_a_removed_file_can_be_attached_again(blank_dossier, contributor, new_file):
    version = new_file()
    first = attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)
    detach(dossier=blank_dossier, key=KEY, attachment=first, by=contributor)

    second = attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)

    assert second != first
    assert files_of(blank_dossier, KEY) == [version.pk]


@pytest.mark.parametrize("key", [HIDDEN, "SEC-XYZ-99"])
def test_a_question_that_is_not_shown_takes_no_file(blank_dossier, contributor, new_file, key):
    with pytest.raises(NotOpen):
        attach(dossier=blank_dossier, key=key, version=new_file(), by=contributor)


@pytest.mark.parametrize("state", [state for state in Dossier.State if state not in Dossier.WRITABLE])
def test_files_stay_as_they_are_while_the_dossier_is_with_others_or_over(dossier, contributor, new_file, state):
    attachment = Attachment.objects.filter(answer__question__key=KEY).get()
    move(dossier, state)

    with pytest.raises(NotOpen):
        attach(dossier=dossier, key=KEY, version=new_file(), by=contributor)
    with pytest.raises(NotOpen):
        detach(dossier=dossier, key=KEY, attachment=attachment, by=contributor)

    assert files_of(dossier, KEY) == [attachment.document_version.pk]


def test_a_link_is_removed_by_its_own_question_and_dossier_only(blank_dossier, contributor, new_file, product):
    attachment = attach(dossier=blank_dossier, key=KEY, version=new_file(), by=contributor)

    detach(dossier=blank_dossier, key=OTHER, attachment=attachment, by=contributor)

    attachment.refresh_from_db()
    assert attachment.removed_at is None


def test_the_trail_tells_which_bytes_and_not_their_name(blank_dossier, contributor, new_file):
    version = new_file(original_name="contrat-dupont.txt")

    attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)

    event = Event.objects.get(verb="evidence.attached")
    assert event.data == {"dossier": blank_dossier.number, "question": KEY, "sha256": version.sha256}
    assert (event.actor, event.object_id) == (contributor, str(blank_dossier.pk))
