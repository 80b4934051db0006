"""A team at work on one dossier: who sees to what, what they say, what they took up, two answers that met."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from accounts.models import Membership, Publisher, User
from assessments.answer_states import working_copy
from assessments.models import Dossier
from assessments.operations.answers import Entry, save_answer
from assessments.operations.attributions import Subject, attribute
from assessments.operations.comments import settle_comment, write_comment
from assessments.operations.drafts import keep_draft
from assessments.operations.reuse import take_up
from assessments.operations.visits import note_visit
from assessments.sections import section_of_key, sections_of
from convergence.demonstration.stories import TeamAttribution, TeamConflict, TeamRemark, TeamStory, TeamTakeUp
from questionnaires import engine
from questionnaires.queries import published

Members = Mapping[str, Membership]  # by role


def tell_teamwork(story: TeamStory, publisher: Publisher) -> None:
    """Once the dossiers of the publisher stand, and its consultant has come in."""
    dossier = _dossier_of(publisher, story.product)
    members = {each.role: each for each in publisher.memberships.select_related("user")}
    since = timezone.now() - timedelta(days=story.visit_days_ago)
    note_visit(dossier=dossier, by=members[story.visit_by].user, at=since)
    for attribution in story.attributions:
        _attribute(dossier, attribution, members)
    _take_up(dossier, story.taken_up, publisher, by=members[story.taken_up.by].user)
    for comment in story.comments:
        _comment(dossier, comment, by=members[comment.by].user)
    _meet(dossier, story.conflict, members)


def _dossier_of(publisher: Publisher, product: str) -> Dossier:
    dossiers = Dossier.objects.select_related("product__publisher", "edition")
    return dossiers.get(product__publisher=publisher, product__name=product)


def _attribute(dossier: Dossier, told: TeamAttribution, members: Members) -> None:
    days = told.due_in_days
    attribute(
        dossier=dossier,
        subject=_subject(published(dossier.edition).definition, told),
        to=members[told.to],
        by=members[told.by].user,
        due_on=None if days is None else timezone.localdate() + timedelta(days=days),
    )


def _subject(definition: engine.Definition, told: TeamAttribution) -> Subject:
    if told.question:
        place = section_of_key(definition, told.question)
        assert place is not None  # the orientation is attributed to nobody
        return Subject(section=place[0], theme=place[1], key=told.question)
    return next(
        Subject(section=section, theme=theme)
        for section in sections_of(definition)
        for theme in section.themes
        if theme.code == told.theme
    )


def _take_up(dossier: Dossier, told: TeamTakeUp, publisher: Publisher, *, by: User) -> None:
    copy = working_copy(dossier)
    bases = {key: copy.state(key).revision for key in told.questions}
    take_up(dossier=dossier, source=_dossier_of(publisher, told.source), bases=bases, by=by)


def _comment(dossier: Dossier, told: TeamRemark, *, by: User) -> None:
    written = write_comment(dossier=dossier, key=told.question, text=told.text, by=by)
    if told.is_settled:
        settle_comment(written.comment, settled=True, by=by)


def _meet(dossier: Dossier, told: TeamConflict, members: Members) -> None:
    key, revision = told.question, working_copy(dossier).state(told.question).revision
    typed = {"value": [told.draft], "comment": [""]}
    keep_draft(dossier=dossier, key=key, typed=typed, base_revision=revision, by=members[told.draft_by].user)
    answer, by = Entry(value=told.answer), members[told.answer_by].user
    save_answer(dossier=dossier, key=key, entry=answer, base_revision=revision, by=by)
