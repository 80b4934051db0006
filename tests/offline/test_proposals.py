"""Three ways of one field: as it left, as it came back, as it stands."""

import pytest

from assessments.answer_states import AnswerState
from assessments.offline.proposals import Edit, plan
from assessments.operations.answers import Entry
from tests.offline.sheets import filing_of

LEFT = Entry(value="oui", comment="Avant.")


def planned(fields, *, stands, base=LEFT, open_keys=("YES-1",)):
    filing = filing_of({"YES-1": AnswerState(revision=5, **stands)})
    edit = Edit(key="YES-1", base=3, fields=fields)
    return plan([edit], filing, {"YES-1": base} if base else {}, open_keys)


@pytest.mark.parametrize(
    ("fields", "stands", "ready", "contested"),
    [
        ({"value": "oui"}, {"value": "non"}, (), ()),  # not touched outside: theirs stays
        ({"value": "non"}, {"value": "oui"}, ("value",), ()),  # touched outside only
        ({"value": "non"}, {"value": "non"}, (), ()),  # both say the same
        ({"value": "non"}, {"value": None}, (), ("value",)),  # touched on both sides
        ({"value": "non", "comment": "Ici."}, {"value": "oui", "comment": "Là."}, ("value",), ("comment",)),
        ({"comment": ""}, {"value": "non", "comment": "Avant."}, ("comment",), ()),  # a comment beside their answer
    ],
)
def test_each_cell_is_compared_with_what_left_and_with_what_stands(fields, stands, ready, contested):
    stands = {"comment": "Avant.", **stands}
    found = planned(fields, stands=stands).open

    assert [(each.ready, each.contested) for each in found] == ([(ready, contested)] if ready or contested else [])


def test_a_choice_takes_one_cell_and_leaves_the_others_as_they_stand():
    found = planned({"value": "non", "comment": "Ici."}, stands={"value": None, "comment": "Là.", "reason": "R"})

    assert found.entries([]) == {}
    assert found.entries([("YES-1", "value")]) == {"YES-1": Entry(value="non", reason="R", comment="Là.")}
    assert found.entries([("AUTRE-1", "value"), ("YES-1", "nothing")]) == {}


def test_a_revision_that_never_was_makes_a_conflict_of_every_difference():
    found = planned({"value": "non", "comment": "Là."}, stands={"value": "oui", "comment": "Là."}, base=None)

    assert [(each.ready, each.contested) for each in found.open] == [((), ("value",))]


def test_a_question_that_takes_no_answer_now_is_told_apart():
    found = planned({"value": "non"}, stands={"value": "oui", "comment": "Avant."}, open_keys=())

    assert (found.open, [each.key for each in found.shut], found.seen) == ((), ["YES-1"], {})
