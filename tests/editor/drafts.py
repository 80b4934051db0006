"""A small edition to write in: two themes, four questions of three types, a flag."""

from typing import Any

from audit.models import Event
from questionnaires import engine
from questionnaires.models import Edition, Question, QuestionRevision, Version
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.rows import read_question
from tests.questionnaires.builders import choices, question, threshold

FIRST, SECOND, THIRD, ELSEWHERE = "Q-A-01", "Q-A-02", "Q-A-03", "Q-B-01"


def small_edition(code: str = "2027", *, more: int = 0) -> engine.Edition:
    """`more`: further questions of the second theme."""
    choosing = choices(("web", "0.5"), ("ios", "0.5"))
    first = (
        question(FIRST, wording="Le service est-il suivi ?"),
        question(SECOND, "multiple_choice", wording="Sur quoi ?", choices=choosing, applies_when="mobile"),
        question(THIRD, wording="Est-ce relu ?", applies_when=f"answer({FIRST}) == 'oui'"),
    )
    scale = (threshold("gte", "1", "10"), threshold("otherwise", "0"))
    second = (
        question(ELSEWHERE, "number", wording="Combien ?", thresholds=scale),
        *(question(f"Q-B-{10 + each}", wording="Oui ?", applies_when="mobile") for each in range(more)),
    )
    themes = (
        engine.Theme(code="Q-A", slug="a", title="Suivi", questions=first),
        engine.Theme(code="Q-B", slug="b", title="Nombres", questions=second),
    )
    part = engine.Questionnaire(code="Q", slug="q", version=f"{code}.1", title="Sécurité", themes=themes)
    flag = engine.Flag(name="mobile", meaning="il a une application", condition="programme == 'with_exchange'")
    return engine.Edition(code=code, title=f"Édition {code}", questionnaires=(part,), flags=(flag,))


def a_draft(code: str = "2027", *, more: int = 0) -> Version:
    """The version of a draft edition that was just written."""
    return store_edition(small_edition(code, more=more)).versions.select_related("questionnaire").get()


def publish(version: Version) -> Version:
    """What the version becomes when its edition is published."""
    publish_edition(edition_of(version), by=None)
    version.refresh_from_db()
    return version


def edition_of(version: Version) -> Edition:
    return version.editions.get()


def row_of(version: Version, key: str) -> Question:
    return Question.objects.select_related("theme").get(theme__version=version, key=key)


def content_of(version: Version, key: str) -> engine.Question:
    return read_question(row_of(version, key))


def order_of(version: Version) -> dict[str, list[tuple[int, str]]]:
    """Ranks and keys, theme by theme."""
    return {
        theme.code: list(theme.questions.order_by("position").values_list("position", "key"))
        for theme in version.themes.all()
    }


def revisions_of(version: Version, key: str) -> list[tuple[int, str, Any]]:
    """Number, title and author of each."""
    rows = QuestionRevision.objects.filter(version=version, key=key).select_related("saved_by").order_by("number")
    return [(row.number, row.content["title"], row.saved_by) for row in rows]


def last_event() -> tuple[str, Any, dict[str, Any]]:
    """Verb, actor and data of what was recorded last."""
    event = Event.objects.latest("pk")
    return event.verb, event.actor, event.data
