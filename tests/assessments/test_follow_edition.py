"""A dossier follows a newer edition: everything is carried or stays readable, at once, once, and nothing is altered."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership
from assessments.answer_states import working_copy
from assessments.filing import Filing
from assessments.models import (
    Answer,
    AnswerOrigin,
    AnswerRevision,
    Assessment,
    Attachment,
    Attribution,
    Dossier,
    Draft,
    EditionChange,
    Import,
    TeamComment,
)
from assessments.next_edition import NextEdition, next_edition_of
from assessments.operations.answers import Entry, NotOpen, StaleAnswer, attach, detach, save_answer
from assessments.operations.attributions import attribute
from assessments.operations.comments import write_comment
from assessments.operations.dossiers import AlreadyOpen, move, open_dossier
from assessments.operations.drafts import keep_draft
from assessments.operations.next_edition import NotANextEdition, NotNow, follow_edition
from assessments.operations.reuse import confirm
from assessments.operations.submissions import NotReadAgain, submit
from assessments.views.threads import _get_subject
from audit.models import Event
from notifications.models import Notification
from questionnaires.engine import Fate
from tests.assessments.filled import filled_dossier
from tests.assessments.next_editions import edition_after_next, make_complete, next_edition, save
from tests.factories import MembershipFactory

RECONFIRMED, DROPPED, NEW_PROFILE = "SEC-IDU-07", "SEC-GOV-08", "ORI-FON-09"
SPLIT, HALF = "SEC-EXP-01", "SEC-EXP-10"


@pytest.fixture
def edition_2027(db):
    return next_edition()


@pytest.fixture
def followed(dossier, edition_2027, contributor):
    """The same dossier, once it follows 2027."""
    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    return Dossier.objects.select_related("product", "edition").get(pk=dossier.pk)


def rows_of(dossier, **where):
    """Everything that was answered in a dossier, row by row."""
    answers = Answer.objects.filter(assessment__dossier=dossier, **where)
    files = Attachment.objects.filter(answer__in=answers)
    revisions = AnswerRevision.objects.filter(answer__in=answers)
    return [list(each.order_by("pk").values()) for each in (answers, revisions, files)]


def test_what_is_kept_says_and_shows_the_same(dossier, edition_2027, contributor):
    before = working_copy(dossier)
    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    dossier.refresh_from_db()

    after = working_copy(dossier)
    kept = [key for key in before.states if key in after.definition.questions and key != SPLIT]

    assert len(kept) > 100
    for key in kept:
        assert after.state(key).says_the_same_as(before.state(key)), key
    assert {file.pk for state in after.states.values() for file in state.files} == {
        file.pk for state in before.states.values() for file in state.files
    }


def test_what_is_kept_stays_its_authors_of_the_day_it_was_written(dossier, edition_2027, mandataire):
    before = Answer.objects.get(assessment__dossier=dossier, question__key="SEC-GOV-01")
    follow_edition(dossier=dossier, edition=edition_2027, by=mandataire)

    after = Answer.objects.get(assessment__dossier=dossier, assessment__replaced_by=None, question__key="SEC-GOV-01")
    assert after.pk != before.pk
    assert (after.updated_by, after.updated_at) == (before.updated_by, before.updated_at)
    to_read = Answer.objects.get(assessment__dossier=dossier, assessment__replaced_by=None, question__key=RECONFIRMED)
    assert to_read.updated_by == mandataire


def test_every_old_answer_is_carried_or_named_as_left_behind(dossier, edition_2027):
    plan = NextEdition(Filing(dossier), edition_2027)
    held = {key for key, state in plan.filing.working.states.items() if state.revision}
    carried = {source for each in plan.carriages if each.is_filled for source in each.carried.sources}

    assert held <= carried | {each.key for each in plan.carried.left_behind}
    assert {each.key for each in plan.carried.left_behind} >= {DROPPED}


def test_nothing_of_the_edition_before_is_altered(dossier, edition_2027, contributor):
    before = rows_of(dossier)
    events = Event.objects.count()

    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)

    assert rows_of(dossier, assessment__replaced_by__isnull=False) == before
    assert Event.objects.count() == events + 1


def test_each_carried_answer_says_which_one_it_repeats(followed):
    origins = AnswerOrigin.objects.filter(revision__answer__assessment__dossier=followed)

    assert origins.count() == AnswerRevision.objects.filter(answer__assessment__replaced_by=None).count()
    for origin in origins.select_related("revision__answer__question", "source__answer__question"):
        assert origin.kind == AnswerOrigin.Kind.EDITION
        assert origin.source.answer.assessment.replaced_by is not None
        if origin.revision.answer.question.key not in {HALF, "SEC-MOB-08"}:
            assert origin.revision.answer.question.key == origin.source.answer.question.key


def test_following_twice_is_following_once(dossier, edition_2027, contributor, mandataire):
    first = follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    rows = rows_of(dossier)

    # A page that was open since before still says the edition of before.
    again = follow_edition(dossier=dossier, edition=edition_2027, by=mandataire)

    assert again == first
    assert rows_of(dossier) == rows
    assert Event.objects.filter(verb="dossier.edition_followed").count() == 1


def test_stopped_halfway_it_leaves_nothing(dossier, edition_2027, contributor, monkeypatch):
    before, assessments = rows_of(dossier), list(Assessment.objects.order_by("pk").values())

    def killed(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assessments.operations.next_edition.record", killed)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        follow_edition(dossier=dossier, edition=edition_2027, by=contributor)

    dossier.refresh_from_db()
    assert dossier.edition.code == "2026"
    assert rows_of(dossier) == before
    assert list(Assessment.objects.order_by("pk").values()) == assessments
    assert not EditionChange.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "under_review", "corrections_asked", "closed", "withdrawn", "outdated"])
def test_what_is_examined_or_over_keeps_its_edition(dossier, edition_2027, contributor, state):
    move(dossier, state)

    with pytest.raises(NotNow):
        follow_edition(dossier=dossier, edition=edition_2027, by=contributor)


def test_an_edition_that_comes_before_is_followed_by_nobody(followed, contributor):
    earlier = EditionChange.objects.get().from_edition

    with pytest.raises(NotANextEdition):
        follow_edition(dossier=followed, edition=earlier, by=contributor)


def test_two_open_dossiers_of_a_product_do_not_meet_under_one_edition(dossier, edition_2027, contributor):
    other = open_dossier(product=dossier.product, programme=dossier.programme, edition=edition_2027, by=contributor)

    with pytest.raises(AlreadyOpen) as caught:
        follow_edition(dossier=dossier, edition=edition_2027, by=contributor)

    assert caught.value.dossier == other


def test_a_new_question_of_the_orientation_sends_the_dossier_back_there(followed, contributor):
    assert followed.state == Dossier.State.ORIENTATION
    assert NEW_PROFILE in Filing(followed).evaluation.incomplete


def test_what_is_to_be_read_again_keeps_from_submitting_until_it_is_read(followed, contributor, mandataire):
    make_complete(followed, by=contributor)
    to_read = Filing(followed).to_read_again
    assert {RECONFIRMED, SPLIT, HALF, "ORI-FON-03"} <= set(to_read)
    assert set(to_read) <= Filing(followed).blocking

    with pytest.raises(NotReadAgain) as caught:
        submit(dossier=followed, by=mandataire)
    assert caught.value.keys == to_read

    for key in to_read:
        if key != RECONFIRMED:
            confirm(dossier=followed, key=key, by=contributor)
    save(followed, RECONFIRMED, "12", by=contributor)

    assert Filing(followed).to_read_again == ()
    submission = submit(dossier=followed, by=mandataire, acknowledged=frozenset(Filing(followed).evaluation.unmet))
    assert submission.number == 1


def test_what_was_filed_holds_the_answers_of_the_new_edition_alone(followed, contributor, mandataire):
    make_complete(followed, by=contributor)
    for key in Filing(followed).to_read_again:
        confirm(dossier=followed, key=key, by=contributor)

    submission = submit(dossier=followed, by=mandataire, acknowledged=frozenset(Filing(followed).evaluation.unmet))

    versions = set(submission.items.values_list("question__theme__version__number", flat=True))
    assert versions == {"2027.1"}
    assert not submission.items.filter(revision__answer__assessment__replaced_by__isnull=False).exists()


def test_a_page_opened_before_is_told_that_it_is_stale(dossier, edition_2027, contributor, mandataire):
    base = working_copy(dossier).state("SEC-GOV-01").revision
    follow_edition(dossier=dossier, edition=edition_2027, by=mandataire)
    move(Dossier.objects.get(pk=dossier.pk), Dossier.State.FILLING)

    with pytest.raises(StaleAnswer):
        save_answer(dossier=dossier, key="SEC-GOV-01", entry=Entry(value="x" * 30), base_revision=base, by=contributor)
    with pytest.raises(NotOpen):
        save_answer(dossier=dossier, key=DROPPED, entry=Entry(value="hors_champ"), base_revision=1, by=contributor)


def test_a_file_is_joined_when_and_by_whom_it_was(dossier, edition_2027, contributor, mandataire):
    key = next(key for key, files in Filing(dossier).attachments.items() if files)
    was = Filing(dossier).attachments[key][0]
    Attachment.objects.filter(pk=was.pk).update(attached_at=timezone.now() - timedelta(days=9))
    was.refresh_from_db()

    follow_edition(dossier=dossier, edition=edition_2027, by=mandataire)
    dossier.refresh_from_db()

    now = Filing(dossier).attachments[key][0]
    assert now.pk != was.pk
    assert (now.document_version_id, now.attached_at, now.attached_by_id) == (
        was.document_version_id,
        was.attached_at,
        contributor.pk,
    )


def test_a_file_of_the_edition_before_is_not_removed_from_it(dossier, edition_2027, contributor):
    key = next(key for key, files in Filing(dossier).attachments.items() if files)
    was = Filing(dossier).attachments[key][0]
    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    dossier.refresh_from_db()
    move(dossier, Dossier.State.FILLING)

    detach(dossier=dossier, key=key, attachment=was, by=contributor)

    was.refresh_from_db()
    assert was.removed_at is None


def test_drafts_talk_and_shares_follow_the_questions(dossier, edition_2027, contributor, mandataire):
    subject, gone = _get_subject(dossier, "SEC-MOB-04"), _get_subject(dossier, DROPPED)
    member = Membership.objects.get(user=contributor, publisher=dossier.publisher_id)
    whole = _get_subject(dossier, "SEC-GOV-01")
    theme = type(whole)(section=whole.section, theme=whole.theme, key="")
    for each in (subject, gone, theme):
        attribute(dossier=dossier, subject=each, to=member, by=mandataire)
    write_comment(dossier=dossier, key="SEC-MOB-05", text="À voir ensemble.", by=contributor)
    write_comment(dossier=dossier, key=DROPPED, text="Hors champ ?", by=contributor)
    base = working_copy(dossier).state("SEC-GOV-01").revision
    keep_draft(dossier=dossier, key="SEC-GOV-01", typed={"value": ["Nadia"]}, base_revision=base, by=contributor)

    follow_edition(dossier=dossier, edition=edition_2027, by=mandataire)
    dossier.refresh_from_db()

    ids = Filing(dossier).working.edition.question_ids
    draft = Draft.objects.get()
    assert draft.question_id == ids["SEC-GOV-01"]
    assert draft.base_revision == working_copy(dossier).state("SEC-GOV-01").revision
    assert TeamComment.objects.get(text="À voir ensemble.").question_id == ids["SEC-MOB-08"]
    assert TeamComment.objects.get(text="Hors champ ?").question.key == DROPPED
    assert Attribution.objects.filter(question=ids["SEC-MOB-08"], membership=member).exists()
    assert Attribution.objects.get(theme__isnull=False).theme.version.number == "2027.1"


def test_what_was_brought_back_and_not_imported_is_let_go_of(dossier, edition_2027, contributor):
    Import.objects.create(
        dossier=dossier,
        author=contributor,
        source="json",
        file_name="reponses.json",
        content={},
        expires_at=timezone.now() + timedelta(days=1),
    )
    assert [each.file_name for each in NextEdition(Filing(dossier), edition_2027).imports] == ["reponses.json"]

    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)

    assert not Import.objects.exists()


def test_answers_that_are_merged_are_all_pointed_to(dossier, edition_2027, contributor):
    for key, value in (("SEC-MOB-04", "oui"), ("SEC-MOB-05", "non")):
        state = working_copy(dossier)
        answer_row = Answer.objects.create(
            assessment=dossier.assessments.get(version__questionnaire__code="SEC"),
            question_id=state.edition.question_ids[key],
            value=value,
            revision=1,
            updated_at=timezone.now(),
            updated_by=contributor,
        )
        AnswerRevision.objects.create(
            answer=answer_row, number=1, value=value, saved_at=timezone.now(), saved_by=contributor
        )

    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)

    origin = AnswerOrigin.objects.get(revision__answer__question__key="SEC-MOB-08")
    (merged,) = origin.merged.all()
    assert (origin.revision.value, origin.source.value, merged.source.value) == ("oui", "oui", "non")
    assert (origin.to_read, merged.differs) == (True, True)


def test_the_rest_of_the_team_is_told(dossier, edition_2027, contributor, mandataire):
    Notification.objects.all().delete()

    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)

    told = {each.recipient for each in Notification.objects.all()}
    assert mandataire in told
    assert contributor not in told


def test_an_origin_says_for_life_why_it_is_read_again(followed):
    origin = AnswerOrigin.objects.get(revision__answer__question__key=RECONFIRMED)
    assert "30 minutes" in origin.why

    for change in ({"why": "Autre."}, {"to_read": False}, {"kind": "dossier"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnswerOrigin.objects.filter(pk=origin.pk).update(**change)


def test_a_questionnaire_that_does_not_change_keeps_its_answers_where_they_are(followed, contributor):
    third = edition_after_next()
    doctrine = followed.assessments.get(version__questionnaire__code="DOC", replaced_by=None)
    before = rows_of(followed, assessment=doctrine)

    follow_edition(dossier=followed, edition=third, by=contributor)

    doctrine.refresh_from_db()
    assert doctrine.replaced_by is None
    assert rows_of(followed, assessment=doctrine) == before


def test_after_three_editions_every_first_answer_is_reached(dossier, edition_2027, contributor):
    first = rows_of(dossier)
    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    dossier.refresh_from_db()
    second = rows_of(dossier, assessment__replaced_by=None)
    follow_edition(dossier=dossier, edition=edition_after_next(), by=contributor)
    dossier.refresh_from_db()

    by_change = {each.to_edition.code: each for each in EditionChange.objects.all()}
    assert rows_of(dossier, assessment__replaced_by=by_change["2027"]) == first
    everything = rows_of(dossier)
    for row, whole in zip(second, everything, strict=True):
        assert all(each in whole for each in row)
    # From what stands today back to what was answered first, by the origins.
    current = Answer.objects.get(assessment__dossier=dossier, assessment__replaced_by=None, question__key="SEC-GOV-02")
    origin = AnswerOrigin.objects.get(revision__answer=current)
    earlier = AnswerOrigin.objects.get(revision=origin.source)
    assert earlier.source.answer.assessment.replaced_by == by_change["2027"]


def test_a_dossier_may_skip_an_edition(dossier, edition_2027, contributor):
    third = edition_after_next()
    assert next_edition_of(dossier) == third
    plan = NextEdition(Filing(dossier), third)
    fates = {each.key: each.fate for each in plan.carriages}

    follow_edition(dossier=dossier, edition=third, by=contributor)
    dossier.refresh_from_db()

    assert (fates[RECONFIRMED], fates["SEC-GOV-01"], fates[NEW_PROFILE]) == (
        Fate.TO_RECONFIRM,
        Fate.TO_RECONFIRM,
        Fate.NEW,
    )
    assert {DROPPED, "SEC-GOV-07"} <= {each.key for each in plan.carried.left_behind}
    assert working_copy(dossier).state("SEC-GOV-02").files


def test_what_nobody_read_again_is_still_to_be_read_under_the_next_edition(followed, contributor):
    follow_edition(dossier=followed, edition=edition_after_next(), by=contributor)
    followed.refresh_from_db()

    assert RECONFIRMED in Filing(followed).origins


def test_an_empty_row_and_no_row_are_carried_alike(product, edition_2027, contributor):
    dossier = filled_dossier(product=product, by=contributor)
    key = "SEC-GOV-07"
    plan = NextEdition(Filing(dossier), edition_2027)
    blank = plan.filing.with_answer(key, type(plan.filing.working.state(key))())
    without = plan.filing.working.states.keys() - {key}

    emptied = NextEdition(blank, edition_2027)

    assert not emptied.carried.answers[key].held.states
    assert {each: emptied.carried.answers[each] for each in without if each in emptied.carried.answers} == {
        each: plan.carried.answers[each] for each in without if each in plan.carried.answers
    }


def test_whoever_saw_to_a_question_sees_to_both_halves_of_it(dossier, edition_2027, mandataire, publisher):
    member = MembershipFactory.create(publisher=publisher, role=Membership.Role.CONTRIBUTOR)
    attribute(dossier=dossier, subject=_get_subject(dossier, SPLIT), to=member, by=mandataire)

    follow_edition(dossier=dossier, edition=edition_2027, by=mandataire)

    held = Attribution.objects.filter(membership=member, question__theme__version__number="2027.1")
    assert set(held.values_list("question__key", flat=True)) == {SPLIT, HALF}


def test_an_attachment_of_the_new_edition_is_removed_as_any_other(followed, contributor, new_file):
    move(followed, Dossier.State.FILLING)
    attachment = attach(dossier=followed, key="SEC-GOV-02", version=new_file(clean=True), by=contributor)

    detach(dossier=followed, key="SEC-GOV-02", attachment=attachment, by=contributor)

    attachment.refresh_from_db()
    assert attachment.removed_at is not None


def test_what_came_from_another_dossier_and_is_kept_waits_as_it_did_and_keeps_nobody_from_submitting(
    dossier, edition_2027, contributor
):
    other = filled_dossier(by=contributor)
    theirs = AnswerRevision.objects.get(answer__assessment__dossier=other, answer__question__key="SEC-IDU-03")
    for key in ("SEC-IDU-03", RECONFIRMED):
        mine = AnswerRevision.objects.get(answer__assessment__dossier=dossier, answer__question__key=key)
        AnswerOrigin.objects.create(revision=mine, source=theirs)

    follow_edition(dossier=dossier, edition=edition_2027, by=contributor)
    dossier.refresh_from_db()

    origins = Filing(dossier).origins
    assert (origins["SEC-IDU-03"].kind, origins["SEC-IDU-03"].source) == (AnswerOrigin.Kind.DOSSIER, theirs)
    assert origins[RECONFIRMED].kind == AnswerOrigin.Kind.EDITION
    assert "SEC-IDU-03" not in Filing(dossier).to_read_again
