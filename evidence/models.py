"""Proof: a publisher's documents and their versions, from reception to the scanner's verdict."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher, User
from audit.protection import Immutable


def evidence_storage() -> Any:
    """A callable, so that migrations do not freeze the storage."""
    return storages["evidence"]


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


class DocumentVersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, user: User) -> "DocumentVersionQuerySet":
        """Versions of the documents of the person's own publishers. Reviewers come by a submission, not by here."""
        return self.filter(document__publisher__in=Publisher.objects.visible_to(user))

    def same_bytes(self, publisher: Publisher, sha256: str) -> "DocumentVersionQuerySet":
        """Versions of this content, other than those whose bytes were lost."""
        return self.filter(document__publisher=publisher, sha256=sha256).exclude(refusal="altered")

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
