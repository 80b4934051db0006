"""Reading a dossier: a few queries whatever it holds, and files as the rules see them."""

import pytest

from assessments.answer_states import submitted_copy, working_copy
from assessments.filing import Filing
from assessments.policies import can_fill, can_submit
from questionnaires.queries import published
from tests.assessments.filled import filled_dossier, submit_again
from tests.assessments.saving import open_for


def test_the_working_copy_costs_two_queries_empty_and_full(blank_dossier, django_assert_num_queries):
    full = filled_dossier(everything=True)
    published(full.edition)

    for dossier in (blank_dossier, full):
        with django_assert_num_queries(2):
            working_copy(dossier)


def test_a_submission_costs_two_queries_whatever_it_holds(dossier, contributor, django_assert_num_queries):
    submission = submit_again(dossier, by=contributor).submissions.get()
    edition = published(dossier.edition)

    with django_assert_num_queries(2):
        submitted_copy(submission, edition=edition, programme=dossier.programme)


def test_the_answers_of_another_dossier_of_the_product_stay_out(dossier, contributor):
    other = open_for(dossier.product, by=contributor, programme="with_exchange")

    assert set(working_copy(other).states) == {"DOC-ELI-03", "DOC-ELI-05"}
    assert not Filing(other).attachments


@pytest.mark.parametrize(
    ("who", "fills", "submits"),
    [
        ("mandataire", True, True),
        ("representative", True, True),
        ("contributor", True, False),
        ("reader", False, False),
        ("stranger", False, False),
        ("reviewer", False, False),
        ("administrator", False, False),
    ],
)
def test_who_fills_and_who_submits(request, dossier, who, fills, submits):
    person = request.getfixturevalue(who)

    assert (can_fill(person, dossier), can_submit(person, dossier)) == (fills, submits)
