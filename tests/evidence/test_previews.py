"""The pages of a clean file, redrawn as pictures: by a process apart, once each, for those who may open the file."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from PIL import Image

from audit.models import Event
from evidence import previews, sandbox
from evidence.models import DocumentVersion, Preview, evidence_storage
from evidence.operations import forget_bytes, mark_scanned
from evidence.scanners import clean, refused
from evidence.tasks import draw_previews
from evidence.uploads import JPEG, PDF, PNG
from jobs.models import Job
from jobs.operations import MAX_ATTEMPTS
from tests.evidence import samples
from tests.evidence.corpus import announced, pdf
from tests.evidence.factories import PreviewFactory
from tests.evidence.papers import paper

State = DocumentVersion.PreviewsState


@pytest.fixture
def cleared(deposit):
    """cleared("plan.pdf", b"…", pages=3): a deposited file that was just found clean."""

    def _cleared(name: str, content: bytes, pages: int | None = None) -> DocumentVersion:
        return mark_scanned(deposit(name, content), clean(pages=pages))

    return _cleared


@pytest.fixture
def drawn(tmp_path):
    """drawn(content, type): its first page as the process apart draws it, opened; None when it cannot."""

    def _drawn(content: bytes, media_type: str, page: int = 1) -> "Image.Image | None":
        path = tmp_path / "file"
        path.write_bytes(content)
        with path.open("rb") as file:
            picture = sandbox.draw(file, media_type, page)
        return Image.open(io.BytesIO(picture)) if picture else None

    return _drawn


def job_of(version: DocumentVersion) -> Job:
    return Job.objects.get(task="evidence.draw_previews", subject_id=version.pk)


def draw(version: DocumentVersion) -> DocumentVersion:
    draw_previews(job_of(version).pk)
    version.refresh_from_db()
    return version


def exif(**of_the_image: object) -> bytes:
    buffer = io.BytesIO()
    image = Image.new("RGB", (40, 20), "white")
    told = image.getexif()
    told[0x010E], told[0x0112] = "Bureau du directeur", 6  # a description, and held upright
    image.save(buffer, "JPEG", exif=told, comment=b"secret", icc_profile=b"profile")
    return buffer.getvalue()


# --- Drawing ------------------------------------------------------------------------------------


def test_a_page_is_wide_enough_to_be_read(drawn):
    with drawn(paper("Un", "Deux"), PDF, page=2) as picture:
        assert (picture.format, picture.width) == ("JPEG", 1200)
        assert picture.getextrema()[0][0] < 100, "its words are on it"


@pytest.mark.parametrize(("width", "height"), [(14_400, 14_400), (14_400, 3), (3, 14_400), (0.1, 0.1)])
def test_no_page_is_larger_than_the_screens_it_is_for(drawn, width, height):
    def sized(document):
        document.pages[0].MediaBox = [0, 0, width, height]

    with drawn(pdf(sized), PDF) as picture:
        assert picture.width <= 1201
        assert picture.height <= 3601


def test_pictures_are_drawn_anew_upright_and_without_what_they_carried(drawn):
    with drawn(exif(), JPEG) as picture:
        assert picture.size == (20, 40)
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    with drawn(samples.picture("PNG", mode="RGBA"), PNG) as picture:
        assert picture.mode == "RGB"


@pytest.mark.parametrize(
    ("content", "media_type", "page"),
    [
        (announced(60_000, 60_000), PNG, 1),
        (b"noise", PNG, 1),
        (b"%PDF-1.7 noise", PDF, 1),
        (paper("Une page"), PDF, 2),
    ],
)
def test_what_cannot_be_drawn_has_no_picture(drawn, content, media_type, page):
    assert drawn(content, media_type, page) is None


def test_a_process_that_turns_for_ever_is_told_from_one_that_was_killed():
    code = "from evidence.inspection.limits import confine; confine(1, __import__('os').getppid())\nwhile True: pass"

    done = subprocess.run([sys.executable, "-c", code], cwd=django_settings.BASE_DIR, check=False)

    assert not sandbox._was_stopped(done)
    assert done.returncode < 0


# --- Kept ---------------------------------------------------------------------------------------


def test_the_pages_of_a_clean_file_are_drawn(cleared):
    version = cleared("plan.pdf", paper("Un", "Deux", "Trois"), pages=3)
    assert version.previews_state == State.WAITING

    draw(version)

    assert version.previews_state == State.DRAWN
    assert [preview.page for preview in version.previews.all()] == [1, 2, 3]
    assert all(evidence_storage().exists(preview.file.name) for preview in version.previews.all())
    assert job_of(version).state == Job.State.DONE


def test_no_more_than_the_first_pages_are_drawn(cleared, monkeypatch):
    monkeypatch.setattr(previews, "MAX_PAGES", 2)

    version = draw(cleared("plan.pdf", paper("Un", "Deux", "Trois"), pages=3))

    assert (version.previews.count(), version.previews_state) == (2, State.DRAWN)


@pytest.mark.parametrize("name", ["procedure.docx", "note.txt"])
def test_what_has_no_pages_to_draw_is_not_asked_for(cleared, name):
    version = cleared(name, samples.ACCEPTED[name])

    assert version.previews_state == State.NONE
    assert not Job.objects.filter(task="evidence.draw_previews").exists()


def test_nothing_is_drawn_of_a_file_that_is_refused(deposit):
    version = mark_scanned(deposit("plan.pdf", samples.PDF), refused("virus"))
    previews.draw(version.pk, lambda progress: None)
    previews.keep(version, 1, samples.JPEG)

    assert not Job.objects.filter(task="evidence.draw_previews").exists()
    assert not Preview.objects.exists()


def test_a_file_that_cannot_be_drawn_stays_accepted_with_the_pages_before(cleared, monkeypatch):
    version = cleared("plan.pdf", paper("Un", "Deux"), pages=2)
    monkeypatch.setattr(sandbox, "draw", lambda path, media_type, page: samples.JPEG if page == 1 else None)

    draw(version)

    assert (version.state, version.previews_state) == ("clean", State.FAILED)
    assert version.previews.count() == 1


def test_a_worker_killed_in_the_middle_leaves_its_pages_to_the_next_one(cleared, monkeypatch):
    version = cleared("plan.pdf", paper("Un", "Deux", "Trois"), pages=3)
    asked = []

    def killed_at_the_second(path, media_type, page):
        asked.append(page)
        if asked == [1, 2]:
            raise sandbox.Stopped
        return samples.JPEG

    monkeypatch.setattr(sandbox, "draw", killed_at_the_second)
    draw(version)
    assert (version.previews_state, job_of(version).state) == (State.WAITING, Job.State.QUEUED)

    draw(version)

    assert asked == [1, 2, 2, 3]
    assert (version.previews_state, version.previews.count()) == (State.DRAWN, 3)


def test_a_drawing_that_is_always_killed_is_given_up(cleared, monkeypatch):
    version = cleared("plan.pdf", paper("Un"), pages=1)
    monkeypatch.setattr(sandbox, "draw", lambda *args: (_ for _ in ()).throw(sandbox.Stopped()))

    for _attempt in range(MAX_ATTEMPTS):
        draw(version)

    assert (version.previews_state, job_of(version).state) == (State.FAILED, Job.State.FAILED)


def test_while_the_storage_is_away_the_pages_wait(cleared):
    version = cleared("plan.pdf", paper("Un"), pages=1)
    Path(evidence_storage().path(version.file.name)).rename(evidence_storage().path(version.file.name) + ".away")

    draw(version)

    assert (version.previews_state, job_of(version).state) == (State.WAITING, Job.State.QUEUED)


def test_two_drawings_at_once_keep_each_page_once(cleared, quarantined, monkeypatch):
    version = cleared("plan.pdf", paper("Un"), pages=1)
    before = quarantined()

    def meanwhile(path, media_type, page):
        """The other worker keeps the same page while this one draws it."""
        monkeypatch.setattr(sandbox, "draw", lambda *args: samples.JPEG)
        previews.draw(version.pk, lambda progress: None)
        return samples.JPEG

    monkeypatch.setattr(sandbox, "draw", meanwhile)
    draw(version)

    assert (version.previews_state, version.previews.count()) == (State.DRAWN, 1)
    assert len(quarantined() - before) == 1


def test_pictures_are_forgotten_with_the_file(cleared, quarantined, django_capture_on_commit_callbacks):
    version = draw(cleared("plan.pdf", paper("Un", "Deux"), pages=2))

    with django_capture_on_commit_callbacks(execute=True):
        forget_bytes(version)

    version.refresh_from_db()
    assert quarantined() == set()
    assert not Preview.objects.exists()
    assert version.previews_state == State.NONE


# --- Seen ---------------------------------------------------------------------------------------


def address(version: DocumentVersion, page: int = 1) -> str:
    return reverse("evidence:preview", args=[version.pk, page])


def test_the_picture_is_shown_and_kept_by_no_browser(client, contributor, cleared):
    version = draw(cleared("plan.pdf", paper("Un"), pages=1))
    client.force_login(contributor)

    response = client.get(address(version))

    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_first_page_leaves_a_trace_and_the_next_ones_do_not(client, contributor, cleared):
    version = cleared("plan.pdf", paper("Un", "Deux"), pages=2)
    for page in (1, 2):
        PreviewFactory.create(version=version, page=page)
    client.force_login(contributor)

    for page in (2, 1):
        b"".join(client.get(address(version, page)))  # a file is closed once it is read

    event = Event.objects.get(verb="evidence.previewed")
    assert (event.actor_id, event.object_id) == (contributor.pk, str(version.pk))


@pytest.mark.parametrize(("who", "code"), [("stranger", 404), ("reviewer", 404), ("administrator", 404)])
def test_nobody_else_sees_it(client, request, cleared, who, code):
    version = cleared("plan.pdf", paper("Un"), pages=1)
    PreviewFactory.create(version=version)
    client.force_login(request.getfixturevalue(who))

    assert client.get(address(version)).status_code == code


@pytest.mark.parametrize("change", [{"state": "received"}, {"state": "refused", "refusal": "virus"}])
def test_nobody_sees_a_page_of_what_is_not_clean(client, contributor, cleared, change):
    version = cleared("plan.pdf", paper("Un"), pages=1)
    PreviewFactory.create(version=version)
    DocumentVersion.objects.filter(pk=version.pk).update(**change)
    client.force_login(contributor)

    assert client.get(address(version)).status_code == 403
    assert not Event.objects.filter(verb="evidence.previewed").exists()


def test_a_page_that_was_not_drawn_is_not_found(client, contributor, cleared):
    client.force_login(contributor)

    assert client.get(address(cleared("plan.pdf", paper("Un"), pages=1))).status_code == 404


def test_a_document_shows_the_first_pages_and_says_why_there_is_none(client, contributor, cleared):
    version, note = cleared("plan.pdf", paper("Un"), pages=1), cleared("note.txt", samples.TXT)
    client.force_login(contributor)

    def page_of(version):
        return client.get(reverse("library:document", args=[version.document_id])).content.decode()

    assert "L’aperçu des pages est en préparation." in page_of(version)
    assert "Ce type de fichier n’a pas d’aperçu" in page_of(note)

    draw(version)
    page = page_of(version)
    assert f'src="{address(version)}"' in page
    assert 'loading="lazy"' in page
    assert 'alt="Page 1 de plan.pdf"' in page
