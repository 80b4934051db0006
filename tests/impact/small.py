"""Two small editions whose numbers are worked out by hand, and dossiers that follow the first.

The second asks one more question, weighs the first three times more, gives half to a « non » to the second, and drops
the third, which only a « non » to the first shows.
"""

from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from assessments.models import Answer, Assessment, Dossier, Programme
from products.models import Product
from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.queries import published
from questionnaires.rows import write_version
from tests.factories import ProductFactory
from tests.questionnaires.builders import choices, question
from tests.questionnaires.successions import following, move

WEIGHED, SOFTENED, HIDDEN, NEW = "Q-A-01", "Q-A-02", "Q-A-03", "Q-A-04"
HALF = choices(("oui", "1"), ("non", "0.5"))


def first_content() -> engine.Edition:
    questions = (
        question(WEIGHED),
        question(SOFTENED),
        question(HIDDEN, applies_when=f"answer({WEIGHED}) == 'non'", weight=Decimal(5)),
    )
    return _edition("E1", "1", *questions)


def second_content() -> engine.Edition:
    questions = (
        question(WEIGHED, weight=Decimal(3)),
        question(SOFTENED, choices=HALF, level=engine.Level.RECOMMENDED),
        question(NEW, scored=False),
    )
    moves = (
        move("keep", WEIGHED, WEIGHED),
        move("reconfirm", SOFTENED, SOFTENED, why="Le barème a changé."),
        move("drop", HIDDEN, why="Elle n’est plus posée."),
    )
    content = _edition("E2", "2", *questions)
    (only,) = content.questionnaires
    return replace(content, questionnaires=(replace(only, migration=following(*moves)),))


def _edition(code: str, number: str, *questions: engine.Question) -> engine.Edition:
    theme = engine.Theme(code="Q-A", slug="a", title="Suivi", questions=questions)
    only = engine.Questionnaire(code="Q", slug="q", version=number, title="Sécurité", themes=(theme,))
    return engine.Edition(code=code, title=f"Édition {code}", questionnaires=(only,))


def first_edition() -> Edition:
    return publish_edition(store_edition(first_content()), by=None)


def second_edition() -> Edition:
    """Still a draft."""
    return store_edition(second_content())


def rewrite(edition: Edition, content: engine.Edition) -> None:
    """What somebody typed in the draft meanwhile."""
    write_version(edition.versions.get(), content.questionnaires[0])


def without_map(content: engine.Edition) -> engine.Edition:
    return replace(content, questionnaires=tuple(replace(each, migration=None) for each in content.questionnaires))


def dossier_of(
    edition: Edition,
    answers: dict[str, str],
    *,
    by: User,
    state: str = Dossier.State.FILLING,
    programme: str = Programme.WITHOUT_EXCHANGE,
    product: Product | None = None,
) -> Dossier:
    """With these answers by key. Not by `open_dossier`, which answers questions of the real edition."""
    count = Dossier.objects.count() + 1
    dossier = Dossier.objects.create(
        number=f"2026-{count:06d}",
        product=product or ProductFactory.create(),
        programme=programme,
        edition=edition,
        state=state,
        state_since=timezone.now(),
        created_by=by,
    )
    assessment = Assessment.objects.create(dossier=dossier, version=edition.versions.get())
    ids = published(edition).question_ids
    Answer.objects.bulk_create(
        Answer(
            assessment=assessment,
            question_id=ids[key],
            value=value,
            revision=1,
            updated_at=timezone.now(),
            updated_by=by,
        )
        for key, value in answers.items()
    )
    return dossier


# What each does is in test_effects.py.
GAINS = {WEIGHED: "oui", SOFTENED: "non"}
SAME = {WEIGHED: "oui", SOFTENED: "oui"}
LOSES = {WEIGHED: "non", SOFTENED: "oui", HIDDEN: "oui"}
