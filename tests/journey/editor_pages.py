"""The pages of the editor of questionnaires, over the draft of tests.access_editor."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from playwright.sync_api import Page

from questionnaires.models import Question, Version
from questionnaires.operations.questions import save_question
from questionnaires.rows import read_question
from tests.access_editor import CODE, EDITION, FLAG, KEY, NUMBER, THEME
from tests.journey.visits import Visit, press, unfold_everything, what_is_wrong
from tests.journey.world import World

ANOTHER = "SEC-EXP-01"

NOT_PAGES = {
    **{
        f"questionnaires:{name}": "POST only, redirects"
        for name in (
            *("enter", "propose", "publish", "retire", "remove-flag", "remark", "remark-version", "settle-remark"),
            *("bring-back", "remove-theme", "restore", "give-up-draft", "rename", "map-refresh", "map-grace"),
        )
    },
    **{
        f"questionnaires:{name}": "POST only, a fragment of questionnaires:version or a redirect"
        for name in ("move", "shift", "shift-theme")
    },
    **{
        f"questionnaires:{name}": "POST only, a fragment of questionnaires:question"
        for name in ("keep-draft", "check-condition", "try")
    },
    "questionnaires:check-flag": "POST only, a fragment of questionnaires:flag",
}


def at(*arguments: object) -> Callable[[World], Sequence[object]]:
    return lambda world: arguments


def save_nothing(page: Page, world: World) -> None:
    """Without a title, whatever else is typed."""
    page.locator("[name=title]").fill("")
    press("Enregistrer la question")(page, world)


def save_after_a_colleague(page: Page, world: World) -> None:
    version = Version.objects.get(questionnaire__code=CODE, number=NUMBER)
    row = Question.objects.get(theme__version=version, key=ANOTHER)
    content = replace(read_question(row), title="Le titre d’un collègue")
    save_question(version=version, content=content, base_revision=row.revision, by=world.people["administrator"])
    page.locator("[name=title]").fill("Mon titre")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer la question").click()
    page.get_by_text("Rien n’est enregistré").wait_for()


def write_what_cannot_be_read(page: Page, world: World) -> None:
    page.locator("[name=applies_when]").fill("answer(SEC")
    what_is_wrong(page).wait_for()
    page.get_by_text("Brouillon gardé").wait_for()


VISITS = (
    Visit("questionnaires:index", "editor"),
    Visit("questionnaires:begin", "editor"),
    Visit("questionnaires:begin", "editor", what="nothing typed", act=press("Ouvrir le brouillon")),
    Visit("questionnaires:edition", "editor", at(EDITION), what="unfolded", act=unfold_everything),
    Visit("questionnaires:edition", "editor", at("2026"), what="published", act=unfold_everything),
    Visit("questionnaires:flags", "editor", at(EDITION)),
    Visit("questionnaires:flags", "editor", at("2026"), what="published"),
    Visit("questionnaires:new-flag", "editor", at(EDITION), "nothing typed", press("Enregistrer le drapeau")),
    Visit("questionnaires:flag", "editor", at(EDITION, FLAG), what="unfolded", act=unfold_everything),
    Visit("questionnaires:version", "editor", at(CODE, NUMBER), what="unfolded", act=unfold_everything),
    Visit("questionnaires:version", "editor", at(CODE, "2026.1"), what="published"),
    Visit("questionnaires:journal", "editor", at(CODE, NUMBER)),
    Visit("questionnaires:differences", "editor", at(CODE, NUMBER), what="unfolded", act=unfold_everything),
    Visit("questionnaires:map", "editor", at(CODE, NUMBER), what="unfolded", act=unfold_everything),
    Visit("questionnaires:map", "editor", at("NEU", "1"), what="empty"),
    Visit("questionnaires:map-move", "editor", at(CODE, NUMBER, KEY)),
    Visit("impact:study", "editor", at(EDITION)),
    Visit("questionnaires:new-theme", "editor", at(CODE, NUMBER)),
    Visit("questionnaires:theme", "editor", at(CODE, NUMBER, THEME)),
    Visit("questionnaires:new-question", "editor", at(CODE, NUMBER, THEME)),
    Visit("questionnaires:question", "editor", at(CODE, NUMBER, KEY)),
    Visit("questionnaires:question", "editor", at(CODE, NUMBER, KEY), what="unfolded", act=unfold_everything),
    Visit("questionnaires:question", "editor", at(CODE, NUMBER, KEY), what="nothing typed", act=save_nothing),
    Visit("questionnaires:question", "editor", at(CODE, NUMBER, ANOTHER), "conflict", save_after_a_colleague),
    Visit("questionnaires:question", "editor", at(CODE, NUMBER, KEY), "draft", write_what_cannot_be_read),
    Visit("questionnaires:question", "administrator", at(CODE, NUMBER, KEY), what="somebody else's draft"),
    Visit("questionnaires:saves", "editor", at(CODE, NUMBER, KEY)),
    Visit("questionnaires:saves", "editor", at(CODE, NUMBER, "SEC-EXP-03"), what="empty"),
    Visit("questionnaires:take-out", "editor", at(CODE, NUMBER, KEY)),
    Visit("previews:start", "editor", at(CODE, NUMBER), query=f"?theme={THEME}"),
)
