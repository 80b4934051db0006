"""Two people's texts made one: what one wrote and the other did not touch is kept as it is, the rest is shown."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.merging import merged

sentences = st.lists(
    st.sampled_from(["Un.", "Deux !", "Trois ?", "Quatre", "\n", " ", "Cinq.\n\n", "six ;"]), max_size=8
)
texts = sentences.map(" ".join)


def merge(base: str, mine: str, theirs: str) -> str:
    return merged(base, mine, theirs)


@given(base=texts, other=texts)
def test_what_one_alone_changed_is_taken_as_it_is(base, other):
    assert merge(base, other, base) == other
    assert merge(base, base, other) == other


@given(base=texts, both=texts)
def test_what_both_changed_alike_stands_once(base, both):
    assert merge(base, both, both) == both


@given(base=texts, mine=texts, theirs=texts)
def test_no_word_that_somebody_added_is_lost(base, mine, theirs):
    words = set(merge(base, mine, theirs).split())

    assert (set(mine.split()) | set(theirs.split())) - set(base.split()) <= words


def test_changes_in_different_sentences_are_both_made():
    base = "Les journaux sont gardés six mois. Ils sont relus chaque semaine."
    mine = "Les journaux sont gardés douze mois. Ils sont relus chaque semaine."
    theirs = "Les journaux sont gardés six mois. Ils sont relus chaque semaine. Une alerte part la nuit."

    assert merge(base, mine, theirs) == (
        "Les journaux sont gardés douze mois. Ils sont relus chaque semaine. Une alerte part la nuit."
    )


def test_changes_in_the_same_sentence_stand_side_by_side_with_their_authors():
    assert merge("Six mois.", "Douze mois.", "Un an.") == "\nDouze mois.\nUn an.\n"
