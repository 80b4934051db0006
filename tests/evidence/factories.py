"""Documents and their files. DocumentVersionFactory(content=b"…") keeps real bytes in quarantine."""

import hashlib
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from evidence.models import Document, DocumentVersion, Preview, evidence_storage
from tests.evidence.samples import JPEG
from tests.factories import PublisherFactory, UserFactory


class DocumentFactory(DjangoModelFactory[Document]):
    publisher = factory.SubFactory(PublisherFactory)
    title = factory.Sequence(lambda n: f"Politique de sécurité {n}")
    created_by = factory.SubFactory(UserFactory)

    class Meta:
        model = Document


class DocumentVersionFactory(DjangoModelFactory[DocumentVersion]):
    """A text file that waits for its scan; traits `clean` and `refused` for what comes after."""

    class Meta:
        model = DocumentVersion

    class Params:
        content = factory.Sequence(lambda n: f"Procédure de gestion des incidents, page {n}.\n".encode())
        clean = factory.Trait(state=DocumentVersion.State.CLEAN, scanned_at=factory.LazyFunction(timezone.now))
        refused = factory.Trait(
            state=DocumentVersion.State.REFUSED, refusal="virus", scanned_at=factory.LazyFunction(timezone.now)
        )

    document = factory.SubFactory(DocumentFactory)
    number = 1
    original_name = factory.Sequence(lambda n: f"procedure-{n}.txt")
    media_type = "text/plain"
    size = factory.LazyAttribute(lambda version: len(version.content))
    sha256 = factory.LazyAttribute(lambda version: hashlib.sha256(version.content).hexdigest())
    file = factory.LazyAttribute(lambda version: _keep(version.content))
    received_from = factory.SelfAttribute("document.created_by")


def _keep(content: bytes) -> Any:
    """Write the bytes where a received file's are, and return their name."""
    name = DocumentVersion._meta.get_field("file").generate_filename(
        DocumentVersion(), hashlib.sha256(content).hexdigest()[:32]
    )
    return evidence_storage().save(name, ContentFile(content))


class PreviewFactory(DjangoModelFactory[Preview]):
    """A picture of the first page of a clean version."""

    version = factory.SubFactory(DocumentVersionFactory, clean=True)
    page = 1
    file = factory.LazyFunction(lambda: evidence_storage().save("previews/2026/01/page.jpg", ContentFile(JPEG)))
    width = 20
    height = 20

    class Meta:
        model = Preview
