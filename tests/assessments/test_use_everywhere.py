"""A document's new version takes the place of the earlier ones, wherever the answer can still change."""

import pytest

from accounts.models import Membership
from assessments.models import Attachment, Dossier
from assessments.operations.answers import attach, detach
from assessments.operations.dossiers import move
from assessments.operations.new_versions import Kept, NotReadable, use_everywhere
from audit.models import Event
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import files_of
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import ProductFactory

KEY, OTHER, PDF_ONLY = "SEC-EXP-04", "SEC-GOV-01", "SEC-GOV-02"


@pytest.fixture
def first(new_file):
    return new_file(clean=True)


@pytest.fixture
def newest(first):
    return DocumentVersionFactory.create(document=first.document, number=2, clean=True)


def replaced(version, by):
    replacement = use_everywhere(version=version, by=by)
    return (
        [(place.dossier.number, place.key) for place in replacement.done],
        [(place.dossier.number, place.key, reason) for place, reason in replacement.kept],
    )


def test_every_open_answer_takes_it_and_the_trail_says_so(blank_dossier, first, newest, contributor, mandataire):
    for key in (KEY, OTHER):
        attach(dossier=blank_dossier, key=key, version=first, by=contributor)

    done, kept = replaced(newest, mandataire)

    assert sorted(done) == sorted((blank_dossier.number, key) for key in (KEY, OTHER))
    assert kept == []
    assert files_of(blank_dossier, KEY) == files_of(blank_dossier, OTHER) == [newest.pk]
    by_mandataire = Event.objects.filter(actor=mandataire)
    assert by_mandataire.filter(verb="evidence.attached").count() == 2
    assert by_mandataire.filter(verb="evidence.detached").count() == 2


def test_doing_it_again_changes_nothing(blank_dossier, first, newest, contributor):
    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    replaced(newest, contributor)

    assert replaced(newest, contributor) == ([], [])
    assert Attachment.objects.count() == 2


def test_a_question_that_is_full_without_a_refused_version_does_not_take_the_newest(
    blank_dossier, contributor, new_file
):
    refused = new_file(refused=True)
    for version in (refused, new_file(clean=True), new_file(clean=True)):
        attach(dossier=blank_dossier, key=PDF_ONLY, version=version, by=contributor)
    newest = DocumentVersionFactory.create(
        document=refused.document, number=2, clean=True, original_name="politique.pdf"
    )

    assert replaced(newest, contributor) == ([], [(blank_dossier.number, PDF_ONLY, Kept.FULL)])


def test_what_is_closed_keeps_its_version(product, contributor, first, newest, blank_dossier):
    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    other = filled_dossier(product=ProductFactory.create(publisher=product.publisher), by=contributor)
    attach(dossier=other, key=KEY, version=first, by=contributor)
    move(other, Dossier.State.CLOSED)

    done, kept = replaced(newest, contributor)

    assert done == [(blank_dossier.number, KEY)]
    assert kept == [(other.number, KEY, Kept.CLOSED)]
    assert first.pk in files_of(other, KEY)


def test_a_question_that_takes_no_such_file_keeps_its_version(blank_dossier, first, newest, contributor):
    attach(dossier=blank_dossier, key=PDF_ONLY, version=first, by=contributor)

    assert replaced(newest, contributor) == ([], [(blank_dossier.number, PDF_ONLY, Kept.FORMAT)])


def test_what_was_removed_does_not_come_back(blank_dossier, first, newest, contributor):
    attachment = attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    detach(dossier=blank_dossier, key=KEY, attachment=attachment, by=contributor)

    assert replaced(newest, contributor) == ([], [])


def test_a_later_version_that_waits_is_not_taken_back(blank_dossier, first, newest, contributor):
    waiting = DocumentVersionFactory.create(document=first.document, number=3)
    attach(dossier=blank_dossier, key=KEY, version=waiting, by=contributor)

    assert replaced(newest, contributor) == ([], [])
    assert files_of(blank_dossier, KEY) == [waiting.pk]


def test_where_both_stand_the_older_one_goes(blank_dossier, first, newest, contributor):
    for version in (first, newest):
        attach(dossier=blank_dossier, key=KEY, version=version, by=contributor)

    replaced(newest, contributor)

    assert files_of(blank_dossier, KEY) == [newest.pk]


def test_dossiers_that_the_person_does_not_see_are_left_alone(blank_dossier, first, newest, contributor, stranger):
    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)

    assert replaced(newest, stranger) == ([], [])


def test_whoever_may_not_fill_replaces_nothing(blank_dossier, first, newest, contributor):
    attach(dossier=blank_dossier, key=KEY, version=first, by=contributor)
    Membership.objects.filter(user=contributor).update(role=Membership.Role.READER)
    contributor.__dict__.pop("membership_roles", None)

    assert replaced(newest, contributor) == ([], [(blank_dossier.number, KEY, Kept.CLOSED)])


@pytest.mark.parametrize("state", ["waiting", "refused"])
def test_a_version_that_is_not_clean_takes_nobodys_place(first, contributor, state):
    traits = {"refused": True} if state == "refused" else {}
    version = DocumentVersionFactory.create(document=first.document, number=2, **traits)

    with pytest.raises(NotReadable):
        use_everywhere(version=version, by=contributor)
