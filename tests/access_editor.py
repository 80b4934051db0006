"""The editor of questionnaires in the tables of access: who may open what, and the draft that its addresses name.

Editors and administrators write; to everybody else no page of it exists.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accounts.models import User
from questionnaires import engine
from questionnaires.models import Edition, Question, Questionnaire, Remark, Version
from questionnaires.operations.editions import begin_edition
from questionnaires.operations.flags import add_flag
from questionnaires.operations.questions import save_question, take_out
from questionnaires.operations.themes import add_theme
from questionnaires.operations.typing import write_remark
from questionnaires.rows import read_question, read_version
from questionnaires.views.maps import digest
from tests.access_rows import Row, row
from tests.editor.posting import posted

EDITION, CODE, NUMBER = "2030", "SEC", "2030.1"
THEME, EMPTY_THEME, FLAG = "SEC-EXP", "SEC-VIDE", "spare"
# A question that was saved once, and one that was taken out.
KEY, TAKEN_OUT = "SEC-EXP-04", "SEC-EXP-05"
# Of no edition: an edition may take it in.
ALONE = "NEU@1"

READ = row(editor=200, administrator=200)
DONE = row(editor=302, administrator=302)
NEVER_READ = row(others=405)

GET: dict[str, Row] = {
    "questionnaires:index": READ,
    "questionnaires:begin": READ,
    "questionnaires:edition": READ,
    "questionnaires:enter": NEVER_READ,
    "questionnaires:propose": NEVER_READ,
    "questionnaires:publish": NEVER_READ,
    "questionnaires:retire": NEVER_READ,
    "questionnaires:flags": READ,
    "questionnaires:new-flag": READ,
    "questionnaires:flag": READ,
    "questionnaires:remove-flag": NEVER_READ,
    "questionnaires:check-flag": NEVER_READ,
    "questionnaires:version": READ,
    "questionnaires:journal": READ,
    "questionnaires:map": READ,
    "questionnaires:map-move": READ,
    "questionnaires:map-refresh": NEVER_READ,
    "questionnaires:map-grace": NEVER_READ,
    "questionnaires:rename": NEVER_READ,
    "questionnaires:differences": READ,
    "questionnaires:remark-version": NEVER_READ,
    "questionnaires:settle-remark": NEVER_READ,
    "questionnaires:bring-back": NEVER_READ,
    "questionnaires:new-theme": READ,
    "questionnaires:theme": READ,
    "questionnaires:shift-theme": NEVER_READ,
    "questionnaires:remove-theme": NEVER_READ,
    "questionnaires:new-question": READ,
    "questionnaires:question": READ,
    "questionnaires:saves": READ,
    "questionnaires:restore": NEVER_READ,
    "questionnaires:keep-draft": NEVER_READ,
    "questionnaires:give-up-draft": NEVER_READ,
    "questionnaires:check-condition": NEVER_READ,
    "questionnaires:try": NEVER_READ,
    "questionnaires:move": NEVER_READ,
    "questionnaires:shift": NEVER_READ,
    "questionnaires:take-out": READ,
    "questionnaires:remark": NEVER_READ,
    "previews:start": READ,
    "impact:study": READ,
}

READ_ONLY = {
    "questionnaires:index",
    "questionnaires:edition",
    "questionnaires:flags",
    "questionnaires:version",
    "questionnaires:journal",
    "questionnaires:map",
    "questionnaires:differences",
    "questionnaires:saves",
    "previews:start",
}
# What answers with a fragment of the page.
FRAGMENTS = {
    "questionnaires:check-flag",
    "questionnaires:keep-draft",
    "questionnaires:check-condition",
    "questionnaires:try",
}
WRITE: dict[str, Row] = {name: READ if name in FRAGMENTS else DONE for name in GET.keys() - READ_ONLY}


def build_draft(*, by: User) -> Edition:
    """The draft of the next edition, in which something of each kind was done."""
    edition = begin_edition(source=Edition.objects.get(code="2026"), code=EDITION, title="Édition 2030", by=by)
    add_flag(edition=edition, name=FLAG, meaning="il ne sert à rien", condition="always", by=by)
    version = Version.objects.get(questionnaire__code=CODE, number=NUMBER)
    add_theme(version=version, code=EMPTY_THEME, slug="vide", title="Thème vide", description="", part=None, by=by)
    again = replace(_question(), title="Un autre intitulé")
    save_question(version=version, content=again, base_revision=0, by=by)
    take_out(version=version, key=TAKEN_OUT, by=by)
    write_remark(version=version, key=KEY, text="Est-ce encore vrai ?", by=by)
    alone = Questionnaire.objects.create(code="NEU", slug="neuf", kind="evaluation")
    Version.objects.create(questionnaire=alone, number="1", title="Un questionnaire neuf")
    return edition


def _question() -> engine.Question:
    return read_question(Question.objects.get(theme__version__number=NUMBER, key=KEY))


OF_EDITION, OF_FLAG = [EDITION], [EDITION, FLAG]
OF_VERSION, OF_QUESTION, OF_THEME = [CODE, NUMBER], [CODE, NUMBER, KEY], [CODE, NUMBER, THEME]

# Whose world it is changes nothing here: there is one draft for everybody.
ARGUMENTS: dict[str, Callable[[Any], list[Any]]] = {
    **{
        f"questionnaires:{name}": lambda w: OF_EDITION
        for name in ("edition", "rename", "enter", "propose", "publish", "retire", "flags", "new-flag")
    },
    **{f"questionnaires:{name}": lambda w: OF_FLAG for name in ("flag", "remove-flag", "check-flag")},
    **{
        f"questionnaires:{name}": lambda w: OF_VERSION
        for name in (
            *("version", "journal", "differences", "remark-version", "bring-back", "new-theme"),
            *("map", "map-refresh", "map-grace"),
        )
    },
    "previews:start": lambda w: OF_VERSION,
    "impact:study": lambda w: OF_EDITION,
    **{f"questionnaires:{name}": lambda w: OF_THEME for name in ("theme", "shift-theme", "new-question")},
    "questionnaires:remove-theme": lambda w: [CODE, NUMBER, EMPTY_THEME],
    **{
        f"questionnaires:{name}": lambda w: OF_QUESTION
        for name in (
            *("question", "saves", "keep-draft", "give-up-draft", "check-condition", "try", "move", "shift"),
            *("take-out", "remark", "map-move"),
        )
    },
    "questionnaires:restore": lambda w: [*OF_QUESTION, 0],
    "questionnaires:settle-remark": lambda w: [*OF_VERSION, Remark.objects.latest("pk").pk],
}


def _seen() -> str:
    """What a page of the map shows of KEY, for a write that is up to date."""
    version = Version.objects.get(questionnaire__code=CODE, number=NUMBER)
    migration = read_version(version).migration
    return digest(engine.move_of(migration, KEY) if migration else None)


def _typed() -> dict[str, Any]:
    return dict(posted(_question(), title="Encore un autre").items()) | {"base": "1"}


DATA: dict[str, Callable[[Any], dict[str, Any]]] = {
    "questionnaires:begin": lambda w: {"source": "2026", "code": "2031", "title": "Édition 2031"},
    "questionnaires:enter": lambda w: {"version": ALONE},
    "questionnaires:propose": lambda w: {"effective_on": "2030-07-01"},
    "questionnaires:new-flag": lambda w: {"name": "neuf", "meaning": "il est neuf", "condition": "always"},
    "questionnaires:flag": lambda w: {"meaning": "il change", "condition": "always", "base": "0"},
    "questionnaires:check-flag": lambda w: {"condition": "always"},
    "questionnaires:remark-version": lambda w: {"text": "À relire."},
    "questionnaires:remark": lambda w: {"text": "À relire."},
    "questionnaires:bring-back": lambda w: {"key": TAKEN_OUT, "theme": THEME},
    "questionnaires:new-theme": lambda w: {"code": "SEC-NEU", "title": "Thème neuf", "description": ""},
    "questionnaires:theme": lambda w: {"title": "Autre titre", "description": "", "base": "0"},
    "questionnaires:new-question": lambda w: {"key": "SEC-EXP-77", "title": "Une question", "type": "text"},
    "questionnaires:question": lambda w: _typed(),
    "questionnaires:keep-draft": lambda w: _typed(),
    "questionnaires:check-condition": lambda w: {"applies_when": "always"},
    "questionnaires:try": lambda w: _typed(),
    "questionnaires:move": lambda w: {"theme": EMPTY_THEME},
    "questionnaires:rename": lambda w: {"title": "Autre titre", "disclaimer": ""},
    "questionnaires:map-grace": lambda w: {"days": "30"},
    "questionnaires:map-move": lambda w: {"operation": "drop", "why": "Plus posée.", "seen": _seen()},
}
