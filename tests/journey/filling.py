"""The gestures of a person who fills a theme, with JavaScript: each one waits until the answer is kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import FilePayload, Locator, Page, Response, expect


def card(page: Page, key: str) -> Locator:
    return page.locator(f"#{key}")


def field(page: Page, key: str, name: str = "value") -> Locator:
    return page.locator(f"[name='{key}-{name}']")


@contextmanager
def being_saved(page: Page, key: str) -> Iterator[None]:
    """What is done inside ends with « Enregistré à … » under the question."""

    def saves_it(response: Response) -> bool:
        return response.request.method == "PATCH" and f"/reponses/{key}/" in response.url

    with page.expect_response(saves_it):
        yield
    expect(page.locator(f"#etat-{key}")).to_contain_text("Enregistré à")


def choose(page: Page, key: str, *values: str) -> None:
    """Tick a radio or boxes, by their label as a mouse does."""
    for value in values:
        with being_saved(page, key):
            page.locator(f"label[for='{key}-{value}']").click()


def write(page: Page, key: str, text: str, *, name: str = "value") -> None:
    """Type and leave the field. A date is written 2026-11-22."""
    with being_saved(page, key):
        field(page, key, name).fill(text)
        field(page, key, name).blur()


def comment(page: Page, key: str, text: str) -> None:
    card(page, key).get_by_text("Commentaire pour l’examinateur").first.click()
    write(page, key, text, name="comment")


def declare_not_applicable(page: Page, key: str, reason: str) -> None:
    with being_saved(page, key):
        card(page, key).get_by_text("Non applicable", exact=True).last.click()
    write(page, key, reason, name="reason")
    expect(page.locator(f"#badge-{key}")).to_have_text(re.compile("Non applicable"))


def pdf(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def deposit(page: Page, key: str, file: FilePayload) -> None:
    """Give a file to a question and wait until the antivirus has cleared it."""
    page.locator(f"#depot-{key}").set_input_files(files=[file])
    row = page.locator(f"#fichiers-{key} .question__file-list > li").filter(has_text=file["name"])
    expect(row).to_contain_text("sans danger connu", timeout=30_000)
    # Asking whether the scan was over saved nothing, and says so.
    expect(page.locator(f"#etat-{key}")).not_to_contain_text("Enregistrement…")
