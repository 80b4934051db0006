"""The edition that follows the real one, and one that follows it, published in the database of a test."""

from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import User
from assessments.answer_states import working_copy
from assessments.filing import Filing
from assessments.models import Dossier
from assessments.operations.answers import Entry, save_answer
from assessments.operations.dossiers import move
from questionnaires import engine, models
from questionnaires.management.commands.load_questionnaires import FOLDER
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.source_files import read_edition
from tests.assessments.editions import published_edition
from tests.questionnaires.successions import explained


def next_edition(effective_on: date | None = None) -> models.Edition:
    """« 2027 », which follows the real edition; announced for a day to come unless one is given."""
    published_edition()
    content = read_edition(FOLDER / "2027", "2027")
    day = effective_on or timezone.localdate() + timedelta(days=60)
    return publish_edition(store_edition(replace(content, effective_on=day)), by=None)


def save(dossier: Dossier, key: str, value: object, *, by: User) -> None:
    """Answer one question, over whatever stands."""
    state = working_copy(dossier).state(key)
    save_answer(dossier=dossier, key=key, entry=Entry(value=value), base_revision=state.revision, by=by)


def make_complete(dossier: Dossier, *, by: User) -> None:
    """Answer what the next edition asks anew: nothing but reading is left before submitting."""
    save(dossier, "ORI-FON-09", "non", by=by)
    move(dossier, Dossier.State.FILLING)
    for key in Filing(dossier).evaluation.incomplete:
        save(dossier, key, "oui", by=by)


def edition_after_next() -> models.Edition:
    """« 2028 », which follows « 2027 » with one question asked otherwise, and one that leaves. Publish the other first.

    The doctrine and the orientation stay those of 2027.
    """
    content = read_edition(FOLDER / "2027", "2027")
    security = next(each for each in content.questionnaires if each.code == "SEC")
    changed = _without(security, "SEC-GOV-07", reworded="SEC-GOV-01")
    privacy = next(each for each in content.questionnaires if each.code == "RGE")
    same = replace(privacy, version="2028.1", migration=explained(engine.proposed_migration(privacy, privacy)))
    content = replace(
        content,
        code="2028",
        title="Édition 2028",
        questionnaires=tuple({"SEC": changed, "RGE": same}.get(each.code, each) for each in content.questionnaires),
    )
    return publish_edition(
        store_edition(replace(content, effective_on=timezone.localdate() + timedelta(days=400))), by=None
    )


def _without(version: engine.Questionnaire, key: str, *, reworded: str) -> engine.Questionnaire:
    themes = tuple(
        replace(
            theme,
            questions=tuple(
                replace(each, wording=f"{each.wording} Et depuis quand ?") if each.key == reworded else each
                for each in theme.questions
                if each.key != key
            ),
        )
        for theme in version.themes
    )
    new = replace(version, version="2028.1", themes=themes)
    return replace(new, migration=explained(engine.proposed_migration(version, new)))
