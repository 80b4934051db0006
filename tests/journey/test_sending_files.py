"""Files sent in pieces by a browser: several at once, dropped, cut on their way, refused, cancelled."""

import hashlib

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from assessments.models import Attachment, Dossier
from evidence.models import Document, DocumentVersion, Upload, UploadPiece
from tests.assessments.filled import filled_dossier
from tests.evidence.samples import PDF
from tests.journey import filling
from tests.journey.conftest import OpenBrowser
from tests.live import accessibility_problems, wait_until

KEY = "SEC-TRA-01"
# Twelve megabytes: three pieces. What follows the end of a PDF is no part of it.
LARGE = PDF + b"%" + b"0123456789" * 1_200_000 + b"\n"
DROP = """([zone, files]) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name));
  for (const type of ["dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture
def dossier(questionnaires, product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers={KEY: None})


@pytest.fixture
def theme(open_browser: OpenBrowser, dossier: Dossier, contributor: User) -> Page:
    page = open_browser(contributor)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "tracabilite"]))
    return page


def drop(page: Page, zone: str, *files: tuple[str, str]) -> None:
    page.evaluate(DROP, [page.locator(zone).element_handle(), [list(each) for each in files]])


def attached() -> list[str]:
    standing = Attachment.objects.filter(answer__question__key=KEY, removed_at=None)
    return sorted(standing.values_list("document_version__original_name", flat=True))


def test_a_file_whose_network_is_cut_arrives_whole(theme, dossier):
    def cut_at_the_second(route: Route) -> None:
        number = route.request.url.rstrip("/").rsplit("/", 1)[1]
        if is_cut or (number == "1" and "1" not in sent):
            is_cut.append(number)
            sent.append(number)
            route.abort("internetdisconnected")
        else:
            sent.append(number)
            route.continue_()

    is_cut: list[str] = []
    sent: list[str] = []
    theme.route("**/preuves/envois/**", cut_at_the_second)
    row = theme.locator(f"#envois-{KEY} li")

    theme.locator(f"#depot-{KEY}").set_input_files(files=[filling.pdf("gros.pdf", LARGE)])
    expect(row).to_contain_text("Le réseau ne répond pas : l’envoi reprendra où il en était.")
    assert UploadPiece.objects.count() == 1
    is_cut.clear()

    expect(theme.locator(f"#fichiers-{KEY} .question__file-list > li")).to_contain_text("gros.pdf", timeout=30_000)
    expect(row).to_have_count(0)
    version = DocumentVersion.objects.get(original_name="gros.pdf")
    assert (version.size, version.sha256) == (len(LARGE), hashlib.sha256(LARGE).hexdigest())
    # The first piece was not sent again.
    assert [number for number in sent if number == "0"] == ["0"]
    assert not UploadPiece.objects.exists()


def test_the_last_answer_lost_on_its_way_is_asked_again_and_attaches_once(theme, dossier):
    def lose_the_first(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.method == "POST" and len(asked) == 1:
            route.fetch()  # the server did it, the browser does not know
            route.abort("connectionreset")
        else:
            route.continue_()

    asked: list[str] = []
    theme.route(f"**/dossiers/*/preuves/{KEY}/", lose_the_first)

    theme.locator(f"#depot-{KEY}").set_input_files(files=[filling.pdf("politique.pdf", PDF)])

    expect(theme.locator(f"#fichiers-{KEY} .question__file-list > li")).to_contain_text("politique.pdf")
    expect(theme.locator(f"#envois-{KEY} li")).to_have_count(0)
    assert attached() == ["politique.pdf"]


def test_dropped_files_arrive_and_the_one_that_is_refused_says_why_beside_its_name(theme, dossier):
    drop(
        theme,
        f"#fichiers-{KEY} [data-upload]",
        ("a.pdf", PDF.decode()),
        ("b.pdf", "ceci n’est pas un PDF"),
        ("c.exe", "MZ"),
        ("d.pdf", PDF.decode() + "%"),
    )

    rows = theme.locator(f"#envois-{KEY} li")
    expect(theme.locator(f"#fichiers-{KEY} .question__file-list > li")).to_have_count(2)
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="b.pdf")).to_contain_text("Le contenu de ce fichier n’est pas celui d’un fichier")
    expect(rows.filter(has_text="c.exe")).to_contain_text("cette question demande un fichier")
    assert attached() == ["a.pdf", "d.pdf"]
    assert not accessibility_problems(theme)


def test_of_three_files_dropped_where_two_are_taken_the_first_two_are_kept(open_browser, dossier, contributor):
    key = "SEC-GOV-02"
    Attachment.objects.filter(answer__question__key=key).delete()
    page = open_browser(contributor)
    page.goto(reverse("dossiers:theme", args=[dossier.number, "securite", "gouvernance"]))

    names = ["a.pdf", "b.pdf", "c.pdf"]
    drop(page, f"#fichiers-{key} [data-upload]", *((name, PDF.decode() + "%" * at) for at, name in enumerate(names)))

    listed = page.locator(f"#fichiers-{key} .question__file-name")
    expect(listed).to_have_text(["a.pdf", "b.pdf"])
    expect(page.locator(f"#envois-{key} li")).to_have_count(1)
    expect(page.locator(f"#envois-{key} li")).to_contain_text(
        "c.pdf n’a pas été joint : cette question prend 2 fichiers au plus."
    )
    expect(page.locator(f"#fichiers-{key}")).to_contain_text("2 sur 2 fichiers")


def test_progress_is_a_bar_with_its_percentage_in_words(theme, dossier):
    held: list[Route] = []
    theme.route("**/preuves/envois/*/1/", lambda route: held.append(route))  # noqa: PLW0108 — Playwright marks the function

    theme.locator(f"#depot-{KEY}").set_input_files(files=[filling.pdf("gros.pdf", LARGE)])
    bar = theme.get_by_role("progressbar", name="gros.pdf")
    wait_until(lambda: UploadPiece.objects.count() == 1, "the first piece")

    expect(bar).to_be_visible()
    expect(theme.locator(f"#envois-{KEY} .uploads__state")).to_have_text("Envoi : 41\u00a0%")
    expect(theme.locator("#mots-des-envois")).to_have_text("gros.pdf : envoi commencé.")
    theme.locator(f"#envois-{KEY}").get_by_role("button", name="Annuler l’envoi de gros.pdf").click()
    expect(theme.locator(f"#envois-{KEY} li")).to_have_count(0)
    wait_until(lambda: not Upload.objects.exists(), "the upload given up")
    assert attached() == []


def test_several_documents_are_deposited_in_the_library(open_browser, questionnaires, publisher, contributor):
    page = open_browser(contributor)
    page.goto(reverse("library:deposit"))

    page.locator("#fichiers").set_input_files(
        files=[filling.pdf("a.pdf", PDF), {"name": "b.txt", "mimeType": "text/plain", "buffer": b"Une note."}]
    )

    rows = page.locator("#envois li")
    expect(rows.get_by_role("link", name="Décrire le document")).to_have_count(2)
    assert sorted(Document.objects.values_list("title", flat=True)) == ["a", "b"]
    expect(page.get_by_role("button", name="Déposer", exact=True)).to_be_hidden()  # nothing is left for it to send
    rows.filter(has_text="b.txt").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("b")


def test_a_new_version_that_came_in_pieces_is_shown_on_its_document(open_browser, questionnaires, product, contributor):
    filled_dossier(product=product, by=contributor)
    version = DocumentVersion.objects.earliest("pk")
    page = open_browser(contributor)
    page.goto(reverse("library:document", args=[version.document_id]))

    page.locator("#fichiers").set_input_files(files=[filling.pdf("nouvelle.pdf", PDF)])

    expect(page.locator(".library-row").first).to_contain_text("nouvelle.pdf")
    expect(page.get_by_role("status").filter(has_text="Version 2 déposée")).to_be_visible()


def test_a_proof_is_chosen_in_the_library_without_leaving_the_question(theme, dossier, publisher):
    document = Document.objects.filter(publisher=publisher).earliest("pk")
    files = theme.locator(f"#fichiers-{KEY}")
    asked = []
    theme.on("request", lambda request: asked.append((request.method, "q=" in request.url)))

    files.locator("summary").click()
    files.get_by_role("link", name="Choisir parmi mes preuves").click()
    search = files.get_by_role("searchbox")
    search.fill(document.title)
    with theme.expect_response(lambda response: "q=" in response.url):
        search.press("Enter")
    expect(files.locator(".choice__item")).to_have_count(1)
    files.get_by_role("button", name=f"Joindre {document.title}", exact=True).click()

    expect(files.locator(".question__file-list li")).to_have_count(1)
    expect(files.locator(".question__file-list")).to_be_focused()
    assert attached() == [document.current.original_name]
    assert asked.count(("GET", True)) == 1, "leaving the field does not search again"
    assert not [method for method, _searches in asked if method == "PATCH"], "nor does the search save the answer"
