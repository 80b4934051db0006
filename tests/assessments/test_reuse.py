"""Answers and files taken up from another dossier of the publisher."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.answer_states import working_copy
from assessments.filing import Filing
from assessments.models import AnswerOrigin, Attachment, Consultation
from assessments.operations.answers import link
from assessments.operations.dossiers import finish_orientation
from assessments.operations.reuse import NotThisPublishersDossier, confirm, take_up
from assessments.reuse import compare, reuse_from, sources_of
from audit.models import Event
from questionnaires.engine import Choice
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import open_for, save, state_of
from tests.dossiers.pages import text_of
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import ProductFactory

PROVEN, PLAIN, CHOICE = "SEC-GOV-02", "SEC-EXP-04", "SEC-GOV-03"


@pytest.fixture
def source(dossier):
    """Full, of the same publisher; named for what it is here."""
    return dossier


@pytest.fixture
def target(publisher, contributor, source):
    """Past its orientation, which was taken up, with nothing else answered."""
    target = open_for(ProductFactory.create(publisher=publisher), by=contributor)
    take_all(target, source, by=contributor)
    return finish_orientation(dossier=target, by=contributor)


def take_all(dossier, source, *, by):
    offered = reuse_from(source, Filing(dossier), by).offered
    bases = {each.key: each.current.revision for each in offered}
    return take_up(dossier=dossier, source=source, bases=bases, by=by)


def proposal_of(reuse, key):
    return next(each for each in reuse.offered if each.key == key)


def test_all_is_taken_up_with_files_and_origin_even_what_an_answer_reveals(source, target, contributor):
    done = take_all(target, source, by=contributor)

    theirs, ours = working_copy(source), working_copy(target)
    assert len(done) > 100
    for key in done:
        assert ours.state(key).value == theirs.state(key).value
        assert ours.state(key).files == theirs.state(key).files
    assert AnswerOrigin.objects.to_confirm().filter(revision__answer__question__key=PROVEN).exists()
    assert not Filing(target).unanswered - {key for key, _why in reuse_from(source, Filing(target), contributor).left}
    event = Event.objects.filter(verb="answers.reused").latest("pk")
    assert (event.data["dossier"], event.data["source"]) == (target.number, source.number)
    assert take_all(target, source, by=contributor) == ()


def test_what_somebody_answered_is_replaced_only_when_picked_as_it_stands(source, target, contributor, representative):
    save(target, PLAIN, "non", by=representative)
    proposal = proposal_of(reuse_from(source, Filing(target), contributor), PLAIN)

    assert (proposal.is_ticked, proposal.base) == (False, f"{PLAIN}:1")
    assert take_up(dossier=target, source=source, bases={PLAIN: 0}, by=contributor) == ()
    assert state_of(target, PLAIN).value == "non"
    assert take_up(dossier=target, source=source, bases={PLAIN: 1}, by=contributor) == (PLAIN,)
    assert state_of(target, PLAIN).value == "oui"


def test_a_file_goes_along_only_clean_and_in_its_latest_version(source, target, contributor):
    held = Attachment.objects.get(answer__assessment__dossier=source, answer__question__key=PROVEN)
    version = held.document_version
    newer = DocumentVersionFactory.create(
        document=version.document, number=version.number + 1, original_name="v2.pdf", clean=True
    )

    reuse = reuse_from(source, Filing(target), contributor)
    assert PROVEN not in {each.key for each in reuse.offered}
    assert "a été remplacé" in {question.key: why for question, why in reuse.left}[PROVEN]

    link(dossier=source, edition=working_copy(source).edition, key=PROVEN, version=newer, by=contributor)
    assert proposal_of(reuse_from(source, Filing(target), contributor), PROVEN).files[0].pk == newer.pk


def test_a_question_that_changed_is_not_ticked_and_a_choice_that_is_gone_is_not_proposed(source, target):
    filing, copy = Filing(target), working_copy(source)
    then = dict(copy.definition.questions)
    then[PLAIN] = replace(then[PLAIN], wording="Avez-vous une procédure ?")
    then[CHOICE] = replace(then[CHOICE], choices=(*then[CHOICE].choices, Choice(value="marion", label="MARION")))
    earlier = replace(
        copy.with_state(CHOICE, replace(copy.state(CHOICE), value="marion")),
        edition=replace(copy.edition, definition=replace(copy.definition, questions=then)),
    )

    reuse = compare(source, earlier, filing, usable=())

    changed = proposal_of(reuse, PLAIN)
    assert (changed.is_changed, changed.is_ticked) == (True, False)
    assert {"out", "in"} & {kind for kind, _words in changed.wording_diff}
    assert "ne fait plus partie des choix" in {question.key: why for question, why in reuse.left}[CHOICE]


def test_nothing_comes_from_another_publisher_nor_from_what_a_consultant_does_not_see(
    source, target, contributor, consultant, stranger
):
    theirs = filled_dossier(product=ProductFactory.create(publisher=stranger.memberships.get().publisher), by=stranger)

    assert list(sources_of(target, contributor)) == [source]
    with pytest.raises(NotThisPublishersDossier):
        take_up(dossier=target, source=theirs, bases={PLAIN: 0}, by=contributor)

    membership = consultant.memberships.get()
    Consultation.objects.create(dossier=target, membership=membership, granted_by=contributor)
    assert list(sources_of(target, consultant)) == []
    Consultation.objects.create(dossier=source, membership=membership, granted_by=contributor)
    assert list(sources_of(target, consultant)) == [source]


def test_it_stays_to_be_read_again_until_it_is_edited_or_confirmed_once(source, target, contributor):
    take_up(dossier=target, source=source, bases={PLAIN: 0, PROVEN: 0}, by=contributor)
    assert {PLAIN, PROVEN} <= Filing(target).origins.keys()

    save(target, PROVEN, state_of(target, PROVEN).value, by=contributor, comment="Relu.")
    confirm(dossier=target, key=PLAIN, by=contributor)
    confirm(dossier=target, key=PLAIN, by=contributor)

    assert not {PLAIN, PROVEN} & Filing(target).origins.keys()
    assert Event.objects.filter(verb="answer.confirmed").count() == 1
    with pytest.raises(IntegrityError, match="answerorigin_for_life"), transaction.atomic():
        AnswerOrigin.objects.filter(revision__answer__question__key=PLAIN, confirmed_by=contributor).update(
            confirmed_by=None, confirmed_at=None
        )


def test_the_pages_lead_from_the_dossier_to_what_was_taken_up(
    client, contributor, source, target, django_assert_max_num_queries
):
    client.force_login(contributor)
    reuse_url = reverse("dossiers:reuse", args=[target.number])

    assert "Voir ce qui peut être repris" in text_of(client.get(target.get_absolute_url()))
    with django_assert_max_num_queries(13):
        page = client.get(reuse_url)
    assert f"réponses peuvent être reprises de {source.product.name}, dossier {source.number}" in text_of(page)
    assert f'value="{PLAIN}:0" checked' in page.content.decode()

    nothing = client.post(reuse_url, {"source": source.number})
    assert (nothing.status_code, "Cochez au moins une réponse" in text_of(nothing)) == (422, True)

    client.post(reuse_url, {"source": source.number, "question": f"{PLAIN}:0"})
    theme = reverse("dossiers:theme", args=[target.number, "securite", "exploitation"])
    assert f"Reprise du dossier {source.number} ({source.product.name}), à relire." in text_of(client.get(theme))
    confirmed = client.post(reverse("dossiers:confirm", args=[target.number, PLAIN]))
    assert confirmed["Location"] == f"{theme}#{PLAIN}"
    assert "à relire." not in text_of(client.get(theme))


def test_the_page_names_the_files_that_come_with_an_answer(client, source, target, contributor):
    proposal = proposal_of(reuse_from(source, Filing(target), contributor), PROVEN)
    client.force_login(contributor)

    page = client.get(reverse("dossiers:reuse", args=[target.number]))

    (name,) = proposal.file_names
    assert f"Fichier joint\N{NO-BREAK SPACE}: {name}" in page.content.decode()
    assert "FileRow" not in page.content.decode()
