"""Small files of every accepted type, and some that are not what they say."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

# In two halves: no file of the repository may look like the antivirus test file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = (
    b"%PDF-1.7\n"
    b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R /Size 4 >>\n%%EOF\n"
)
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


def picture(kind: str, size: tuple[int, int] = (20, 20), mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, "white").save(buffer, kind)
    return buffer.getvalue()


PNG, JPEG = picture("PNG"), picture("JPEG")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return buffer.getvalue()


def office(main_type: str) -> bytes:
    """An Office file whose main part is of this type."""
    types = f'<Types><Override PartName="/main.xml" ContentType="{main_type}"/></Types>'
    return archive({"[Content_Types].xml": types.encode(), "main.xml": b"<main/>"})


def open_document(kind: str) -> bytes:
    return archive({"mimetype": f"{OPEN_DOCUMENT}.{kind}".encode(), "content.xml": b"<content/>"})


DOCX = office(f"{OFFICE}.wordprocessingml.document.main+xml")
XLSX = office(f"{OFFICE}.spreadsheetml.sheet.main+xml")
DOCM = office("application/vnd.ms-word.document.macroEnabled.main+xml")
ODT = open_document("text")
ODS = open_document("spreadsheet")
CSV_WINDOWS = "Prénom;Rôle\r\nZoé;référente\r\n".encode("cp1252")
TXT = "Procédure de gestion des incidents.\n".encode()

ACCEPTED = {
    "politique.pdf": PDF,
    "schema.PNG": PNG,
    "capture.jpg": JPEG,
    "photo.jpeg": JPEG,
    "procedure.docx": DOCX,
    "registre.xlsx": XLSX,
    "charte.odt": ODT,
    "suivi.ods": ODS,
    "habilitations.csv": CSV_WINDOWS,
    "note.txt": TXT,
}
