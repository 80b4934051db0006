"""The edition of the year after: the same versions, but for security, of which a few requirements differ.

It applies in two months: this year's is in force until then.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from questionnaires import engine
from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.source_files import read_edition
from tests.questionnaires.builders import FIXTURES, question

CODE, TITLE = "2027", "Édition 2027"
CHANGED, REMOVED, ADDED, MOVED = "SEC-EXP-04", "SEC-MOB-06", "SEC-GOV-99", "SEC-GOV-01"
UNCHANGED = "SEC-GOV-05"


def next_year() -> engine.Edition:
    """As it would be read from files."""
    this_year = read_edition(FIXTURES, "2026")
    questionnaires = tuple(_later(each) if each.code == "SEC" else each for each in this_year.questionnaires)
    day = timezone.localdate() + timedelta(days=60)
    return replace(this_year, code=CODE, title=TITLE, questionnaires=questionnaires, effective_on=day)


def _later(security: engine.Questionnaire) -> engine.Questionnaire:
    themes = {theme.code: [*theme.questions] for theme in security.themes}
    themes["SEC-MOB"] = [each for each in themes["SEC-MOB"] if each.key != REMOVED]
    themes["SEC-EXP"] = [_changed(each) if each.key == CHANGED else each for each in themes["SEC-EXP"]]
    governance = themes["SEC-GOV"]
    first = governance.pop(0)
    governance.insert(4, first)
    governance.append(question(ADDED, wording="Avez-vous nommé une personne qui répond de la sécurité ?", scored=True))
    later = replace(
        security,
        version="2027.1",
        themes=tuple(replace(theme, questions=tuple(themes[theme.code])) for theme in security.themes),
    )
    return replace(later, migration=_with_reasons(engine.proposed_migration(security, later)))


def _with_reasons(migration: engine.Migration) -> engine.Migration:
    moves = (
        move if move.operation is engine.Operation.KEEP else replace(move, why="Le texte a été revu.")
        for move in migration.moves
    )
    return replace(migration, moves=tuple(moves))


def _changed(asked: engine.Question) -> engine.Question:
    return replace(
        asked,
        wording=asked.wording.replace("procédure écrite", "procédure écrite et essayée chaque année"),
        weight=asked.weight + Decimal(1),
        applies_when="processes_health_data",
    )


def published_next_year() -> Edition:
    return publish_edition(store_edition(next_year()), by=None)
