"""After the reviewers sent a round back: what they asked about leaves again, with what it reveals; the rest waits."""

import pytest
from django.urls import reverse

from assessments.answer_states import working_copy
from assessments.filing import Filing
from assessments.models import Dossier, Submission, SubmissionItem, Verdict
from assessments.operations.answers import NotOpen, attach, detach
from assessments.operations.replies import reply
from assessments.operations.reviews import give_verdict, send_back
from assessments.operations.submissions import Incomplete, NotSettled, submit
from notifications.models import Notification
from questionnaires.queries import published
from results.operations import close_review
from tests.assessments.filled import examine, item_of, last_round, submitted_dossier
from tests.assessments.saving import open_keys_of, save

REFUSED, ASKED = "SEC-GOV-02", "ETH-ECQ-11"
# A « non applicable » to be judged; answered « oui », it reveals another question.
PARENT, REVEALED = "SEC-EXP-04", "SEC-EXP-05"
ACCEPTED, NEVER_JUDGED = "RGPD-INF-03", "SEC-EXP-09"


@pytest.fixture
def sent_back(product, contributor, reader, mandataire, reviewer) -> Dossier:
    """Refused on one proof and one « non applicable », asked about another, accepted on the rest."""
    dossier = submitted_dossier(
        product=product, by=contributor, not_applicable={PARENT: "Nous n’avons pas d’exploitation."}
    )
    examined = examine(dossier, by=reviewer, refused=[REFUSED, PARENT], asked=[ASKED])
    send_back(round=examined, definition=published(dossier.edition).definition, by=reviewer, message="Voyez.")
    dossier.refresh_from_db()
    return dossier


def filed(submission) -> dict[str, tuple[int, tuple[int, ...]]]:
    """What a submission holds, by key: the revision, and the files."""
    items = submission.items.select_related("question").prefetch_related("evidence")
    return {
        item.question.key: (item.revision_id, tuple(sorted(file.document_version_id for file in item.evidence.all())))
        for item in items
    }


def test_what_was_refused_or_asked_about_leaves_with_the_next_submission(sent_back):
    assert sent_back.state == Dossier.State.CORRECTIONS_ASKED
    assert Filing(sent_back).reopened == {REFUSED, ASKED, PARENT}


def test_a_question_that_a_correction_reveals_leaves_too(sent_back, contributor):
    save(sent_back, PARENT, "oui", by=contributor)

    assert Filing(sent_back).reopened == {REFUSED, ASKED, PARENT, REVEALED}
    save(sent_back, REVEALED, ["cnil", "cert_sante", "gie", "clients"], by=contributor)


@pytest.mark.parametrize("key", [ACCEPTED, NEVER_JUDGED])
def test_the_rest_of_the_working_copy_stays_open(sent_back, contributor, new_file, key):
    assert key in open_keys_of(sent_back)
    attach(dossier=sent_back, key=key, version=new_file(clean=True), by=contributor)

    assert Filing(sent_back).pending == (key,)


def test_the_orientation_is_shut_once_submitted(sent_back, contributor):
    with pytest.raises(NotOpen):
        save(sent_back, "ORI-DON-01", "non", by=contributor)


def test_an_orientation_answer_that_was_sent_back_is_open(product, contributor, reviewer):
    dossier = submitted_dossier(product=product, by=contributor)
    examined = examine(dossier, by=reviewer)
    item = item_of(dossier, "ORI-DON-01")
    give_verdict(round=examined, item=item, decision="question", text="En êtes-vous sûrs ?", by=reviewer)
    send_back(round=examined, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()

    assert "ORI-DON-01" in open_keys_of(dossier)
    assert "ORI-DON-02" not in open_keys_of(dossier)


def test_a_change_that_stays_pending_is_not_filed(sent_back, contributor, mandataire, new_file):
    before = filed(sent_back.submissions.get())
    (attachment,) = Filing(sent_back).attachments[ACCEPTED]
    detach(dossier=sent_back, key=ACCEPTED, attachment=attachment, by=contributor)
    save(sent_back, NEVER_JUDGED, "non", by=contributor)
    correct(sent_back, contributor, new_file)

    second = submit(dossier=sent_back, by=mandataire)

    after = filed(second)
    assert {key for key in after if after[key] != before.get(key)} == {REFUSED, PARENT, REVEALED}
    sent_back.refresh_from_db()
    assert set(Filing(sent_back).pending) == {NEVER_JUDGED, ACCEPTED}


def test_a_pending_change_that_could_not_be_filed_stops_nothing(sent_back, contributor, mandataire, new_file):
    """A proof taken away from an accepted answer, a file that waits for the scanner: they stay behind."""
    (attachment,) = Filing(sent_back).attachments[ACCEPTED]
    detach(dossier=sent_back, key=ACCEPTED, attachment=attachment, by=contributor)
    attach(dossier=sent_back, key=NEVER_JUDGED, version=new_file(), by=contributor)
    correct(sent_back, contributor, new_file)
    assert Filing(sent_back).evaluation.incomplete

    submit(dossier=sent_back, by=mandataire)


def test_a_correction_that_lacks_its_proof_stops_the_submission(sent_back, contributor, mandataire, new_file):
    correct(sent_back, contributor, new_file)
    for attachment in Filing(sent_back).attachments[REFUSED]:
        detach(dossier=sent_back, key=REFUSED, attachment=attachment, by=contributor)

    with pytest.raises(Incomplete) as stopped:
        submit(dossier=sent_back, by=mandataire)

    assert stopped.value.keys == (REFUSED,)


def test_what_was_sent_back_needs_a_change_or_a_reply(sent_back, contributor, mandataire, new_file):
    with pytest.raises(NotSettled) as stopped:
        submit(dossier=sent_back, by=mandataire)
    assert set(stopped.value.keys) == {REFUSED, ASKED, PARENT}

    correct(sent_back, contributor, new_file, replying=False)
    with pytest.raises(NotSettled) as stopped:
        submit(dossier=sent_back, by=mandataire)
    assert stopped.value.keys == (ASKED,)

    reply(dossier=sent_back, key=ASKED, text="Il date de mars.", by=contributor)
    submit(dossier=sent_back, by=mandataire)


def test_an_answer_changed_and_changed_back_is_no_correction(sent_back, contributor):
    comment = working_copy(sent_back).state(REFUSED).comment
    save(sent_back, REFUSED, None, by=contributor, comment="Voyez la page 3.")
    assert REFUSED not in Filing(sent_back).unsettled

    save(sent_back, REFUSED, None, by=contributor, comment=comment)

    assert REFUSED in Filing(sent_back).unsettled


def test_a_pending_change_never_closes_a_question_that_was_sent_back(product, contributor, reviewer, mandataire):
    """The working copy hides it, what is filed does not: it is still shown, open, and filed."""
    dossier = submitted_dossier(product=product, by=contributor)
    examined = examine(dossier, by=reviewer)
    give_verdict(round=examined, item=item_of(dossier, REVEALED), decision="question", text="Lesquels ?", by=reviewer)
    send_back(round=examined, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()

    save(dossier, PARENT, "non", by=contributor)

    filing = Filing(dossier)
    assert not filing.evaluation.questions[REVEALED].shown
    assert filing.result(REVEALED).shown
    save(dossier, REVEALED, ["cnil"], by=contributor)
    second = submit(dossier=dossier, by=mandataire, acknowledged=frozenset(Filing(dossier).next_evaluation.unmet))
    assert second.items.get(question__key=REVEALED).revision.value == ["cnil"]
    assert second.items.get(question__key=PARENT).revision.value == "oui"


def test_the_corrected_dossier_is_filed_beside_the_first(sent_back, contributor, mandataire, new_file):
    first = sent_back.submissions.get()
    before = list(SubmissionItem.objects.filter(submission=first).order_by("pk").values())
    correct(sent_back, contributor, new_file)

    second = submit(dossier=sent_back, by=mandataire)

    sent_back.refresh_from_db()
    assert sent_back.state == Dossier.State.SUBMITTED
    assert (second.number, second.round.number, second.round.review) == (2, 2, first.round.review)
    assert list(SubmissionItem.objects.filter(submission=first).order_by("pk").values()) == before
    assert Submission.objects.get(number=1).items.get(question__key=PARENT).revision.not_applicable
    assert second.items.get(question__key=PARENT).revision.value == "oui"


def correct(dossier, by, new_file, *, replying=True):
    """What the team does: another proof, an answer instead of the « non applicable », what it reveals, and a reply."""
    if replying:
        reply(dossier=dossier, key=ASKED, text="Il date de mars.", by=by)
    attach(dossier=dossier, key=REFUSED, version=new_file(clean=True), by=by)
    save(dossier, PARENT, "oui", by=by)
    save(dossier, REVEALED, ["clients", "cert_sante", "gie", "cnil"], by=by)


def test_accepted_items_keep_their_verdict_and_changed_ones_are_examined_again(
    sent_back, contributor, mandataire, new_file
):
    correct(sent_back, contributor, new_file)
    submit(dossier=sent_back, by=mandataire)

    verdicts = {v.item.question.key: v for v in last_round(sent_back).verdicts.select_related("item__question")}
    assert verdicts[ACCEPTED].carried_from is not None
    assert verdicts[ACCEPTED].decision == Verdict.Decision.ACCEPTED
    # Refused, or asked about and left as it was: nothing is carried.
    assert not {REFUSED, PARENT, ASKED} & set(verdicts)


def test_the_team_is_told_and_readers_are_not(sent_back, contributor, mandataire, reader):
    told = set(
        Notification.objects.filter(path=reverse("dossiers:instruction", args=[sent_back.number])).values_list(
            "recipient__email", flat=True
        )
    )

    assert told == {contributor.email, mandataire.email}


def test_a_dossier_back_with_the_reviewers_is_still_improved(sent_back, contributor, mandataire, new_file):
    correct(sent_back, contributor, new_file)
    second = submit(dossier=sent_back, by=mandataire)
    before = filed(second)
    sent_back.refresh_from_db()

    save(sent_back, PARENT, "non", by=contributor)

    assert filed(second) == before
    assert Filing(sent_back).pending == (PARENT,)


def test_nothing_is_written_once_closed_and_pending_changes_are_still_read(
    sent_back, contributor, mandataire, reviewer, review_lead, new_file
):
    correct(sent_back, contributor, new_file)
    save(sent_back, NEVER_JUDGED, "non", by=contributor)
    submit(dossier=sent_back, by=mandataire)
    examine(sent_back, by=reviewer)
    close_review(review=sent_back.review, outcome="favourable", conclusion="Conforme.", by=review_lead)
    sent_back.refresh_from_db()

    with pytest.raises(NotOpen):
        save(sent_back, NEVER_JUDGED, "oui", by=contributor)
    assert Filing(sent_back).pending == (NEVER_JUDGED,)
