"""A workbook made to harm: refused or read as text, by a process that ends with it, and within its limits."""

import io
import tempfile
import zipfile

import pytest
from django.conf import settings as django_settings

from assessments.offline.json_files import read_json
from assessments.offline.layout import Col
from assessments.offline.taking import NotTaken
from assessments.offline.uploads import read_upload
from assessments.offline.writing import workbook_of
from evidence import sandbox
from evidence.inspection.findings import Danger, Refused
from tests.evidence.samples import upload
from tests.offline.sheets import FILLED, SHEET, cell_of, filing_of

ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{ENTITIES}]>'
SHEET_PART = "xl/worksheets/sheet2.xml"


def workbook():
    return workbook_of(filing_of(FILLED), exported_by="Camille")


def with_part(name, change):
    """The workbook, one of its parts changed (bytes to bytes)."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        assert name in source.namelist()
        for part in source.namelist():
            content = source.read(part)
            made.writestr(part, change(content) if part == name else content)
    return target.getvalue()


def sheets_of(content):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return sandbox.read_sheets(file)


@pytest.mark.parametrize(
    ("change", "danger"),
    [
        (
            lambda xml: LAUGHS.encode() + xml.replace(b"<sheetData>", b"<sheetData>&l9;"),
            Danger.REMOTE,
        ),
        (lambda xml: xml.replace(b"</worksheet>", b" " * 90_000_000 + b"</worksheet>"), Danger.NOT_ANALYSABLE),
        (lambda xml: xml[: len(xml) // 2], Danger.UNREADABLE),
        (lambda xml: xml.replace(b'<c r="A3"', b'<c r="A3" t="s"><v>987654</v></c><c r="A3"', 1), Danger.UNREADABLE),
    ],
    ids=["a thousand million laughs", "a bomb", "cut in two", "a shared text that is nowhere"],
)  # fmt: skip
def test_what_would_swell_or_is_broken_is_refused(change, danger):
    with pytest.raises(Refused) as refused:
        sheets_of(with_part(SHEET_PART, change))

    assert refused.value.danger == danger


def test_a_sheet_that_says_it_is_immense_is_read_for_what_it_holds():
    def change(xml):
        huge = b'<dimension ref="A1:XFD1048576"/>'
        return xml.replace(xml[xml.index(b"<dimension") : xml.index(b"/>", xml.index(b"<dimension")) + 2], huge)

    sheet = next(each for each in sheets_of(with_part(SHEET_PART, change)) if each["title"] == SHEET)

    texts = {tuple(place): text for *place, _kind, text in sheet["cells"]}
    assert len(texts) < 200 and "YES-1" in texts.values()


def test_a_formula_is_never_computed():
    place = cell_of("TEXT-1", Col.VALUE).encode()

    def change(xml):
        start = xml.index(b'<c r="' + place)
        cell = xml[start : xml.index(b"</c>", start)]
        return xml.replace(cell, b'<c r="' + place + b'"><f>WEBSERVICE("http://ailleurs.example")</f><v>1</v>')

    filing = filing_of(FILLED)
    content = with_part(SHEET_PART, change)
    _source, returned = read_upload(upload("classeur.xlsx", content), filing.dossier, filing.working.definition)

    assert [(each.place, each.text) for each in returned.unreadable] == [(f"{SHEET}!{place.decode()}", "=…")]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("classeur.ods", b"PK", "ni un classeur .xlsx ni un fichier .json"),
        ("classeur.xlsx", b"pas un classeur", "Le contenu de ce fichier"),
        ("reponses.json", b"[" * 100_000, "n’est pas du JSON lisible"),
        ("reponses.json", b'{"format": NaN}', "n’est pas du JSON lisible"),
        ("reponses.json", b'{"format": 2}', "format que cette version"),
        ("reponses.json", b"[1]", "n’a pas la forme attendue"),
        ("reponses.json", b" " * 10_000_001, "trop gros\u00a0: 10\u00a0Mo"),
    ],
)
def test_a_file_that_is_not_ours_is_told_what_to_do(name, content, words):
    filing = filing_of({})

    with pytest.raises(NotTaken) as refused:
        read_upload(upload(name, content), filing.dossier, filing.working.definition)

    assert words in refused.value.sentence
    assert django_settings.IMPORT_MAX_BYTES == 10_000_000


def test_a_number_of_a_million_figures_is_read_at_once_as_no_answer():
    filing = filing_of({})
    answers = '{"NUM-1": {"revision": 0, "value": 1e999999999}, "TEXT-1": {"revision": 0, "value": %s}}' % (
        "9" * 999_999
    )
    told = f'{{"format": 1, "dossier": "2026-004217", "edition": "2026", "answers": {answers}}}'

    returned = read_json(told.encode(), filing.dossier, filing.working.definition)

    assert [(each.key, each.place) for each in returned.unreadable] == [("NUM-1", "champ «\u00a0value\u00a0»")]
