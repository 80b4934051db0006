"""Ordinary files with something to read in them: pages with words, scanned pages, blank ones, signed documents."""

import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.evidence.corpus import docx, odf, pdf, word, xlsx

# What the pages of `paper` may be.
SCANNED, BLANK = "scanned", "blank"


def paper(*pages: str, signed: bool = False, field_to_sign: bool = False) -> bytes:
    """A PDF with a page for each of these: words to write on it, SCANNED or BLANK."""

    def change(document: pikepdf.Pdf) -> None:
        for page, content in zip(document.pages, pages, strict=True):
            if content == SCANNED:
                _scan(document, page)
            elif content != BLANK:
                _write(document, page, content)
        if signed or field_to_sign:
            _sign(document, filled=signed)

    return pdf(change, pages=len(pages))


def _write(document: pikepdf.Pdf, page: pikepdf.Page, words: str) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
    page.Contents = Stream(document, b"BT /F1 12 Tf 40 400 Td (" + words.encode("cp1252") + b") Tj ET")


def _scan(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    grey = bytes(value % 256 for value in range(64 * 64))
    scan = Stream(
        document,
        zlib.compress(grey),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=64,
        Height=64,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
        Filter=Name.FlateDecode,
    )
    page.Resources = Dictionary(XObject=Dictionary(Im1=scan))
    page.Contents = Stream(document, b"q 500 0 0 700 40 40 cm /Im1 Do Q")


def _sign(document: pikepdf.Pdf, *, filled: bool) -> None:
    field = Dictionary(FT=Name.Sig, T=pikepdf.String("signature"))
    if filled:
        field.V = Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            Contents=pikepdf.String("signature"),
            ByteRange=Array([0, 1, 2, 3]),
        )
    document.Root.AcroForm = Dictionary(Fields=Array([document.make_indirect(field)]), SigFlags=3)


DOCX = docx(
    **word(
        "<w:p><w:r><w:t>Politique de</w:t></w:r><w:r><w:tab/><w:t>sécurité</w:t></w:r></w:p>"
        "<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>Deuxième ligne</w:t></w:r></w:p>"
    )
)
XLSX = xlsx(
    **{
        "xl/sharedStrings.xml": "<sst><si><t>Mesure</t></si><si><r><t>Chiffre</t></r><r><t>ment</t></r></si></sst>",
        "xl/worksheets/sheet1.xml": '<worksheet><c t="s"><v>1</v></c><c><f>SUM(A1:A9)</f><v>42.5</v></c></worksheet>',
    }
)
ODT = odf(content="<text:p>Charte <text:span>du service</text:span> numérique</text:p><text:p>Article 1</text:p>")
ODS = odf("spreadsheet", "<table:table-cell><text:p>Registre</text:p></table:table-cell>")
SIGNED_DOCX = docx(**{**word(""), "_xmlsignatures/sig1.xml": "<Signature/>"})
SIGNED_ODT = odf(**{"META-INF/documentsignatures.xml": "<signatures/>"})
