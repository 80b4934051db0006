"""A questionnaire as a workbook: nothing changes on the way out and back, and every mistake is told with its cell."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from openpyxl import Workbook

from questionnaires.engine import Level, Questionnaire, Theme
from questionnaires.exchange.reading import NotRead
from questionnaires.exchange.workbook import read_workbook
from questionnaires.exchange.workbook_writing import TooLongForCell, empty_workbook, write_workbook
from questionnaires.source_files import read_questionnaire
from tests.questionnaires import contents
from tests.questionnaires.builders import FIXTURES, question
from tests.questionnaires.small import small_diagnostic, small_edition

FILES = sorted(path for path in FIXTURES.rglob("*.yaml") if not path.name.startswith("edition-"))


def small() -> Questionnaire:
    return Questionnaire(
        code="Q",
        slug="q",
        version="1",
        title="Essai",
        themes=(Theme(code="Q-T", slug="t", title="Thème", questions=(asked("Q-T-1"), asked("Q-T-2"))),),
    )


def asked(key: str):
    return question(key, wording="Une ?", answered_by="dpo")


def edited(change: Callable[[Workbook], object], content: Questionnaire | None = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(content or small())))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell(book: Workbook, sheet: str, code: str, row: int = 3):
    page = book[sheet]
    column = next(each.column for each in page[1] if each.value == code)
    return page.cell(row=row, column=column)


def reasons(data: bytes) -> tuple[str, ...]:
    with pytest.raises(NotRead) as caught:
        read_workbook(data, "q.xlsx")
    return caught.value.reasons


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_questionnaires_come_back_without_a_change(path):
    content = read_questionnaire(path)

    assert read_workbook(write_workbook(content), path.name) == content


@settings(contents.STEADY, max_examples=50)
@given(contents.questionnaires())
def test_any_questionnaire_comes_back_without_a_change(content):
    assert read_workbook(write_workbook(content), "q.xlsx") == content


def test_no_text_is_ever_a_formula():
    content = replace(small(), title='=HYPERLINK("http://a")', description="+1\n@x")

    book = openpyxl.load_workbook(io.BytesIO(write_workbook(content)))

    title = cell(book, "Questionnaire", "title")
    assert (title.data_type, title.value, title.quotePrefix) == ("s", content.title, True)


def test_a_text_that_no_cell_holds_is_told_and_not_cut():
    long = replace(asked("Q-T-1"), why="é" * 32_768)
    content = replace(small(), themes=(replace(small().themes[0], questions=(long,)),))

    with pytest.raises(TooLongForCell, match=r"« Pourquoi » de « Q-T-1 ».*32768 caractères.*32767"):
        write_workbook(content)


def test_a_number_that_a_spreadsheet_rounds_is_written_as_a_text():
    exact = replace(asked("Q-T-1"), weight=Decimal("0.12345678901234567"))
    content = replace(small(), themes=(replace(small().themes[0], questions=(exact,)),))

    assert read_workbook(write_workbook(content), "q.xlsx") == content


@pytest.mark.parametrize(
    ("sheet", "code", "value", "told"),
    [
        ("Exigences", "type", "peut-être", "« peut-être » n’est pas connu : choisissez parmi « oui ou non »"),
        ("Exigences", "weight", "lourd", "écrivez un nombre"),
        ("Exigences", "weight", "=1+1", "cette cellule contient une formule"),
        ("Exigences", "minutes", 1.5, "écrivez un nombre entier"),
        ("Exigences", "scored", "peut-être", "écrivez « oui » ou « non »"),
        ("Exigences", "title", None, "« Intitulé court » est à remplir"),
        ("Exigences", "key", "q 1", "« q 1 » n’a pas la forme attendue : par exemple SEC-ACC-01"),
        ("Exigences", "theme", "AUTRE", "« AUTRE » n’existe pas"),
        ("Choix", "question", "Q-T-9", "« Q-T-9 » n’existe pas"),
        ("Thèmes", "slug", "Pas une adresse", "n’a pas la forme attendue"),
    ],
)
def test_a_mistake_is_told_with_its_sheet_and_cell(sheet, code, value, told):
    place = ""

    def change(book: Workbook) -> None:
        nonlocal place
        target = cell(book, sheet, code)
        target.value, place = value, f"feuille « {sheet} », cellule {target.coordinate}"

    said = reasons(edited(change))

    assert said[0].startswith(f"q.xlsx, {place} : ")
    assert told in said[0]


def test_all_mistakes_are_told_at_once():
    def change(book: Workbook) -> None:
        cell(book, "Exigences", "key", 4).value = "Q-T-1"
        cell(book, "Exigences", "level").value = "parfois"

    cells = [each.replace(" ", " ").partition(" : ")[0].rpartition(" ")[2] for each in reasons(edited(change))]
    assert cells == ["N3", "B4", "A5", "A6"]  # the choices of the key that is no more are told too


def test_what_only_the_whole_shows_is_told_with_its_key():
    said = reasons(edited(lambda book: book["Choix"].delete_rows(3, 2)))

    assert said[0].startswith("q.xlsx, Q-T-1 : ")


def test_numbers_and_words_are_taken_as_people_type_them():
    def change(book: Workbook) -> None:
        cell(book, "Exigences", "weight").value = "1,5"
        cell(book, "Exigences", "level").value = " Recommandé "
        cell(book, "Exigences", "scored").value = False
        cell(book, "Exigences", "unit").value = 12
        cell(book, "Exigences", "applies_when").value = None
        book["Exigences"].move_range("A1:AM4", rows=1)

    def without_unit(book: Workbook) -> None:
        change(book)
        page = book["Exigences"]
        page.cell(row=4, column=next(each.column for each in page[2] if each.value == "unit")).value = None

    first = small().themes[0].questions[0]

    with pytest.raises(NotRead, match="Q-T-1"):  # a unit goes with numbers only, the rest is taken
        read_workbook(edited(change), "q.xlsx")
    read = read_workbook(edited(without_unit), "q.xlsx").themes[0]
    assert read.questions[0] == replace(first, weight=Decimal("1.5"), level=Level.RECOMMENDED, scored=False)


@pytest.mark.parametrize("content", [*small_edition().questionnaires, small_diagnostic()], ids=lambda each: each.code)
def test_lists_are_offered_where_words_are_expected(content):
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(content)))

    assert [rule.type for rule in book["Exigences"].data_validations.dataValidation] == ["list"] * 10
    assert book["Listes"].sheet_state == "hidden"
    assert book.sheetnames[0] == "Lisez-moi"


def test_the_empty_template_says_what_is_missing():
    assert reasons(empty_workbook()) == (
        "q.xlsx, feuille « Questionnaire » : une ligne, et une seule, dit ce qu’est le questionnaire.",
    )


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 pas un classeur",
        write_workbook(small())[:2000],
    ],
)
def test_a_damaged_workbook_is_refused_with_a_sentence(data):
    assert "endommagé" in reasons(data)[0]


def test_another_workbook_is_refused_with_a_sentence():
    target = io.BytesIO()
    Workbook().save(target)

    assert "n’a pas de feuille « Questionnaire »" in reasons(target.getvalue())[0]


def test_a_bomb_is_not_opened():
    target = io.BytesIO(write_workbook(small()))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bombe.xml", b"0" * 70_000_000)

    assert "trop gros" in reasons(target.getvalue())[0]


def test_a_sheet_of_a_million_rows_is_refused():
    said = reasons(edited(lambda book: book["Exigences"].cell(row=900_000, column=1, value="Q-T")))

    assert said[0].startswith("q.xlsx, feuille « Exigences », cellule A900000 : trop loin, 20000 lignes")


def rewritten(data: bytes, change: Callable[[str, str], str], **parts: str) -> bytes:
    """The workbook with the text of each part changed, and other parts added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
        for name, text in parts.items():
            new.writestr(name, text)
    return target.getvalue()


def test_a_workbook_that_declares_entities_is_refused():
    doctype = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'

    def change(name: str, text: str) -> str:
        return doctype + text.replace("Essai", "&b;") if name == "xl/worksheets/sheet2.xml" else text

    assert "endommagé" in reasons(rewritten(write_workbook(small()), change))[0]


def test_texts_that_another_program_keeps_apart_from_cells_are_read_as_exactly():
    """As spreadsheets save: the texts of all cells in one part."""
    texts: list[str] = []
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"

    def shared(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'{found[1]}t="s"><v>{len(texts) - 1}</v></c>'

    def change(name: str, text: str) -> str:
        if name.endswith(".rels"):
            added = f'<Relationship Id="textes" Type="{relation}" Target="/xl/sharedStrings.xml"/></Relationships>'
            return text.replace("</Relationships>", added) if "workbook" in name else text
        if name == "[Content_Types].xml":
            return text.replace(
                "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            )
        return re.sub(r'(<c [^>]*)t="inlineStr"><is>(.*?)</is></c>', shared, text, flags=re.DOTALL)

    content = replace(small(), title="x005F_ et _x000D_", description="=1\r\n\x0b")
    data = rewritten(write_workbook(content), change)
    spoken = "<rPh sb='0' eb='1'><t>à voix haute</t></rPh>"
    items = "".join(f"<si>{text}{spoken}</si>" for text in texts)
    part = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>'

    data = rewritten(data, lambda _name, text: text, **{"xl/sharedStrings.xml": part})
    assert len(texts) > 50
    assert read_workbook(data, "q.xlsx") == content
