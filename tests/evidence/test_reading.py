"""What is read in an accepted file: its text, its blank and scanned pages, its signature. It never refuses a file."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evidence import sandbox
from evidence.inspection.reading import MAX_CHARACTERS, read
from evidence.models import Content, DocumentVersion
from evidence.operations import forget_bytes, mark_scanned, start_scan
from evidence.scanners import DemonstrationScanner, clean, refused
from evidence.scanning import judge
from evidence.uploads import CSV, DOCX, ODS, ODT, PDF, PNG, TXT, XLSX
from tests.evidence import papers, samples
from tests.evidence.corpus import docx, drawn, pdf, word
from tests.evidence.papers import BLANK, SCANNED, paper


@pytest.fixture
def reading(tmp_path):
    """reading(content, type): what is read of it, in this very process."""

    def _reading(content, media_type):
        path = tmp_path / "file"
        path.write_bytes(content)
        return read(path, media_type)

    return _reading


@pytest.mark.parametrize(
    ("content", "media_type", "text"),
    [
        (lambda: paper("Politique de sécurité", "Page deux"), PDF, "Politique de sécurité\nPage deux"),
        (papers.DOCX, DOCX, "Politique de sécurité\nDeuxième ligne"),
        (papers.XLSX, XLSX, "Mesure\nChiffrement\n\n42.5"),
        (papers.ODT, ODT, "Charte du service numérique\nArticle 1"),
        (papers.ODS, ODS, "Registre"),
        (lambda: samples.CSV_WINDOWS, CSV, "Prénom;Rôle\nZoé;référente"),
        (lambda: "L’œuvre de Zoé".encode("cp1252"), TXT, "L’œuvre de Zoé"),
        ("\ufeffZoé".encode, TXT, "Zoé"),
        (lambda: "Zoé".encode("utf-16"), TXT, "Zoé"),
        ("un\N{NO-BREAK SPACE}\N{LATIN SMALL LIGATURE FI}chier".encode, TXT, "un fichier"),
        (lambda: samples.PNG, PNG, ""),
    ],
)
def test_the_text_of_each_type_is_read_in_its_order(reading, content, media_type, text):
    found = reading(content(), media_type)

    assert (found.text, found.is_cut) == (text, False)


def test_blank_and_scanned_pages_are_told_from_the_others(reading):
    found = reading(paper("Des mots", BLANK, SCANNED, SCANNED), PDF)

    assert (found.blank_pages, found.image_only_pages) == (1, 2)


def test_a_page_with_drawings_is_neither_blank_nor_scanned(reading):
    found = reading(pdf(drawn), PDF)

    assert (found.blank_pages, found.image_only_pages) == (0, 0)


@pytest.mark.parametrize(
    ("content", "media_type", "is_signed"),
    [
        (lambda: paper("Accord", signed=True), PDF, True),
        (lambda: paper("Accord", field_to_sign=True), PDF, False),
        (lambda: paper("Accord"), PDF, False),
        (papers.SIGNED_DOCX, DOCX, True),
        (papers.DOCX, DOCX, False),
        (papers.SIGNED_ODT, ODT, True),
        (papers.ODT, ODT, False),
        (lambda: samples.TXT, TXT, None),
        (lambda: samples.PNG, PNG, None),
    ],
)
def test_a_signature_is_seen_where_there_can_be_one(reading, content, media_type, is_signed):
    assert reading(content(), media_type).is_signed is is_signed


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (("é" * 3 * MAX_CHARACTERS).encode, TXT),
        (docx(**word(f"<w:p><w:t>{'mot ' * MAX_CHARACTERS}</w:t></w:p>")), DOCX),
        (docx(**word("<w:p><w:t>mot</w:t></w:p>" * (MAX_CHARACTERS // 2))), DOCX),
    ],
)
def test_a_text_too_long_is_cut_and_says_so(reading, content, media_type):
    found = reading(content(), media_type)

    assert found.is_cut
    assert MAX_CHARACTERS * 0.9 < len(found.text) <= MAX_CHARACTERS


def test_a_part_that_swells_is_read_no_further_than_needed(reading, monkeypatch):
    """Ten times what is kept lies in one element: hardly more than is kept is unpacked."""
    parsed = []

    def add(self, text):
        parsed.append(len(text))
        self.length += len(text)

    monkeypatch.setattr("evidence.inspection.office_reading._TextReader._add", add)

    reading(docx(**word(f"<w:p><w:t>{'mot ' * MAX_CHARACTERS * 3}</w:t></w:p>"))(), DOCX)

    assert sum(parsed) < 2 * MAX_CHARACTERS


@pytest.mark.parametrize("media_type", [PDF, DOCX, ODT])
def test_what_cannot_be_read_has_no_text_and_no_error(reading, media_type):
    found = reading(b"nothing of the kind", media_type)

    assert (found.text, found.blank_pages, found.is_signed) == ("", None, None)


def test_a_reading_that_breaks_leaves_the_file_accepted(tmp_path, monkeypatch):
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\necho \'{"pages": 3}\'\nprintf \'{"text": "hal\'\nkill -SEGV $$\n')
    program.chmod(0o700)
    monkeypatch.setattr("evidence.sandbox.sys.executable", str(program))

    with program.open("rb") as file:
        verdict = sandbox.inspect(file, PDF)

    assert (verdict.outcome, verdict.pages, verdict.reading) == ("clean", 3, None)


# --- Kept with the verdict ----------------------------------------------------------------------


def _judged(version: DocumentVersion) -> DocumentVersion:
    start_scan(version.pk)
    return mark_scanned(version, judge(version, DemonstrationScanner()))


@pytest.fixture
def _antivirus(settings):
    settings.DEMONSTRATION = True


@pytest.mark.usefixtures("_antivirus")
def test_what_was_read_is_kept_with_the_verdict_once(deposit):
    version = _judged(deposit("accord.pdf", paper("Accord de Zoé", SCANNED, signed=True)))
    _judged(version)

    content = Content.objects.get()
    assert (content.version, content.text, content.is_cut) == (version, "Accord de Zoé", False)
    assert (content.blank_pages, content.image_only_pages, content.is_signed) == (0, 1, True)


def test_nothing_is_kept_of_a_refused_file(deposit):
    mark_scanned(deposit("note.txt", samples.TXT), refused("virus"))

    assert not Content.objects.exists()


@pytest.mark.usefixtures("_antivirus")
def test_what_was_read_is_forgotten_with_the_bytes(deposit):
    version = _judged(deposit("note.txt", samples.TXT))
    assert Content.objects.exists()

    forget_bytes(version)
    forget_bytes(version)

    assert not Content.objects.exists()


# --- Found again --------------------------------------------------------------------------------


@pytest.mark.usefixtures("_antivirus")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("incidents", True),  # its text
        ("INCIDENTS gestion", True),
        ("note.txt", True),  # its name
        ("guide incidents", True),  # its title, and its text
        ("incidents chiffrement", False),
        ("", True),
    ],
)
def test_files_are_found_by_their_title_their_name_and_their_text(deposit, words, found):
    version = _judged(deposit("note.txt", samples.TXT, title="Le guide"))

    assert (version in DocumentVersion.objects.containing(words)) is found


def test_a_file_whose_text_was_not_read_is_found_by_its_name(deposit):
    version = mark_scanned(deposit("note.txt", samples.TXT), clean())

    assert list(DocumentVersion.objects.containing("note")) == [version]


@pytest.mark.usefixtures("_antivirus")
def test_lists_do_not_load_texts(client, deposit, contributor):
    _judged(deposit("note.txt", samples.TXT))
    client.force_login(contributor)

    with CaptureQueriesContext(connection) as queries:
        client.get("/preuves/")

    assert not any('"evidence_content"."text"' in query["sql"] for query in queries)
