"""A file is taken only when its name, its size and its content agree."""

import contextlib
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from evidence import containers
from evidence.sentences import UPLOADS
from evidence.uploads import MEDIA_TYPES, InvalidUpload, inspect
from tests.evidence import samples
from tests.evidence.samples import archive, upload


@pytest.mark.parametrize("name", samples.ACCEPTED)
def test_every_accepted_type_is_taken(name):
    found = inspect(upload(name, samples.ACCEPTED[name]))

    assert found.name == name
    assert found.media_type == MEDIA_TYPES["." + name.rpartition(".")[2].lower()]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vide.pdf", b"", "empty"),
        ("programme.exe", b"MZ", "type_not_allowed"),
        ("page.html", b"<p>", "type_not_allowed"),
        ("sans-extension", samples.PDF, "type_not_allowed"),
        ("macros.docm", samples.DOCM, "type_not_allowed"),
        ("image.pdf", samples.PNG, "type_disagrees"),
        ("texte.pdf", samples.TXT, "type_disagrees"),
        ("plus-loin.pdf", b"MZ" + samples.PDF, "type_disagrees"),
        ("document.png", samples.PDF, "type_disagrees"),
        ("image.jpg", samples.PNG, "type_disagrees"),
        ("tableur.docx", samples.XLSX, "type_disagrees"),
        ("macros.docx", samples.DOCM, "type_disagrees"),
        ("archive.docx", archive({"a.txt": b"a"}), "type_disagrees"),
        ("texte.ods", samples.ODT, "type_disagrees"),
        ("document.txt", samples.PDF, "type_disagrees"),
        ("protege.docx", samples.OLE, "protected"),
        ("coupe.docx", samples.DOCX[:-30], "damaged"),
        ("image.txt", samples.PNG, "not_text"),
        ("nul.csv", b"a;b\0c", "not_text"),
        ("utf16-coupe.txt", "Procédure".encode("utf-16")[:-1], "not_text"),
    ],
)
def test_what_is_not_acceptable_is_refused_with_its_reason(name, content, code):
    with pytest.raises(InvalidUpload) as refusal:
        inspect(upload(name, content))

    assert refusal.value.code == code
    assert "%(" not in refusal.value.sentence


def test_a_disagreement_names_the_format_expected_and_says_what_to_do():
    with pytest.raises(InvalidUpload) as refusal:
        inspect(upload("politique.pdf", samples.PNG))

    assert "«\u00a0.pdf\u00a0»" in refusal.value.sentence
    assert "enregistrez-le à nouveau" in refusal.value.sentence


@pytest.mark.parametrize("sentence", UPLOADS.values(), ids=UPLOADS)
def test_every_sentence_says_what_to_do(sentence):
    assert any(verb in sentence.lower() for verb in ("déposez", "réduisez"))


def test_the_limit_is_fifty_megabytes_and_is_said(settings):
    assert settings.EVIDENCE_MAX_BYTES == 50_000_000
    at_the_limit, over = upload("a.txt", b"a"), upload("a.txt", b"a")
    at_the_limit.size, over.size = 50_000_000, 50_000_001

    assert inspect(at_the_limit).media_type == "text/plain"
    with pytest.raises(InvalidUpload) as refusal:
        inspect(over)
    assert refusal.value.code == "too_large"
    assert "50\u00a0Mo" in refusal.value.sentence


def test_a_large_file_is_read_by_chunks():
    file = TemporaryUploadedFile("journal.txt", "text/plain", 0, None)
    for _ in range(20):
        file.write(b"une ligne du journal\n" * 50_000)
    file.size = file.tell()

    tracemalloc.start()
    inspect(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    file.close()

    assert file.size > 20_000_000
    assert peak < 2_000_000


def test_an_archive_with_a_huge_directory_is_refused_before_it_is_loaded():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for number in range(containers.MAX_PARTS + 1):
            target.writestr(f"{number}", b"")

    with pytest.raises(InvalidUpload) as refusal:
        inspect(upload("registre.xlsx", buffer.getvalue()))

    assert refusal.value.code == "too_complex"


def test_an_encrypted_part_is_called_protected():
    content = samples.DOCX.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert content != samples.DOCX

    with pytest.raises(InvalidUpload) as refusal:
        inspect(upload("charte.docx", content))

    assert refusal.value.code == "protected"


@given(st.data())
def test_a_damaged_office_file_never_breaks_the_inspection(data):
    content = bytearray(samples.DOCX)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    # InvalidUpload is an answer; any other error would be a broken page.
    with contextlib.suppress(InvalidUpload):
        assert inspect(upload("charte.docx", bytes(content))).media_type == MEDIA_TYPES[".docx"]


def test_the_file_is_left_at_its_start():
    file = upload("note.txt", samples.TXT)

    inspect(file)

    assert file.read() == samples.TXT
