"""Saving one answer: a revision each time, nothing lost, nothing overwritten unseen."""

import uuid

import pytest

from assessments.models import Answer, AnswerRevision, Dossier
from assessments.operations.answers import NotOpen, StaleAnswer
from assessments.operations.dossiers import move
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import evaluation_of, save, state_of

# Always asked, of an ordinary service; « oui » reveals SEC-EXP-05.
KEY, REVEALED = "SEC-EXP-04", "SEC-EXP-05"
# Asked of mobile applications only: the product has none.
HIDDEN = "SEC-MOB-01"


def history(dossier, key=KEY):
    """The values of an answer, in the order of its saves."""
    revisions = AnswerRevision.objects.filter(answer__assessment__dossier=dossier, answer__question__key=key)
    assert list(revisions.values_list("number", flat=True)) == list(range(1, len(revisions) + 1))
    return [revision.value for revision in revisions]


def test_a_save_is_the_current_value_and_a_revision(blank_dossier, contributor):
    save(blank_dossier, KEY, "oui", by=contributor, comment="Depuis 2024.")

    state = state_of(blank_dossier, KEY)
    assert (state.value, state.comment, state.revision) == ("oui", "Depuis 2024.", 1)
    assert (state.saved_by, state.saved_at is not None) == (contributor.full_name, True)
    revision = AnswerRevision.objects.get(answer__question__key=KEY)
    assert (revision.value, revision.comment, revision.saved_by) == ("oui", "Depuis 2024.", contributor)


def test_each_save_adds_a_revision_and_keeps_the_others(blank_dossier, contributor, mandataire):
    for value, person in [("oui", contributor), ("non", mandataire), (None, contributor), ("oui", mandataire)]:
        save(blank_dossier, KEY, value, by=person)

    assert history(blank_dossier) == ["oui", "non", None, "oui"]
    assert state_of(blank_dossier, KEY).revision == 4


@pytest.mark.parametrize("base", [0, 1, 2, 99])
def test_saving_what_stands_already_changes_nothing_whatever_the_base(blank_dossier, contributor, base):
    save(blank_dossier, KEY, "non", by=contributor)
    save(blank_dossier, KEY, "oui", by=contributor)

    saved = save(blank_dossier, KEY, "oui", by=contributor, base=base)

    assert history(blank_dossier) == ["non", "oui"]
    assert saved.after.working.state(KEY).revision == 2
    assert saved.before is saved.after


def test_an_empty_save_on_an_absent_answer_writes_nothing(blank_dossier, contributor):
    save(blank_dossier, KEY, None, by=contributor)

    assert history(blank_dossier) == []
    assert not Answer.objects.filter(question__key=KEY).exists()


@pytest.mark.parametrize("base", [0, 1, 99])
def test_a_save_based_on_another_revision_shows_theirs_and_writes_nothing(blank_dossier, contributor, mandataire, base):
    save(blank_dossier, KEY, "non", by=contributor)
    save(blank_dossier, KEY, "oui", by=mandataire, comment="Testé en mai.")

    with pytest.raises(StaleAnswer) as caught:
        save(blank_dossier, KEY, "non", by=contributor, base=base)

    theirs = caught.value.current
    assert (theirs.value, theirs.comment, theirs.revision) == ("oui", "Testé en mai.", 2)
    assert theirs.saved_by == mandataire.full_name
    assert history(blank_dossier) == ["non", "oui"]


def test_saving_again_on_theirs_replaces_it_knowingly(blank_dossier, contributor, mandataire):
    save(blank_dossier, KEY, "oui", by=mandataire)
    with pytest.raises(StaleAnswer) as caught:
        save(blank_dossier, KEY, "non", by=contributor, base=0)

    save(blank_dossier, KEY, "non", by=contributor, base=caught.value.current.revision)

    assert history(blank_dossier) == ["oui", "non"]


def test_a_save_sent_twice_is_written_once(blank_dossier, contributor):
    sent = uuid.uuid4()

    for _attempt in range(2):
        save(blank_dossier, KEY, "oui", by=contributor, base=0, mutation_id=sent)

    assert history(blank_dossier) == ["oui"]


def test_a_save_sent_again_after_a_colleague_answered_leaves_theirs(blank_dossier, contributor, mandataire):
    sent = uuid.uuid4()
    save(blank_dossier, KEY, "oui", by=contributor, base=0, mutation_id=sent)
    save(blank_dossier, KEY, "non", by=mandataire)

    again = save(blank_dossier, KEY, "oui", by=contributor, base=0, mutation_id=sent)

    assert history(blank_dossier) == ["oui", "non"]
    assert again.after.working.state(KEY).value == "non"


def test_even_on_the_base_that_its_first_reply_told(blank_dossier, contributor, mandataire):
    sent = uuid.uuid4()
    save(blank_dossier, KEY, "oui", by=contributor, base=0, mutation_id=sent)
    save(blank_dossier, KEY, "non", by=mandataire)

    again = save(blank_dossier, KEY, "oui", by=contributor, base=2, mutation_id=sent)

    assert history(blank_dossier) == ["oui", "non"]
    assert again.after.working.state(KEY).revision == 2


def test_one_mutation_may_touch_two_questions(blank_dossier, contributor):
    sent = uuid.uuid4()
    save(blank_dossier, KEY, "oui", by=contributor, mutation_id=sent)

    save(blank_dossier, "SEC-EXP-07", "oui", by=contributor, mutation_id=sent)

    assert history(blank_dossier, "SEC-EXP-07") == ["oui"]


@pytest.mark.parametrize("key", [HIDDEN, "SEC-XYZ-99"])
def test_a_question_that_is_not_shown_takes_no_answer(blank_dossier, contributor, key):
    with pytest.raises(NotOpen):
        save(blank_dossier, key, "oui", by=contributor)

    assert not Answer.objects.filter(question__key=key).exists()


CLOSED = [state for state in Dossier.State if state not in Dossier.WRITABLE]


@pytest.mark.parametrize("state", CLOSED)
def test_nothing_is_answered_while_the_dossier_is_with_others_or_over(dossier, contributor, state):
    move(dossier, state)

    with pytest.raises(NotOpen):
        save(dossier, KEY, "non", by=contributor)

    assert history(dossier) == ["oui"]


def test_the_orientation_comes_before_the_rest(new_dossier, contributor):
    save(new_dossier, "ORI-DON-01", "oui", by=contributor)
    with pytest.raises(NotOpen):
        save(new_dossier, KEY, "oui", by=contributor)

    assert state_of(new_dossier, "ORI-DON-01").value == "oui"


def test_the_orientation_may_be_answered_anew_while_filling(blank_dossier, contributor):
    save(blank_dossier, "ORI-DON-01", "oui", by=contributor)

    assert evaluation_of(blank_dossier).questions["SEC-IDU-01"].shown


def test_not_applicable_is_kept_beside_the_value_with_its_reason(blank_dossier, contributor):
    save(blank_dossier, KEY, "oui", by=contributor)
    save(blank_dossier, KEY, "oui", by=contributor, not_applicable=True, reason="Aucune donnée hébergée.")

    state = state_of(blank_dossier, KEY)
    assert (state.value, state.not_applicable, state.reason) == ("oui", True, "Aucune donnée hébergée.")
    assert evaluation_of(blank_dossier).questions[KEY].state == "not_applicable"


def test_not_applicable_without_a_reason_does_not_count(blank_dossier, contributor):
    save(blank_dossier, KEY, None, by=contributor, not_applicable=True)

    assert state_of(blank_dossier, KEY).not_applicable
    assert evaluation_of(blank_dossier).questions[KEY].incomplete


def test_the_save_tells_what_it_reveals_and_what_it_hides(blank_dossier, contributor):
    shown = save(blank_dossier, KEY, "oui", by=contributor)
    hidden = save(blank_dossier, KEY, "non", by=contributor)

    assert not shown.before.evaluation.questions[REVEALED].shown
    assert shown.after.evaluation.questions[REVEALED].shown
    assert not hidden.after.evaluation.questions[REVEALED].shown


def test_a_hidden_answer_is_kept_counts_for_nothing_and_comes_back(blank_dossier, contributor):
    save(blank_dossier, KEY, "oui", by=contributor)
    save(blank_dossier, REVEALED, ["cnil"], by=contributor)

    save(blank_dossier, KEY, "non", by=contributor)
    assert state_of(blank_dossier, REVEALED).value == ["cnil"]
    assert evaluation_of(blank_dossier).questions[REVEALED].state == "hidden"

    save(blank_dossier, KEY, "oui", by=contributor)
    assert evaluation_of(blank_dossier).questions[REVEALED].state == "answered"


def test_what_the_save_returns_is_what_a_fresh_reading_gives(blank_dossier, contributor):
    saved = save(blank_dossier, KEY, "oui", by=contributor)

    part, whole = saved.after.evaluation, evaluation_of(blank_dossier)
    assert saved.after.working.state(KEY) == state_of(blank_dossier, KEY)
    assert part.questions == {key: whole.questions[key] for key in part.questions}
    assert part.themes == {code: whole.themes[code] for code in part.themes}
    assert KEY in part.questions and part.themes


def test_a_save_costs_the_same_with_few_answers_and_with_all(blank_dossier, contributor, django_assert_num_queries):
    everything = filled_dossier(everything=True, by=contributor)

    for dossier in (blank_dossier, everything):
        save(dossier, KEY, "oui", by=contributor)
        base = state_of(dossier, KEY).revision
        with django_assert_num_queries(8):
            save(dossier, KEY, "non", by=contributor, base=base)


def test_a_save_that_follows_one_whose_outcome_was_never_learnt_is_no_conflict(blank_dossier, contributor):
    lost = uuid.uuid4()
    save(blank_dossier, KEY, "oui", by=contributor, base=0, mutation_id=lost)

    save(blank_dossier, KEY, "non", by=contributor, base=0, after=[uuid.uuid4(), lost])

    assert state_of(blank_dossier, KEY).value == "non"


def test_it_is_one_as_soon_as_a_colleague_has_saved_in_between(blank_dossier, contributor, mandataire):
    lost = uuid.uuid4()
    save(blank_dossier, KEY, "oui", by=contributor, base=0, mutation_id=lost)
    save(blank_dossier, KEY, "oui", by=mandataire, comment="Depuis mars.")

    with pytest.raises(StaleAnswer):
        save(blank_dossier, KEY, "non", by=contributor, base=0, after=[lost])
