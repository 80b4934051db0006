"""What was answered under an edition that a dossier no longer follows, as it was then. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from assessments import mentions
from assessments.answer_states import AnswerState
from assessments.history import words_of
from assessments.models import Answer, Attachment, Dossier, EditionChange, TeamComment
from assessments.sections import Section, orientation_of, sections_of
from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.queries import published


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment of the team, in words."""

    text: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """One question as it was asked, and what was answered. `said`: what the team said of it, and that stayed there."""

    question: engine.Question
    words: str = ""
    reason: str = ""
    comment: str = ""
    who: str = ""
    at: datetime | None = None
    files: tuple[Attachment, ...] = ()
    said: tuple["Said", ...] = ()

    @property
    def is_blank(self) -> bool:
        return self.at is None


def editions_of(dossier: Dossier) -> list[EditionChange]:
    """The passages of the dossier, the latest first. One query."""
    changes = dossier.edition_changes.select_related("from_edition", "to_edition", "changed_by")
    return list(changes.order_by("-pk"))


def parts_of(edition: Edition) -> list[tuple[str, tuple[engine.Theme, ...]]]:
    """The title of each section and its themes, the orientation first."""
    definition = published(edition).definition
    orientation = orientation_of(definition)
    sections: tuple[Section, ...] = sections_of(definition)
    return [(orientation.title, orientation.themes), *((each.title, each.themes) for each in sections)]


def answered_by_theme(dossier: Dossier, edition: Edition) -> Mapping[str, int]:
    """How many questions of each theme had an answer or a file, by theme code. One query."""
    keys = published(edition).keys
    answered = Answer.objects.filter(_says_something(), assessment__dossier=dossier, question__in=list(keys))
    given = {keys[question] for question in answered.values_list("question_id", flat=True)}
    themes = [theme for _title, themes in parts_of(edition) for theme in themes]
    return {theme.code: sum(each.key in given for each in theme.questions) for theme in themes}


def answers_of(dossier: Dossier, edition: Edition, theme: engine.Theme) -> list[Then]:
    """Every question of a theme, as it stood. Five queries at most."""
    ids = published(edition).question_ids
    asked = [ids[question.key] for question in theme.questions]
    files = Attachment.objects.filter(removed_at=None).select_related("document_version__document").order_by("pk")
    rows = (
        Answer.objects.filter(assessment__dossier=dossier, question__in=asked)
        .select_related("updated_by")
        .prefetch_related(Prefetch("attachments", queryset=files))
    )
    answers = {row.question_id: row for row in rows}
    said = _said(dossier, asked)
    return [
        _then(question, answers.get(ids[question.key]), tuple(said.get(ids[question.key], ())))
        for question in theme.questions
    ]


def _said(dossier: Dossier, asked: list[int]) -> dict[int, list[Said]]:
    """What the team says of these questions, by question id."""
    comments = TeamComment.objects.filter(dossier=dossier, question__in=asked, deleted_at=None).order_by("pk")
    found: dict[int, list[Said]] = {}
    for each in comments.select_related("author").prefetch_related("mentions__person"):
        names = {mention.person_id: str(mention.person) for mention in each.mentions.all()}
        text = mentions.typed(each.text, names)
        found.setdefault(each.question_id, []).append(Said(text=text, who=str(each.author), at=each.written_at))
    return found


def _then(question: engine.Question, answer: Answer | None, said: tuple[Said, ...]) -> Then:
    if answer is None:
        return Then(question=question, said=said)
    return Then(
        question=question,
        words=words_of(question, AnswerState(value=answer.value, not_applicable=answer.not_applicable)),
        reason=answer.reason if answer.not_applicable else "",
        comment=answer.comment,
        who=str(answer.updated_by),
        at=answer.updated_at,
        files=tuple(answer.attachments.all()),
        said=said,
    )


def _says_something() -> Q:
    standing = Q(attachments__isnull=False, attachments__removed_at=None)
    return Q(value__isnull=False) | Q(not_applicable=True) | standing
