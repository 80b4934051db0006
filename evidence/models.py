"""Proof: a publisher's documents and their versions, from reception to the scanner's verdict."""

import uuid
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher, User
from audit.protection import Immutable


def evidence_storage() -> Any:
    """A callable, so that migrations do not freeze the storage."""
    return storages["evidence"]


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """The library of the person's own publishers. Consultants meet files in the dossiers open to them."""
        return self.filter(publisher__in=Publisher.objects.visible_to(user))

    def in_state(self, *states: str) -> "DocumentQuerySet":
        """Those whose latest version is in one of these states: the document's is its latest version's."""
        latest = DocumentVersion.objects.filter(document=OuterRef("pk")).order_by("-number")
        return self.alias(current_state=Subquery(latest.values("state")[:1])).filter(current_state__in=states)


class Document(models.Model):
    """A publisher's document, whatever its successive versions."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("certificat ou attestation")
        POLICY = "policy", _("politique ou procédure")
        AUDIT = "audit", _("rapport d’audit ou de test d’intrusion")
        IMPACT_ASSESSMENT = "impact_assessment", _("analyse d’impact (AIPD)")
        CONTRACT = "contract", _("contrat ou convention")
        SCREENSHOT = "screenshot", _("capture d’écran")
        OTHER = "other", _("autre document")

    # Null: the proof of an account request, in nobody's library. Only those who examine the request open it.
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), related_name="documents", null=True
    )
    title = models.CharField(_("titre"), max_length=200)
    kind = models.CharField(_("nature"), max_length=20, choices=Kind, default=Kind.OTHER)
    # Null means that the publisher did not say; for `expires_on`, or that it never expires.
    issued_on = models.DateField(_("établi le"), null=True, blank=True)
    expires_on = models.DateField(_("valable jusqu’au"), null=True, blank=True)
    # Opened neither by the publisher's readers nor by its consultants; reviewers see that it is marked so.
    is_confidential = models.BooleanField(_("confidentiel"), default=False)
    created_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("déposé par"), related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                name="evidence_document_kind_known",
                condition=Q(
                    kind__in=[
                        "certificate",
                        "policy",
                        "audit",
                        "impact_assessment",
                        "contract",
                        "screenshot",
                        "other",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="evidence_document_expires_after_its_issue",
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
                violation_error_message=_("La date de fin de validité doit suivre la date d’établissement."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_expired(self) -> bool:
        """Valid on its last day still, in Europe/Paris."""
        return self.expires_on is not None and self.expires_on < timezone.localdate()

    @property
    def current(self) -> "DocumentVersion":
        """The latest version, whatever its state. Reads `versions`, which a list prefetches."""
        return self.versions.all()[0]

    @property
    def newest_clean(self) -> "DocumentVersion | None":
        """The version that a reviewer would be given today. Reads `versions`, which a list prefetches."""
        return next((version for version in self.versions.all() if version.is_readable), None)


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, user: User) -> "DocumentVersionQuerySet":
        """Versions of the documents of the person's own publishers. Reviewers come by a submission, not by here."""
        return self.filter(document__publisher__in=Publisher.objects.visible_to(user))

    def same_bytes(self, publisher: Publisher, sha256: str) -> "DocumentVersionQuerySet":
        """Versions of this content, other than those whose bytes were lost."""
        return self.filter(document__publisher=publisher, sha256=sha256).exclude(refusal="altered")

    def containing(self, words: str, *, cleared: Collection[int] = ()) -> "DocumentVersionQuerySet":
        """Versions in whose title, name or text each of these words is found, without regard for case.

        The text of a confidential document is searched for the publishers of `cleared` alone: who may not open it would
        learn what it says.
        """
        open_text = Q(document__is_confidential=False) | Q(document__publisher__in=cleared)
        found = self
        for word in words.split():
            named = Q(document__title__icontains=word) | Q(original_name__icontains=word)
            found = found.filter(named | (Q(content__text__icontains=word) & open_text))
        return found

    def waiting(self) -> "DocumentVersionQuerySet":
        """Received, and not judged yet."""
        return self.filter(state__in=[DocumentVersion.State.RECEIVED, DocumentVersion.State.SCANNING])


class DocumentVersion(models.Model):
    """One file. Its bytes never change; only the scanner's verdict is added."""

    class State(models.TextChoices):
        RECEIVED = "received", _("analyse en attente")
        SCANNING = "scanning", _("analyse en cours")
        CLEAN = "clean", _("sans danger connu")
        REFUSED = "refused", _("refusé")

    class PreviewsState(models.TextChoices):
        NONE = "none", _("sans aperçu")  # not for this type, or not judged yet
        WAITING = "waiting", _("aperçu en préparation")
        DRAWN = "drawn", _("aperçu prêt")
        FAILED = "failed", _("aperçu indisponible")  # from some page on: those before it are there

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    file = models.FileField(_("fichier"), storage=evidence_storage, upload_to="quarantine/%Y/%m/")
    original_name = models.CharField(_("nom du fichier"), max_length=200)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("taille, en octets"))
    # Null: not inspected yet, or not cut into pages.
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.RECEIVED)
    # Key of evidence.sentences.REFUSALS; blank unless refused.
    refusal = models.CharField(_("motif du refus"), max_length=40, blank=True)
    received_at = models.DateTimeField(_("reçu le"), auto_now_add=True)
    received_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("reçu de"), related_name="+"
    )
    # Null means not yet.
    scanned_at = models.DateTimeField(_("analysé le"), null=True, blank=True)

    previews_state = models.CharField(_("aperçu"), max_length=10, choices=PreviewsState, default=PreviewsState.NONE)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["document_id", "-number"]
        verbose_name = _("version de document")
        verbose_name_plural = _("versions de document")
        constraints = [
            models.UniqueConstraint(name="evidence_version_number_unique", fields=["document", "number"]),
            models.CheckConstraint(
                name="evidence_version_state_known",
                condition=Q(state__in=["received", "scanning", "clean", "refused"]),
            ),
            models.CheckConstraint(
                name="evidence_version_previews_state_known",
                condition=Q(previews_state__in=["none", "waiting", "drawn", "failed"]),
            ),
            models.CheckConstraint(
                name="evidence_version_refusal_has_reason",
                condition=(Q(state="refused") & ~Q(refusal="")) | (~Q(state="refused") & Q(refusal="")),
            ),
            models.CheckConstraint(name="evidence_version_sha256_format", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            Immutable(
                name="evidence_version_bytes_for_life",
                when={
                    "UPDATE": "OLD.sha256 <> NEW.sha256 OR OLD.size <> NEW.size OR OLD.document_id <> NEW.document_id"
                    " OR OLD.number <> NEW.number OR OLD.original_name <> NEW.original_name",
                    "DELETE": "TRUE",
                },
                message="a received file never changes",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_readable(self) -> bool:
        """Only a file that the scanner has cleared is ever opened by a reviewer."""
        return self.state == self.State.CLEAN

    @property
    def is_waiting(self) -> bool:
        return self.state in {self.State.RECEIVED, self.State.SCANNING}


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, user: User) -> "UploadQuerySet":
        """The only road from a request to an upload: it is its author's, and of nobody who left the publisher."""
        return self.filter(by=user, publisher__memberships__in=user.memberships.current())

    def open(self) -> "UploadQuerySet":
        return self.filter(version=None)


class Upload(models.Model):
    """A file on its way, in pieces that survive a network cut. Its author's alone; gone a day after its last piece."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    # As announced, in bytes: the pieces must add up to it.
    size = models.PositiveBigIntegerField()
    # Bytes of every piece but the last one: the setting as it was when the upload started.
    piece_size = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    # When it last moved: what does not move any more is abandoned.
    moved_at = models.DateTimeField(default=timezone.now)
    # Null: not whole yet. Then what it became, so that completing again gives the same version.
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+", null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(name="evidence_upload_not_empty", condition=Q(size__gt=0, piece_size__gt=0))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def count(self) -> int:
        """How many pieces make it."""
        return -(-self.size // self.piece_size)

    def size_of(self, number: int) -> int:
        """Bytes of the piece of this number, counted from 0. All are full but the last one."""
        return min(self.piece_size, self.size - number * self.piece_size)


class UploadPiece(models.Model):
    """One piece of a file on its way."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    file = models.FileField(storage=evidence_storage, upload_to="uploads/%Y/%m/")
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ["upload_id", "number"]
        constraints = [models.UniqueConstraint(name="evidence_uploadpiece_once", fields=["upload", "number"])]

    def __str__(self) -> str:
        return f"{self.upload_id} #{self.number}"


class Content(models.Model):
    """What was read in a clean version. Apart from it, so that lists of files never load their texts."""

    version = models.OneToOneField(DocumentVersion, on_delete=models.PROTECT, related_name="content", primary_key=True)
    # Blank: it holds none (a picture), or none could be read.
    text = models.TextField(_("texte"), blank=True)
    # There was more text than is kept.
    is_cut = models.BooleanField(_("texte coupé"), default=False)
    # Null in each of these: not looked at, or meaningless for this type.
    blank_pages = models.PositiveIntegerField(_("pages vides"), null=True, blank=True)
    image_only_pages = models.PositiveIntegerField(_("pages qui ne sont qu’une image"), null=True, blank=True)
    is_signed = models.BooleanField(_("signé"), null=True, blank=True)

    class Meta:
        verbose_name = _("contenu lu")
        verbose_name_plural = _("contenus lus")

    def __str__(self) -> str:
        return f"{self.version_id}"


class Preview(models.Model):
    """One page of a clean version, redrawn by us as a picture: what is shown of a file without opening it."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="previews")
    page = models.PositiveSmallIntegerField(_("page"))
    file = models.FileField(_("image"), storage=evidence_storage, upload_to="previews/%Y/%m/")
    width = models.PositiveSmallIntegerField(_("largeur, en pixels"))
    height = models.PositiveSmallIntegerField(_("hauteur, en pixels"))

    class Meta:
        ordering = ["version_id", "page"]
        verbose_name = _("aperçu d’une page")
        verbose_name_plural = _("aperçus de pages")
        constraints = [
            models.UniqueConstraint(name="evidence_preview_once", fields=["version", "page"]),
            models.CheckConstraint(name="evidence_preview_page_from_one", condition=Q(page__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}, page {self.page}"
