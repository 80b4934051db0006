"""Two people at the same moment: the dossier's row decides who comes first, and nothing is lost or doubled."""

from functools import partial

import pytest

from assessments.answer_states import submitted_copy
from assessments.filing import Filing
from assessments.models import AnswerRevision, Attachment, Dossier, DossierNumber, Submission
from assessments.operations.answers import StaleAnswer, attach
from assessments.operations.dossiers import AlreadyOpen, finish_orientation
from assessments.operations.submissions import NotSubmittable, submit
from audit.models import Event
from questionnaires.queries import published
from tests.assessments.at_once import at_once
from tests.assessments.saving import open_for, save, state_of
from tests.assessments.test_finish_orientation import answer_all
from tests.factories import ProductFactory, UserFactory

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

KEY = "SEC-EXP-04"
# Recommended and without influence on others: changing it never stops a submission.
QUIET = "SEC-EXP-07"


def revisions(dossier, key):
    saved = AnswerRevision.objects.filter(answer__assessment__dossier=dossier, answer__question__key=key)
    return list(saved.order_by("number").values_list("number", "value"))


def test_two_saves_on_one_base_one_wins_and_the_other_is_shown_it(blank_dossier, contributor, mandataire):
    outcomes = at_once(
        partial(save, blank_dossier, KEY, "oui", by=contributor, base=0),
        partial(save, blank_dossier, KEY, "non", by=mandataire, base=0),
        refusals=(StaleAnswer,),
    )

    (stale,) = [outcome for outcome in outcomes if isinstance(outcome, StaleAnswer)]
    assert revisions(blank_dossier, KEY) == [(1, stale.current.value)]
    assert state_of(blank_dossier, KEY).value == stale.current.value


def test_six_saves_of_one_value_are_one_revision(blank_dossier, contributor):
    outcomes = at_once(
        *[partial(save, blank_dossier, KEY, "oui", by=contributor, base=0) for _ in range(6)], refusals=(StaleAnswer,)
    )

    assert not any(isinstance(outcome, StaleAnswer) for outcome in outcomes)
    assert revisions(blank_dossier, KEY) == [(1, "oui")]


def test_answers_to_different_questions_do_not_hinder_each_other(blank_dossier, contributor, mandataire):
    keys = ["SEC-EXP-04", "SEC-EXP-07", "SEC-EXP-09", "SEC-HEB-08", "RGPD-INF-06", "RGPD-VIO-01"]

    at_once(*[partial(save, blank_dossier, key, "oui", by=contributor, base=0) for key in keys], refusals=())

    assert [revisions(blank_dossier, key) for key in keys] == [[(1, "oui")]] * len(keys)


@pytest.mark.parametrize("attempt", range(4))
def test_an_answer_saved_beside_a_submission_is_in_it_or_waits(dossier, contributor, mandataire, attempt):
    """Either the submission holds the new answer, or it is a pending change: never a save that is told nowhere."""
    saved, submitted = at_once(
        partial(save, dossier, QUIET, "non", by=contributor, base=1, comment="Au dernier moment."),
        partial(submit, dossier=dossier, by=mandataire),
        refusals=(),
    )

    assert isinstance(submitted, Submission)
    assert not isinstance(saved, Exception)
    filed = submitted_copy(submitted, edition=published(dossier.edition), programme=dossier.programme).state(QUIET)
    assert state_of(dossier, QUIET).revision == 2
    dossier.refresh_from_db()
    assert (QUIET in Filing(dossier).pending) is (filed.revision == 1)


@pytest.mark.parametrize("attempt", range(4))
def test_a_file_given_beside_a_submission_is_in_it_or_waits(dossier, contributor, mandataire, new_file, attempt):
    version = new_file(clean=True)

    attached, submitted = at_once(
        partial(attach, dossier=dossier, key=QUIET, version=version, by=contributor),
        partial(submit, dossier=dossier, by=mandataire),
        refusals=(),
    )

    assert isinstance(submitted, Submission)
    assert isinstance(attached, Attachment)
    is_filed = submitted.items.get(question__key=QUIET).evidence.exists()
    dossier.refresh_from_db()
    assert (QUIET in Filing(dossier).pending) is not is_filed


def test_six_people_who_submit_at_once_submit_once(dossier):
    people = UserFactory.create_batch(6)

    outcomes = at_once(*[partial(submit, dossier=dossier, by=person) for person in people], refusals=(NotSubmittable,))

    assert sum(isinstance(outcome, Submission) for outcome in outcomes) == 1
    assert Submission.objects.count() == 1
    assert Event.objects.filter(verb="dossier.submitted").count() == 1


def test_dossiers_opened_at_once_have_numbers_that_follow_each_other(edition, contributor):
    products = ProductFactory.create_batch(8)

    opened = at_once(*[partial(open_for, product, by=contributor) for product in products], refusals=())

    numbers = sorted(dossier.number for dossier in opened if isinstance(dossier, Dossier))
    year = DossierNumber.objects.get().year
    assert numbers == [f"{year}-{number:06d}" for number in range(1, 9)]


def test_one_dossier_opened_by_six_people_at_once_is_opened_once(product, edition):
    people = UserFactory.create_batch(6)

    outcomes = at_once(*[partial(open_for, product, by=person) for person in people], refusals=(AlreadyOpen,))

    (dossier,) = [outcome for outcome in outcomes if isinstance(outcome, Dossier)]
    assert [outcome.dossier for outcome in outcomes if isinstance(outcome, AlreadyOpen)] == [dossier] * 5
    assert Dossier.objects.count() == 1
    assert DossierNumber.objects.get().last == 1


def test_one_file_attached_twice_at_once_is_attached_once(blank_dossier, contributor, mandataire, new_file):
    version = new_file()

    outcomes = at_once(
        *[
            partial(attach, dossier=blank_dossier, key="SEC-GOV-02", version=version, by=person)
            for person in (contributor, mandataire)
        ],
        refusals=(),
    )

    assert outcomes[0] == outcomes[1]
    assert Attachment.objects.count() == 1
    assert revisions(blank_dossier, "SEC-GOV-02") == [(1, None)]


def test_an_orientation_finished_twice_at_once_is_finished_once(new_dossier, contributor, mandataire):
    answer_all(new_dossier, contributor)

    at_once(
        *[partial(finish_orientation, dossier=new_dossier, by=person) for person in (contributor, mandataire)],
        refusals=(),
    )

    assert Event.objects.filter(verb="dossier.oriented").count() == 1
