"""After the reviewers sent a round back: only what they asked about reopens, and what the new answers reveal."""

import pytest

from assessments import policies
from assessments.answer_states import working_copy
from assessments.models import Dossier, Submission, SubmissionItem, Verdict
from assessments.operations.answers import NotOpen, attach, detach
from assessments.operations.reviews import send_back
from assessments.operations.submissions import submit
from notifications.models import Notification
from questionnaires.queries import published
from tests.assessments.filled import examine, last_round, submitted_dossier
from tests.assessments.saving import evaluation_of, save

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


def open_keys(dossier):
    return policies.open_keys(dossier, working_copy(dossier), evaluation_of(dossier))


def test_only_what_was_refused_or_asked_about_reopens(sent_back):
    assert sent_back.state == Dossier.State.CORRECTIONS_ASKED
    assert open_keys(sent_back) == {REFUSED, ASKED, PARENT}


@pytest.mark.parametrize("key", [ACCEPTED, NEVER_JUDGED, "ORI-DON-01"])
def test_the_rest_stays_shut(sent_back, contributor, new_file, key):
    with pytest.raises(NotOpen):
        save(sent_back, key, "non", by=contributor)
    with pytest.raises(NotOpen):
        attach(dossier=sent_back, key=key, version=new_file(), by=contributor)


def test_the_proof_of_an_accepted_answer_stays_attached(sent_back, contributor):
    (attachment,) = working_copy(sent_back).attachments[ACCEPTED]

    with pytest.raises(NotOpen):
        detach(dossier=sent_back, key=ACCEPTED, attachment=attachment, by=contributor)


def test_a_question_that_a_correction_reveals_is_open_too(sent_back, contributor):
    save(sent_back, PARENT, "oui", by=contributor)

    assert open_keys(sent_back) == {REFUSED, ASKED, PARENT, REVEALED}
    save(sent_back, REVEALED, ["cnil", "cert_sante", "gie", "clients"], by=contributor)


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


def correct(dossier, by, new_file):
    """What the team does: another proof, an answer instead of the « non applicable », and what it reveals."""
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
        Notification.objects.filter(path=sent_back.get_absolute_url()).values_list("recipient__email", flat=True)
    )

    assert told == {contributor.email, mandataire.email}


def test_a_dossier_back_with_the_reviewers_has_nothing_open(sent_back, contributor, mandataire, new_file):
    correct(sent_back, contributor, new_file)
    submit(dossier=sent_back, by=mandataire)
    sent_back.refresh_from_db()

    assert open_keys(sent_back) == frozenset()
