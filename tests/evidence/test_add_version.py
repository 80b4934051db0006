"""A new version of a document: numbered, scanned, and nothing of the others changes."""

import pytest

from audit.models import Event
from evidence.library import SameBytes, add_version
from evidence.models import DocumentVersion
from evidence.operations import mark_scanned
from evidence.scanners import clean, refused
from evidence.uploads import InvalidUpload
from jobs.models import Job
from tests.assessments.at_once import at_once
from tests.evidence import samples


@pytest.fixture
def first(deposit):
    return mark_scanned(deposit("note.txt", samples.TXT), clean())


def give(document, by, content=b"Une autre note.", name="note-2.txt"):
    return add_version(document=document, file=samples.upload(name, content), by=by)


def test_it_takes_the_next_number_and_waits_for_its_scan(first, mandataire):
    version = give(first.document, mandataire)

    assert (version.number, version.state, version.received_from) == (2, "received", mandataire)
    assert Job.objects.filter(task="evidence.scan", subject_id=version.pk).exists()
    assert Event.objects.filter(verb="evidence.received", object_id=str(version.pk)).exists()
    first.refresh_from_db()
    assert (first.state, first.document.newest_clean) == ("clean", first)


def test_once_clean_it_is_the_newest(first, mandataire):
    version = mark_scanned(give(first.document, mandataire), clean())

    assert first.document.newest_clean == version
    assert first.document.current == version


def test_the_bytes_of_the_current_version_are_told_to_be_so(first, mandataire, quarantined):
    files = quarantined()

    with pytest.raises(SameBytes) as error:
        give(first.document, mandataire, samples.TXT)

    assert error.value.version == first
    assert quarantined() == files


def test_an_older_version_may_come_back(first, mandataire):
    give(first.document, mandataire)

    assert give(first.document, mandataire, samples.TXT).number == 3


def test_what_was_refused_may_come_again(deposit, mandataire):
    version = mark_scanned(deposit("note.txt", samples.TXT), refused("altered"))

    assert give(version.document, mandataire, samples.TXT).number == 2


@pytest.mark.parametrize(("name", "content"), [("a.exe", b"MZ"), ("a.pdf", b"texte"), ("a.txt", b"")])
def test_what_is_not_taken_leaves_nothing(first, mandataire, quarantined, name, content):
    files = quarantined()

    with pytest.raises(InvalidUpload):
        give(first.document, mandataire, content, name)

    assert quarantined() == files
    assert first.document.versions.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_versions_given_at_once_follow_each_other(first, mandataire, contributor):
    contents = (b"Deux.", b"Trois.", b"Quatre.")

    at_once(*[lambda content=each: give(first.document, contributor, content) for each in contents], refusals=())

    assert sorted(DocumentVersion.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_version_given_at_once_is_one(first, contributor, quarantined):
    given = at_once(*[lambda: give(first.document, contributor)] * 3, refusals=(SameBytes,))

    assert sum(isinstance(each, SameBytes) for each in given) == 2
    assert first.document.versions.count() == len(quarantined()) == 2
