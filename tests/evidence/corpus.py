"""Hostile and odd files, each with what the portal must say of it. Made here: nothing dangerous is kept.

    CASES["a PDF with a script"]  →  Case(file name, its bytes when called, expected answer)

The answer is "" for what is accepted, a code of `evidence.sentences.UPLOADS` for what is not even taken, or a code of
`evidence.sentences.REFUSALS`.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from tests.evidence.samples import OFFICE, OLE, OPEN_DOCUMENT, archive, office, picture

MEGABYTE = 1_000_000
RELATIONSHIP = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT_TYPE = f"{OFFICE}.wordprocessingml.document.main+xml"
WORKBOOK_TYPE = f"{OFFICE}.spreadsheetml.sheet.main+xml"


class Case(NamedTuple):
    file_name: str
    content: Callable[[], bytes]
    answer: str = ""


# --- PDF ----------------------------------------------------------------------------------------


def pdf(change: Callable[[pikepdf.Pdf], object] = lambda document: None, pages: int = 1, **saving: Any) -> bytes:
    """A PDF of blank pages, once `change` was done to it."""
    document, buffer = pikepdf.new(), io.BytesIO()
    for _page in range(pages):
        document.add_blank_page()
    change(document)
    document.save(buffer, **saving)
    return buffer.getvalue()


def at_opening(action: Dictionary) -> Callable[[], bytes]:
    return lambda: pdf(lambda document: document.Root.__setattr__("OpenAction", action))


def annotated(annotation: Dictionary) -> Callable[[], bytes]:
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots = Array([document.make_indirect(annotation)])

    return lambda: pdf(change)


def annotation(subtype: str, **more: Any) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=[0, 0, 10, 10], **more)


def script_in_a_field(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    field = document.make_indirect(Dictionary(FT=Name.Tx, T=pikepdf.String("nom"), AA=Dictionary(K=action)))
    document.Root.AcroForm = Dictionary(Fields=Array([field]))


def script_by_its_name(document: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([pikepdf.String("a"), action])))


def script_far_inside(document: pikepdf.Pdf) -> None:
    inside = Dictionary(JS=pikepdf.String("app.alert(1)"))
    for _level in range(20):
        inside = Dictionary(Next=Array([inside]))
    document.Root.Rien = inside


def script_that_nothing_leads_to(document: pikepdf.Pdf) -> None:
    document.Root.Oublie = document.make_indirect(Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))


def dynamic_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=Stream(document, b"<xdp/>"))


def attached(document: pikepdf.Pdf) -> None:
    document.attachments["annexe.txt"] = b"un texte"


def associated(document: pikepdf.Pdf) -> None:
    """As electronic invoices carry theirs."""
    file = Stream(document, b"<facture/>", Type=Name.EmbeddedFile)
    document.Root.AF = Array([Dictionary(Type=Name.Filespec, F=pikepdf.String("f.xml"), EF=Dictionary(F=file))])


def portfolio(document: pikepdf.Pdf) -> None:
    document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)


def structured(document: pikepdf.Pdf) -> None:
    """Its structure names an element as an action is named."""
    element = document.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Movie))
    document.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([element]))


def drawn(document: pikepdf.Pdf) -> None:
    document.pages[0].Contents = Stream(document, b"0 0 10 10 re f")


def deep(document: pikepdf.Pdf) -> None:
    inside = Array([])
    for _level in range(400):
        inside = Array([inside])
    document.Root.Rien = inside


def escaped_names() -> bytes:
    """A name may be written with the codes of its letters."""
    return at_opening(Dictionary(S=Name.JavaScript, JS=pikepdf.String("1")))().replace(b"/JavaScript", b"/J#61vaScript")


# --- Pictures -----------------------------------------------------------------------------------


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def announced(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG that says it is that large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def swelling_text() -> bytes:
    """A PNG whose commentary swells when it is read."""
    whole = picture("PNG")
    commentary = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 * MEGABYTE)))
    return whole[:33] + commentary + whole[33:]


# --- Office and OpenDocument --------------------------------------------------------------------


def docx(**parts: str | bytes) -> Callable[[], bytes]:
    """docx(word__document="<w:p/>"): two underscores stand for a slash; the extension is .xml unless given by `__`."""
    return lambda: _package(DOCUMENT_TYPE, parts)


def xlsx(**parts: str | bytes) -> Callable[[], bytes]:
    return lambda: _package(WORKBOOK_TYPE, parts)


def _package(main_type: str, parts: dict[str, str | bytes]) -> bytes:
    types = f'<Types><Override PartName="/main.xml" ContentType="{main_type}"/></Types>'
    written = {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}
    return archive({"[Content_Types].xml": types.encode(), "main.xml": b"<main/>", **written})


def word(body: str) -> dict[str, str]:
    return {"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'}


def related(kind: str, target: str, mode: str = "External") -> dict[str, str]:
    relationship = f'<Relationship Id="r1" Type="{RELATIONSHIP}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {"word/_rels/document.xml.rels": f"<Relationships>{relationship}</Relationships>"}


def formula(text: str) -> dict[str, str]:
    return {"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><c><f>{text}</f></c></worksheet>'}


def odf(kind: str = "text", content: str = "", **parts: str | bytes) -> Callable[[], bytes]:
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (
            ("office", "office"),
            ("text", "text"),
            ("draw", "drawing"),
            ("table", "table"),
            ("script", "script"),
            ("manifest", "manifest"),
        )
    )
    links = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = f"<office:document-content {spaces} {links}>{content}</office:document-content>"
    written = {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}
    mimetype = f"{OPEN_DOCUMENT}.{kind}".encode()
    return lambda: archive({"mimetype": mimetype, "content.xml": body.encode(), **written})


def manifest(path: str, kind: str, inside: str = "") -> dict[str, str]:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = f'<m:file-entry m:full-path="{path}" m:media-type="{kind}">{inside}</m:file-entry>'
    return {"META-INF/manifest.xml": f'<m:manifest xmlns:m="{space}">{entry}</m:manifest>'}


def bomb() -> bytes:
    return _package(DOCUMENT_TYPE, {"word/document.xml": b"<a>" + bytes(60 * MEGABYTE) + b"</a>"})


def twice() -> bytes:
    buffer = io.BytesIO(docx(**word(""))())
    with zipfile.ZipFile(buffer, "a") as target:
        target.writestr("WORD/document.xml", "<other/>")
    return buffer.getvalue()


def encrypted_part() -> bytes:
    """The flag that says that a part is encrypted, on each part but the declaration."""
    content = bytearray(docx(**word("secret"))())
    at = content.rindex(b"PK\x01\x02")  # the last part's entry of the directory
    content[at + 8] |= 1
    return bytes(content)


def archive_of_everything() -> bytes:
    return archive({"un.txt": b"un", "deux.txt": b"deux"})


CASES: dict[str, Case] = {
    # PDF
    "a plain PDF": Case("plan.pdf", pdf),
    "a PDF of forty pages": Case("plan.pdf", lambda: pdf(pages=40)),
    "a PDF with drawings": Case("plan.pdf", lambda: pdf(drawn)),
    "a PDF with objects in compressed streams": Case(
        "plan.pdf", lambda: pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    ),
    "a PDF that may not be copied": Case(
        "plan.pdf", lambda: pdf(encryption=pikepdf.Encryption(owner="secret", user=""))
    ),
    "a PDF with a password": Case(
        "plan.pdf", lambda: pdf(encryption=pikepdf.Encryption(owner="secret", user="secret")), "protected"
    ),
    "a PDF with an old password": Case(
        "plan.pdf",
        lambda: pdf(encryption=pikepdf.Encryption(owner="secret", user="secret", R=3, metadata=False, aes=False)),
        "protected",
    ),
    "a PDF that opens a page": Case("plan.pdf", at_opening(Dictionary(S=Name.GoTo, D=Array([0, Name.Fit])))),
    "a PDF that prints itself": Case("plan.pdf", at_opening(Dictionary(S=Name.Named, N=Name.Print))),
    "a PDF with a link": Case(
        "plan.pdf", annotated(annotation("/Link", A=Dictionary(S=Name.URI, URI=pikepdf.String("https://a.example"))))
    ),
    "a PDF with a link written short": Case(
        "plan.pdf", annotated(annotation("/Link", A=Dictionary(S=Name.URI, URI=pikepdf.String("www.a.example/b"))))
    ),
    "a PDF with a link to a share": Case(
        "plan.pdf",
        annotated(annotation("/Link", A=Dictionary(S=Name.URI, URI=pikepdf.String("\\\\serveur\\outil")))),
        "remote",
    ),
    "a PDF with a link to a program": Case(
        "plan.pdf",
        annotated(annotation("/Link", A=Dictionary(S=Name.URI, URI=pikepdf.String("file:///c:/outil.exe")))),
        "remote",
    ),
    "a PDF whose structure has odd names": Case("plan.pdf", lambda: pdf(structured)),
    "a PDF that goes to the web by itself": Case(
        "plan.pdf", at_opening(Dictionary(S=Name.URI, URI=pikepdf.String("https://a.example"))), "remote"
    ),
    "a PDF with a script at its opening": Case(
        "plan.pdf", at_opening(Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))), "active"
    ),
    "a PDF with a script under an escaped name": Case("plan.pdf", escaped_names, "active"),
    "a PDF with a script in a field": Case("plan.pdf", lambda: pdf(script_in_a_field), "active"),
    "a PDF with a named script": Case("plan.pdf", lambda: pdf(script_by_its_name), "active"),
    "a PDF with a script far inside": Case("plan.pdf", lambda: pdf(script_far_inside), "active"),
    "a PDF with a script in a compressed stream": Case(
        "plan.pdf",
        lambda: pdf(script_that_nothing_leads_to, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "active",
    ),
    "a PDF with a script, that may not be copied": Case(
        "plan.pdf", lambda: pdf(script_by_its_name, encryption=pikepdf.Encryption(owner="secret", user="")), "active"
    ),
    "a PDF that starts a program": Case(
        "plan.pdf", at_opening(Dictionary(S=Name.Launch, F=pikepdf.String("calc.exe"))), "active"
    ),
    "a PDF that sends a form": Case(
        "plan.pdf",
        annotated(annotation("/Link", A=Dictionary(S=Name.SubmitForm, F=pikepdf.String("https://a.example")))),
        "remote",
    ),
    "a PDF that opens another file": Case(
        "plan.pdf", at_opening(Dictionary(S=Name.GoToR, F=pikepdf.String("autre.pdf"))), "remote"
    ),
    "a PDF that imports data": Case(
        "plan.pdf", at_opening(Dictionary(S=Name.ImportData, F=pikepdf.String("d.fdf"))), "remote"
    ),
    "a PDF with a dynamic form": Case("plan.pdf", lambda: pdf(dynamic_form), "active"),
    "a PDF with a film": Case("plan.pdf", annotated(annotation("/RichMedia")), "active"),
    "a PDF with a sound": Case("plan.pdf", annotated(annotation("/Sound")), "active"),
    "a PDF with an attachment": Case("plan.pdf", lambda: pdf(attached), "embedded"),
    "a PDF with an associated file": Case("facture.pdf", lambda: pdf(associated), "embedded"),
    "a PDF with a pinned file": Case("plan.pdf", annotated(annotation("/FileAttachment")), "embedded"),
    "a portfolio": Case("plan.pdf", lambda: pdf(portfolio), "embedded"),
    "a PDF cut short, that can be mended": Case("plan.pdf", lambda: pdf(pages=3)[:-60]),
    "a PDF cut in its first object": Case("plan.pdf", lambda: pdf()[:40], "unreadable"),
    "a PDF without pages": Case("plan.pdf", lambda: pdf(pages=0), "unreadable"),
    "a PDF signature and nothing else": Case("plan.pdf", lambda: b"%PDF-1.7\n%%EOF\n", "unreadable"),
    "a PDF of noise": Case("plan.pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40, "unreadable"),
    "a PDF of too many pages": Case("plan.pdf", lambda: pdf(pages=5_001), "not_analysable"),
    "a PDF of objects within objects": Case("plan.pdf", lambda: pdf(deep), "not_analysable"),
    "a PDF that is an archive too": Case("plan.pdf", lambda: pdf() + archive_of_everything(), "disguised"),
    # Pictures
    "a PNG": Case("capture.png", lambda: picture("PNG")),
    "a transparent PNG": Case("capture.png", lambda: picture("PNG", mode="RGBA")),
    "a JPEG": Case("photo.jpg", lambda: picture("JPEG")),
    "a JPEG in capitals": Case("PHOTO.JPEG", lambda: picture("JPEG")),
    "a JPEG of many grey pixels": Case("photo.jpg", lambda: picture("JPEG", (6_000, 6_000), "L")),
    "a PNG called .jpg": Case("photo.jpg", lambda: picture("PNG"), "type_disagrees"),
    "a PNG of ten thousand million pixels": Case("bombe.png", lambda: announced(100_000, 100_000), "not_analysable"),
    "a PNG whose text swells": Case("bombe.png", swelling_text, "unreadable"),
    "a PNG with fewer pixels than it says": Case("capture.png", lambda: announced(200, 200, b"\0"), "unreadable"),
    "a PNG cut short": Case("capture.png", lambda: picture("PNG", (300, 300))[:-40], "unreadable"),
    "a JPEG cut short": Case("photo.jpg", lambda: picture("JPEG", (300, 300))[:700], "unreadable"),
    "a JPEG that is an archive too": Case("photo.jpg", lambda: picture("JPEG") + archive_of_everything(), "disguised"),
    "a JPEG that is a PDF too": Case(
        "photo.jpg", lambda: picture("JPEG")[:20] + b"%PDF-1.7" + picture("JPEG")[20:], "disguised"
    ),
    "a GIF called .png": Case("image.png", lambda: picture("GIF"), "type_disagrees"),
    "an SVG": Case("image.svg", lambda: b"<svg onload='alert(1)'/>", "type_not_allowed"),
    "an SVG called .png": Case("image.png", lambda: b"<svg onload='alert(1)'/>", "type_disagrees"),
    # Office
    "a Word document": Case("note.docx", docx(**word("<w:p/>"))),
    "a Word document with links": Case("note.docx", docx(**related("hyperlink", "https://a.example"))),
    "a Word document with its template on the author's disk": Case(
        "note.docx", docx(**related("attachedTemplate", "file:///C:\\Modeles\\note.dotx"))
    ),
    "a Word document with a page number": Case("note.docx", docx(**word('<w:p><w:fldSimple w:instr=" PAGE "/></w:p>'))),
    "a Word document with a drawing of lines": Case("note.docx", docx(**{"word/media/image1.svg": "<svg/>"})),
    "a Word document that speaks of DDE": Case("note.docx", docx(**word("<w:p><w:t>DDEAUTO est interdit</w:t></w:p>"))),
    "a workbook": Case("suivi.xlsx", xlsx(**formula("SUM(A1:A3)"))),
    "a Word document with macros": Case("note.docm", docx(), "type_not_allowed"),
    "a Word document with macros called .docx": Case(
        "note.docx", lambda: office("application/vnd.ms-word.document.macroEnabled.main+xml"), "type_disagrees"
    ),
    "a Word document with hidden macros": Case("note.docx", docx(**{"word/vbaProject.bin": b"\0"}), "active"),
    "a workbook with old macros": Case("suivi.xlsx", xlsx(**{"xl/macrosheets/sheet1.xml": "<a/>"}), "active"),
    "a Word document with a control": Case("note.docx", docx(**{"word/activeX/activeX1.bin": b"\0"}), "active"),
    "a Word document with an OLE package": Case(
        "note.docx", docx(**{"word/embeddings/oleObject1.bin": OLE}), "embedded"
    ),
    "a Word document with a program": Case("note.docx", docx(**{"word/media/outil.exe": b"MZ"}), "embedded"),
    "a Word document with a template from the web": Case(
        "note.docx", docx(**related("attachedTemplate", "https://a.example/m.dotm")), "remote"
    ),
    "a Word document with a template from a share": Case(
        "note.docx", docx(**related("attachedTemplate", "file://serveur/m.dotm")), "remote"
    ),
    "a Word document with a picture from the web": Case(
        "note.docx", docx(**related("image", "https://a.example/suivi.png")), "remote"
    ),
    "a Word document with a link to a program": Case(
        "note.docx", docx(**related("hyperlink", "ms-msdt:/id")), "remote"
    ),
    "a Word document with a DDE field": Case(
        "note.docx", docx(**word('<w:p><w:fldSimple w:instr=" DDEAUTO c:\\\\cmd.exe "/></w:p>')), "remote"
    ),
    "a Word document with a DDE field in pieces": Case(
        "note.docx",
        docx(**word("<w:p><w:instrText>DD</w:instrText><w:instrText>E cmd</w:instrText></w:p>")),
        "remote",
    ),
    "a workbook with a DDE formula": Case("suivi.xlsx", xlsx(**formula("cmd|'/c calc'!A0")), "remote"),
    "a workbook with a DDE link": Case(
        "suivi.xlsx", xlsx(**{"xl/externalLinks/externalLink1.xml": "<a><ddeLink/></a>"}), "remote"
    ),
    "a workbook linked to another": Case(
        "suivi.xlsx", xlsx(**related("externalLinkPath", "file:///C:\\autre.xlsx")), "remote"
    ),
    "a Word document whose macros have another name": Case(
        "note.docx", docx(**related("vbaProject", "rien.bin", "Internal"), **{"word/rien.bin": b"\0"}), "active"
    ),
    "a Word document that carries a web page": Case(
        "note.docx", docx(**related("aFChunk", "page.dat", "Internal")), "embedded"
    ),
    "a Word document whose text has another name": Case(
        "note.docx",
        docx(**{"word/texte.dat": word('<w:p><w:fldSimple w:instr="DDE cmd"/></w:p>')["word/document.xml"]}),
        "remote",
    ),
    "a Word document whose text begins far away": Case(
        "note.docx",
        docx(
            **{
                "word/document.xml": " " * 100_000
                + word('<w:p><w:fldSimple w:instr="DDE cmd"/></w:p>')["word/document.xml"]
            }
        ),
        "remote",
    ),
    "a Word document in UTF-16": Case(
        "note.docx",
        docx(
            **{
                "word/document.xml": word('<w:p><w:fldSimple w:instr="DDE cmd"/></w:p>')["word/document.xml"].encode(
                    "utf-16"
                )
            }
        ),
        "remote",
    ),
    "a Word document with a part of zeros": Case("note.docx", docx(**{"word/printerSettings1.bin": bytes(200)})),
    "a Word document that passes for an OpenDocument": Case(
        "note.docx", docx(mimetype=b"x", **related("attachedTemplate", "https://a.example/m.dotm")), "remote"
    ),
    "a workbook that queries a database": Case(
        "suivi.xlsx",
        xlsx(**{"xl/connections.xml": "<connections><connection><dbPr/></connection></connections>"}),
        "remote",
    ),
    "a workbook that calls a web service": Case("suivi.xlsx", xlsx(**formula("WEBSERVICE(A1)")), "remote"),
    "a Word document that declares entities": Case(
        "note.docx", docx(**{"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "remote"
    ),
    "a Word document of broken XML": Case("note.docx", docx(**{"word/document.xml": "<a><b></a>"}), "unreadable"),
    "a Word document that unpacks for ever": Case("bombe.docx", bomb, "not_analysable"),
    "a Word document with two parts of one name": Case("note.docx", twice, "disguised"),
    "a Word document that would be unpacked elsewhere": Case(
        "note.docx", docx(**{"../../etc/cron.d/a": "x"}), "disguised"
    ),
    "a Word document with an encrypted part": Case("note.docx", encrypted_part, "protected"),
    "a Word document with a password": Case("note.docx", lambda: OLE, "protected"),
    "a Word document that is a PDF too": Case(
        "note.docx", lambda: _stored_first(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"), "disguised"
    ),
    "a Word document cut short": Case("note.docx", lambda: docx(**word("<w:p/>"))()[:-30], "damaged"),
    # OpenDocument
    "an OpenDocument text": Case("charte.odt", odf()),
    "an OpenDocument text with a link": Case("charte.odt", odf(content='<text:a xlink:href="https://a.example"/>')),
    "a spreadsheet with a chart": Case(
        "suivi.ods", odf("spreadsheet", **manifest("Object 1/", f"{OPEN_DOCUMENT}.chart"))
    ),
    "an OpenDocument text with macros": Case("charte.odt", odf(**{"Basic/Standard/Module1.xml": "<a/>"}), "active"),
    "an OpenDocument text with a script on an event": Case(
        "charte.odt", odf(content='<script:event-listener script:language="ooo:script" xlink:href="x"/>'), "active"
    ),
    "an OpenDocument text with another document": Case(
        "charte.odt", odf(**manifest("Object 1/", f"{OPEN_DOCUMENT}.spreadsheet")), "embedded"
    ),
    "an OpenDocument text with an OLE object": Case("charte.odt", odf(content="<draw:object-ole/>"), "embedded"),
    "an OpenDocument text with a picture from the web": Case(
        "charte.odt", odf(content='<draw:image xlink:href="https://a.example/suivi.png"/>'), "remote"
    ),
    "a spreadsheet with DDE": Case(
        "suivi.ods", odf("spreadsheet", '<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;)"/>'), "remote"
    ),
    "an OpenDocument text with a password": Case(
        "charte.odt", odf(**manifest("content.xml", "text/xml", "<m:encryption-data/>")), "protected"
    ),
    "a text called .ods": Case("suivi.ods", odf("text"), "type_disagrees"),
    # Text
    "a text in UTF-8": Case("note.txt", "Procédure".encode),
    "a text in UTF-16": Case("note.txt", lambda: "Procédure".encode("utf-16")),
    "a text in UTF-16, the other way": Case("note.txt", lambda: b"\xfe\xff" + "Procédure".encode("utf-16-be")),
    "a text in Latin-1": Case("note.txt", lambda: "Procédure".encode("latin-1")),
    "a text that quotes HTML": Case("note.txt", lambda: b"<script>alert(1)</script>"),
    "a CSV that a spreadsheet would run": Case("liste.csv", lambda: b"=cmd|'/c calc'!A0;1\r\n"),
    "a text with the bytes of a program": Case("note.txt", lambda: b"MZ\x90\x00\x03\x00", "not_text"),
    "a UTF-16 text with half a character": Case("note.txt", lambda: b"\xff\xfea", "not_text"),
    "a PDF called .txt": Case("note.txt", pdf, "type_disagrees"),
    # Names, sizes, archives
    "an empty file": Case("vide.pdf", lambda: b"", "empty"),
    "a file over the limit": Case("gros.pdf", lambda: pdf() + bytes(51 * MEGABYTE), "too_large"),
    "a file without extension": Case("politique", pdf, "type_not_allowed"),
    "an archive": Case("preuves.zip", archive_of_everything, "type_not_allowed"),
    "an archive called .docx": Case("preuves.docx", archive_of_everything, "type_disagrees"),
    "a compressed PDF": Case("plan.pdf.gz", lambda: gzip.compress(pdf()), "type_not_allowed"),
    "a web page": Case("page.html", lambda: b"<html></html>", "type_not_allowed"),
    "a program with two extensions": Case("plan.pdf.exe", pdf, "type_not_allowed"),
    "a name of three hundred letters": Case(f"{'a' * 300}.pdf", pdf),
    "a name that reads backwards": Case("plan\u202efdp.exe.pdf", pdf),
    "a name that hides its extension": Case("plan\u202efdp.exe", pdf, "type_not_allowed"),
    "a name with a path": Case("../../etc/plan.pdf", pdf),
    "a name with a line break": Case("plan\r\nX-Evil: 1.pdf", pdf),
    "a name of Windows": Case("con.pdf", pdf),
}


def _stored_first(start: bytes) -> bytes:
    """A Word document whose first part stands uncompressed at its start."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        target.writestr("a", start)
        types = f'<Types><Override PartName="/main.xml" ContentType="{DOCUMENT_TYPE}"/></Types>'
        target.writestr("[Content_Types].xml", types)
    return buffer.getvalue()
