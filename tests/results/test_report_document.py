"""The report itself: what a director reads, what an expert finds, how it looks."""

import io
import re
from itertools import pairwise

import pypdf
import pytest

from assessments.models import AnswerRevision
from products.models import Variant
from results.operations import close_review
from results.reading import read
from results.report import lay_out, report_pdf, write_html
from tests.assessments.filled import examine, filled_dossier, submit_again, submitted_dossier
from tests.factories import ProductFactory
from tests.results.conftest import CONCLUSION, GAP, NOT_APPLICABLE

LONG = "Le registre est relu chaque mois par la responsable de la sécurité, et les écarts sont suivis. " * 40


def text_of(page):
    """The text of a page, its spaces made one: line ends fall anywhere."""
    return re.sub(r"\s+", " ", page.extract_text())


def document(result):
    return pypdf.PdfReader(io.BytesIO(report_pdf(read(result.content))))


def whole_text(pdf):
    return " ".join(text_of(page) for page in pdf.pages)


@pytest.fixture
def full_result(publisher, representative, reviewer):
    """A service with every trait: 200 answers, one of them very long, a gap, a refusal."""
    product = ProductFactory.create(
        publisher=publisher, name="MonSuivi Cœur", platforms=list(Variant.Platform), device_class="IIa"
    )
    dossier = filled_dossier(product=product, by=representative, everything=True, answers={GAP: "non"})
    revision = AnswerRevision.objects.get(answer__assessment__dossier=dossier, answer__question__key="SEC-EXP-01")
    AnswerRevision.objects.create(
        answer=revision.answer,
        number=2,
        value=revision.value,
        comment=LONG,
        saved_at=revision.saved_at,
        saved_by=representative,
    )
    submit_again(dossier, by=representative)
    review = examine(dossier, by=reviewer, refused=["SEC-GOV-02"]).review
    return close_review(review=review, outcome="with_reservations", conclusion=CONCLUSION, by=reviewer)


def test_a_report_of_two_hundred_answers_is_whole(full_result):
    pdf = document(full_result)

    reading = read(full_result.content)
    lines = [line for section in reading.all_sections for theme in section.themes for line in theme.lines]
    text = whole_text(pdf)
    assert len(lines) > 200
    assert [line.key for line in lines if line.key not in text] == []
    assert 20 < len(pdf.pages) < 50
    for number, page in enumerate(pdf.pages[1:], start=2):
        assert f"page {number} sur {len(pdf.pages)}" in text_of(page)
        assert f"Dossier {full_result.dossier.number}" in text_of(page)


def test_a_very_long_comment_is_cut_between_pages_and_not_lost(full_result):
    assert whole_text(document(full_result)).count("relu chaque mois") == LONG.count("relu chaque mois")


def test_no_table_head_stands_alone_at_the_foot_of_a_page(full_result):
    for page in document(full_result).pages:
        lines = [line for line in page.extract_text().splitlines() if line.strip()]
        assert not any(line.startswith("Clé") for line in lines[-3:])


def test_the_contents_tell_the_right_pages(result):
    pdf = document(result)

    contents = text_of(pdf.pages[1])
    for title in ("Résumé", "Sécurité", "Registre des preuves", "Méthode"):
        number = int(re.search(rf"{title} (\d+)", contents)[1])
        assert title in text_of(pdf.pages[number - 1])


def test_the_cover_says_what_it_is_about(result, dossier, product):
    cover = text_of(document(result).pages[0])

    code = result.content_hash[:16].upper()
    expected = [product.name, product.reference, product.publisher.siren, dossier.number, "Édition 2026", "Favorable"]
    for words in [*expected, " ".join(a for a in re.findall("....", code))]:
        assert words in cover


def test_the_states_block_stays_off_unless_it_is_turned_on(result, settings):
    assert "République française" not in write_html(read(result.content))

    settings.SHOW_STATE_BLOCK = True
    assert "République française" in write_html(read(result.content))


def test_the_summary_opens_on_the_verdict_and_lists_what_is_not_met(result_with_gap):
    summary = text_of(document(result_with_gap).pages[2])

    assert "Favorable avec réserves : 1 exigence obligatoire n’est pas satisfaite." in summary.replace("\xa0", " ")
    assert CONCLUSION in summary
    assert GAP in summary


def test_each_section_has_its_page(result):
    pdf = document(result)

    for title, page in zip(
        ["Conformité à la doctrine", "Sécurité", "Protection des données", "Éthique du numérique"],
        pdf.pages[3:7],
        strict=True,
    ):
        assert title in text_of(page)
        assert "Ce qui bloque" in text_of(page)


def test_refusals_and_reasons_stand_in_the_tables(dossier, reviewer):
    review = examine(dossier, by=reviewer, refused=["SEC-GOV-02"]).review
    result = close_review(review=review, outcome="not_met", conclusion=CONCLUSION, by=reviewer)

    text = whole_text(document(result))
    assert "Il manque la page signée." in text
    assert "Aucun audit n’a encore eu lieu." in text


def test_the_register_gives_every_hash_in_full(result):
    pdf = document(result)
    text = whole_text(pdf).replace(" ", "")

    for file in read(result.content).evidence:
        assert file["sha256"] in text
    assert result.content_hash in text


def test_a_dossier_without_evidence_and_a_theme_without_questions_say_so(result):
    reading = read(result.content)
    reading.told["evidence"].clear()

    html = write_html(reading)
    assert "Aucun fichier n’accompagne ce dossier." in html
    assert "Ce thème ne concerne pas le service." in html


def test_a_theme_that_is_wholly_not_applicable_is_neither_zero_nor_full(product, representative, reviewer):
    keys = [f"SEC-GOV-0{number}" for number in range(1, 10)]
    dossier = submitted_dossier(product=product, by=representative, not_applicable=dict.fromkeys(keys, "Sans objet."))
    review = examine(dossier, by=reviewer).review
    result = close_review(review=review, outcome="favourable", conclusion="", by=reviewer)

    theme = next(t for s in read(result.content).sections for t in s.themes if t.figures.code == "SEC-GOV")
    assert (theme.figures.score, theme.figures.completeness, theme.figures.applicable) == (None, None, 0)
    assert "non applicable" in text_of(document(result).pages[4])


def test_what_people_typed_is_text_and_never_html(product, representative, reviewer):
    typed = '<img src="file:///etc/passwd"><script>alert(1)</script>'
    product.name = typed
    product.save(update_fields=["name"])
    dossier = submitted_dossier(product=product, by=representative, not_applicable={NOT_APPLICABLE: typed})
    review = examine(dossier, by=reviewer).review
    result = close_review(review=review, outcome="not_met", conclusion=typed, by=reviewer)

    html = write_html(read(result.content))
    assert "<script>" not in html
    assert '<img src="file' not in html


def test_the_report_reads_neither_disk_nor_network(result, caplog, tmp_path):
    html = write_html(read(result.content))
    assert set(re.findall(r'(?:src|href)="([a-z]+:)', html)) == {"data:"}

    secret = tmp_path / "secret.svg"
    secret.write_text("<svg/>")
    with caplog.at_level("WARNING", logger="weasyprint"):
        lay_out(f'<img src="file://{secret}"><img src="http://127.0.0.1:9/x.png">')
    assert len([record for record in caplog.records if "Failed to load" in record.getMessage()]) == 2


def test_the_layout_raises_no_warning(full_result, caplog):
    with caplog.at_level("WARNING", logger="weasyprint"):
        report_pdf(read(full_result.content))
    assert [record.getMessage() for record in caplog.records] == []


def test_the_pdf_is_tagged_in_french_and_its_pictures_are_described(result):
    pdf = document(result)
    root = pdf.trailer["/Root"]

    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert result.dossier.number in pdf.metadata.title
    assert [alternative for alternative in _alternatives(root["/StructTreeRoot"]["/K"]) if not alternative] == []


def _alternatives(node):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _alternatives(child)
    elif isinstance(node, dict):
        if node.get("/S") == "/Figure":
            yield node.get("/Alt")
        if not isinstance(node.get("/K"), int) and "/K" in node:
            yield from _alternatives(node.raw_get("/K"))


def test_its_bookmarks_follow_the_pages(result):
    pdf = document(result)
    chapters = pdf.outline[1]
    pages = [pdf.get_destination_page_number(entry) for entry in chapters if not isinstance(entry, list)]

    assert all(before <= after for before, after in pairwise(pages))
    assert len(pages) >= 9
