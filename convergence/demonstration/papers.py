"""Deposit a product's evidence, as a team would, and have it scanned at once."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from convergence.demonstration import pages
from convergence.demonstration.stories import PaperKind
from evidence.models import Document, DocumentVersion
from evidence.operations import SCAN_TASK, mark_scanned, receive, start_scan
from evidence.scanners import EICAR, DemonstrationScanner
from evidence.scanning import judge
from jobs.models import Job
from jobs.operations import claim, finish
from products.models import Product
from ui.formats import long_date

FOOTER = "Document fictif, écrit pour la démonstration de Convergence"


class Cabinet:
    """The documents of one product, each written and deposited the first time that it is asked for."""

    def __init__(self, product: Product, kinds: Sequence[PaperKind], by: User) -> None:
        self.product = product
        self.kinds = kinds
        self.by = by
        self._deposited: dict[str, DocumentVersion] = {}

    def paper_for(self, key: str) -> DocumentVersion:
        """The clean document that proves the answer to this question."""
        kind = self.kind_for(key)
        if kind.slug not in self._deposited:
            self._deposited[kind.slug] = scan(self._deposit(kind))
        return self._deposited[kind.slug]

    def waiting_paper_for(self, key: str) -> DocumentVersion:
        """A document that the scanner has not seen yet: the worker will show it to the scanner."""
        return self._deposit(self.kind_for(key))

    def infected_paper_for(self, key: str) -> DocumentVersion:
        """The same document, carrying the harmless file by which antivirus programs are tried."""
        return scan(self._deposit(self.kind_for(key), after=EICAR))

    def kind_for(self, key: str) -> PaperKind:
        """The kind whose beginning of key is the longest. Raises LookupError when none proves this question."""
        fitting = [(len(start), kind) for kind in self.kinds for start in kind.proves if key.startswith(start)]
        if not fitting:
            raise LookupError(f"No document proves {key}.")
        return max(fitting, key=lambda pair: pair[0])[1]

    def _deposit(self, kind: PaperKind, *, after: bytes = b"") -> DocumentVersion:
        name = f"{kind.slug}-{slugify(self.product.name)}.pdf"
        upload = SimpleUploadedFile(name, self._write(kind) + after, content_type="application/pdf")
        title = f"{kind.title} · {self.product.name}"
        version = receive(publisher=self.product.publisher, file=upload, by=self.by, title=title)
        received_at = timezone.now() - timedelta(days=min(kind.age_days // 2, 40))
        DocumentVersion.objects.filter(pk=version.pk).update(received_at=received_at)
        written_on = _written_on(kind)
        Document.objects.filter(pk=version.document_id).update(
            created_at=received_at,
            kind=kind.kind,
            issued_on=written_on,
            expires_on=written_on + timedelta(days=kind.valid_days) if kind.valid_days else None,
            is_confidential=kind.is_confidential,
        )
        return version

    def _write(self, kind: PaperKind) -> bytes:
        words = {"product": self.product.name, "publisher": self.product.publisher.legal_name}
        return pages.document(
            title=kind.title,
            facts=[
                f"Éditeur\N{NO-BREAK SPACE}: {words['publisher']}",
                f"Produit\N{NO-BREAK SPACE}: {words['product']}",
                f"Date\N{NO-BREAK SPACE}: {long_date(_written_on(kind))}",
            ],
            sections=[(title, text.format(**words)) for title, text in kind.sections],
            footer=FOOTER,
        )


def _written_on(kind: PaperKind) -> date:
    return timezone.localdate() - timedelta(days=kind.age_days)


def scan(version: DocumentVersion) -> DocumentVersion:
    """Do the scan that `receive` asked for, here: the data set must be whole before any worker starts."""
    job = claim(Job.objects.get(task=SCAN_TASK, subject_id=version.pk).pk)
    waiting = start_scan(version.pk)
    assert job is not None and waiting is not None
    version = mark_scanned(waiting, judge(waiting, DemonstrationScanner()))
    finish(job)
    return version
