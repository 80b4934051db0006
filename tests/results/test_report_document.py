"""The report itself: what a director reads, what an expert finds, how it looks."""

import io
import re
from itertools import pairwise

import pypdf
import pytest
from django.db import transaction

from accounts.models import StaffRole
from assessments.models import Answer, AnswerRevision
from products.models import Variant
from results.operations import close_review
from results.reading import read
from results.report import lay_out, report_pdf, write_html
from tests.assessments.filled import examine, filled_dossier, submit_again, submitted_dossier
from tests.factories import ProductFactory, UserFactory
from tests.results.conftest import CONCLUSION, GAP

FILE = "SEC-GOV-02"
TYPED = '<img src="file:///etc/passwd"><script>alert(1)</script>'
LONG = "Le registre est relu chaque mois par la responsable de la sécurité, et les écarts sont suivis. " * 40


class Drawn:
    """A report drawn once; `raw` is the text of each page, `pages` the same with its spaces made one."""

    def __init__(self, content):
        self.pdf = pypdf.PdfReader(io.BytesIO(report_pdf(read(content))))
        self.raw = [page.extract_text() for page in self.pdf.pages]
        self.pages = [re.sub(r"\s+", " ", text) for text in self.raw]
        self.text = " ".join(self.pages)


def closed(dossier, outcome, *, refused=(), conclusion=CONCLUSION):
    """The content of the result of `dossier`."""
    reviewer = UserFactory.create(staff_role=StaffRole.REVIEWER)
    lead = UserFactory.create(staff_role=StaffRole.REVIEW_LEAD)
    review = examine(dossier, by=reviewer, refused=refused).review
    return close_review(review=review, outcome=outcome, conclusion=conclusion, by=lead).content


def full_dossier():
    """A service with every trait: 200 answers, one of them very long, a gap."""
    person = UserFactory.create()
    product = ProductFactory.create(name="MonSuivi Cœur", platforms=list(Variant.Platform), device_class="IIa")
    dossier = filled_dossier(product=product, by=person, everything=True, answers={GAP: "non"})
    revision = AnswerRevision.objects.get(answer__assessment__dossier=dossier, answer__question__key="SEC-EXP-01")
    AnswerRevision.objects.create(
        answer=revision.answer,
        number=2,
        value=revision.value,
        comment=LONG,
        saved_at=revision.saved_at,
        saved_by=person,
    )
    Answer.objects.filter(pk=revision.answer_id).update(revision=2, comment=LONG)
    return submit_again(dossier, by=person)


@pytest.fixture(scope="module")
def contents(django_db_setup, django_db_blocker):
    """The results of three dossiers, closed once for the whole file: a report needs no database."""
    governance = {f"SEC-GOV-0{number}": TYPED for number in range(1, 10)}
    with django_db_blocker.unblock(), transaction.atomic():
        plain = closed(submitted_dossier(), "favourable", conclusion="")
        full = closed(full_dossier(), "with_reservations", refused=[FILE])
        product = ProductFactory.create(name=TYPED)
        typed = closed(submitted_dossier(product=product, not_applicable=governance), "not_met", conclusion=TYPED)
        transaction.set_rollback(True)
    return {"plain": plain, "full": full, "typed": typed}


@pytest.fixture(scope="module")
def documents(contents):
    return {name: Drawn(content) for name, content in contents.items()}


@pytest.fixture
def reading(contents):
    return read(contents["plain"])


@pytest.fixture
def plain(documents):
    return documents["plain"]


@pytest.fixture
def full(documents):
    return documents["full"]


def test_a_report_of_two_hundred_answers_is_whole(full, contents):
    reading = read(contents["full"])

    lines = [line for section in reading.all_sections for theme in section.themes for line in theme.lines]
    text = full.text
    assert len(lines) > 200
    assert [line.key for line in lines if line.key not in text] == []
    assert 20 < len(full.pages) < 50
    for number, page in enumerate(full.pages[1:], start=2):
        assert f"page {number} sur {len(full.pages)}" in page
        assert f"Dossier {reading.number}" in page


def test_a_very_long_comment_is_cut_between_pages_and_not_lost(full):
    assert full.text.count("relu chaque mois") == LONG.count("relu chaque mois")


@pytest.mark.parametrize("name", ["plain", "full", "typed"])
def test_no_table_head_stands_alone_at_the_foot_of_a_page(documents, name):
    for text in documents[name].raw:
        lines = [line for line in text.splitlines() if line.strip()]
        assert not any(line.startswith("Clé") for line in lines[-3:])


def test_the_contents_tell_the_right_pages(plain):
    listed = plain.raw[1].splitlines()
    numbers = [int(line) for line in listed if line.isdigit()]
    titles = listed[listed.index("Sommaire") + 1 :][: len(numbers)]

    assert len(numbers) == 14
    for title, number in zip(titles, numbers, strict=True):
        assert title in plain.pages[number - 1]


def test_the_cover_says_what_it_is_about(plain, reading):
    cover = plain.pages[0]

    told = reading.told
    expected = [told["product"]["name"], told["product"]["reference"], told["publisher"]["siren"], reading.number]
    for words in [*expected, "Édition 2026", "Favorable", reading.verification_code]:
        assert words in cover


def test_the_verification_code_is_the_start_of_the_hash(reading):
    assert reading.verification_code.replace(" ", "") == reading.content_hash[:16].upper()


def test_the_states_block_stays_off_unless_it_is_turned_on(reading, settings):
    assert "République française" not in write_html(reading)

    settings.SHOW_STATE_BLOCK = True
    assert "République française" in write_html(reading)


def test_the_summary_opens_on_the_verdict_and_lists_what_is_not_met(full):
    summary = full.pages[2]

    assert "Favorable avec réserves : 2 exigences obligatoires ne sont pas satisfaites." in summary
    for words in (CONCLUSION, GAP, FILE, "Il manque la page signée."):
        assert words in summary


def test_each_section_has_its_page(plain):
    titles = ["Conformité à la doctrine", "Sécurité", "Protection des données", "Éthique du numérique"]

    for title, page in zip(titles, plain.pages[3:7], strict=True):
        assert title in page
        assert "Ce qui n’est pas satisfait" in page


def test_the_register_gives_every_hash_in_full(plain, reading):
    text = plain.text.replace(" ", "")

    assert len(reading.evidence) > 1
    for sha256 in [file["sha256"] for file in reading.evidence] + [reading.content_hash]:
        assert sha256 in text


def test_a_dossier_without_evidence_and_a_theme_without_questions_say_so(reading):
    reading.told["evidence"].clear()

    html = write_html(reading)
    assert "Aucun fichier n’accompagne ce dossier." in html
    assert "Ce thème ne concerne pas le service." in html


def test_a_theme_that_is_wholly_not_applicable_is_neither_zero_nor_full(documents, contents):
    theme = next(t for s in read(contents["typed"]).sections for t in s.themes if t.figures.code == "SEC-GOV")

    assert (theme.figures.score, theme.figures.completeness, theme.figures.applicable) == (None, None, 0)
    assert "non applicable" in documents["typed"].pages[4]


def test_what_people_typed_is_text_and_never_html(contents, documents):
    html = write_html(read(contents["typed"]))

    assert "<script>" not in html
    assert '<img src="file' not in html
    # The name stands on the cover, the reasons in the tables, the conclusion in the summary: as they were typed.
    assert documents["typed"].text.count("alert(1)") > 9


def test_the_report_reads_neither_disk_nor_network(reading, caplog, tmp_path):
    assert set(re.findall(r'(?:src|href)="([a-z]+:)', write_html(reading))) == {"data:"}

    secret = tmp_path / "secret.svg"
    secret.write_text("<svg/>")
    with caplog.at_level("WARNING", logger="weasyprint"):
        lay_out(f'<img src="file://{secret}"><img src="http://127.0.0.1:9/x.png">')
    assert len([record for record in caplog.records if "Failed to load" in record.getMessage()]) == 2


def test_the_layout_raises_no_warning(reading, caplog):
    with caplog.at_level("WARNING", logger="weasyprint"):
        report_pdf(reading)
    assert [record.getMessage() for record in caplog.records] == []


def test_the_pdf_is_tagged_in_french_and_its_pictures_are_described(plain, reading):
    root = plain.pdf.trailer["/Root"]

    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert reading.number in plain.pdf.metadata.title
    described = list(_alternatives(root["/StructTreeRoot"]["/K"]))
    assert len(described) == 5
    assert all(described)


def _alternatives(node):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _alternatives(child)
    elif isinstance(node, dict):
        if node.get("/S") == "/Figure":
            yield node.get("/Alt")
        if not isinstance(node.get("/K"), int) and "/K" in node:
            yield from _alternatives(node["/K"])


def test_its_bookmarks_follow_the_pages(plain):
    chapters = plain.pdf.outline[1]
    pages = [plain.pdf.get_destination_page_number(entry) for entry in chapters if not isinstance(entry, list)]

    assert all(before <= after for before, after in pairwise(pages))
    assert len(pages) >= 9
