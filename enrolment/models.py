"""A person asks to open a publisher on the portal; staff check who they are and that they may."""

import hashlib
import json
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Publisher, StaffRole, User
from evidence.models import DocumentVersion

EXAMINING = frozenset({StaffRole.SUPPORT, StaffRole.ADMINISTRATOR})


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    def visible_to(self, user: User) -> "AccountRequestQuerySet":
        """One's own; and, to those who examine them, the ones that were sent."""
        if user.is_superuser or EXAMINING & user.staff_roles:
            return self.filter(submitted_at__isnull=False)
        return self.filter(requester=user)

    def open(self) -> "AccountRequestQuerySet":
        return self.filter(state__in=AccountRequest.OPEN)


class AccountRequest(models.Model):
    """What a person declares of a company, with the proof that they may act for it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        SUBMITTED = "submitted", _("à examiner")
        MORE_ASKED = "more_asked", _("précisions demandées")
        APPROVED = "approved", _("acceptée")
        REFUSED = "refused", _("refusée")
        DUPLICATE = "duplicate", _("entreprise déjà inscrite")
        EXPIRED = "expired", _("expirée")

    OPEN = (State.DRAFT, State.SUBMITTED, State.MORE_ASKED)
    # Where the person who asks has the next word.
    WITH_REQUESTER = (State.DRAFT, State.MORE_ASKED)
    # The columns that the person fills.
    DECLARED: ClassVar[tuple[str, ...]] = (
        "siren",
        "legal_name",
        "address",
        "postal_code",
        "city",
        "signatory_name",
        "signatory_role",
    )

    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("demandeur"), related_name="account_requests"
    )
    siren = models.CharField(_("numéro SIREN"), max_length=9)
    legal_name = models.CharField(_("raison sociale"), max_length=200)
    address = models.CharField(_("adresse"), max_length=300)
    postal_code = models.CharField(_("code postal"), max_length=10)
    city = models.CharField(_("ville"), max_length=100)
    # Who binds the company: the person who asks, or the one who gave them a mandate. Blank once its time is over.
    signatory_name = models.CharField(_("représentant légal"), max_length=150)
    signatory_role = models.CharField(_("fonction"), max_length=100)
    # Null until deposited. A registration extract, or a signed mandate.
    proof = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, verbose_name=_("justificatif"), null=True, related_name="+"
    )
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField(_("dans cet état depuis"))
    created_at = models.DateTimeField(_("commencée le"), auto_now_add=True)
    # The first time. Null means never: nobody but its author sees it, whatever becomes of it.
    submitted_at = models.DateTimeField(_("envoyée le"), null=True, blank=True, editable=False)
    # What the person began to answer to those who asked for more; empty once it is sent.
    draft_answer = models.TextField(_("réponse commencée"), blank=True)
    # Why it was refused.
    reason = models.TextField(_("motif"), blank=True)
    # Null until somebody decides; a duplicate found at submission is decided by nobody.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("décidée par"), null=True, related_name="+"
    )
    # The publisher that was opened, or the one that was there already.
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), null=True, related_name="account_requests"
    )

    objects = AccountRequestQuerySet.as_manager()

    class Meta:
        ordering = ["state_since", "pk"]
        verbose_name = _("demande de compte")
        verbose_name_plural = _("demandes de compte")
        constraints = [
            models.CheckConstraint(
                name="enrolment_accountrequest_state_known",
                condition=Q(
                    state__in=["draft", "submitted", "more_asked", "approved", "refused", "duplicate", "expired"]
                ),
            ),
            models.CheckConstraint(
                name="enrolment_accountrequest_siren_nine_digits", condition=Q(siren__regex=r"^[0-9]{9}$")
            ),
            models.CheckConstraint(
                name="enrolment_accountrequest_sent_with_proof",
                condition=Q(state__in=["draft", "expired", "duplicate"]) | Q(proof__isnull=False),
            ),
            models.CheckConstraint(
                name="enrolment_accountrequest_sent_is_dated",
                condition=Q(state="draft", submitted_at=None)
                | Q(state="expired")
                | (~Q(state__in=["draft", "expired"]) & Q(submitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="enrolment_accountrequest_leads_to_publisher",
                condition=Q(state__in=["approved", "duplicate"], publisher__isnull=False)
                | (~Q(state__in=["approved", "duplicate"]) & Q(publisher=None)),
            ),
            models.CheckConstraint(
                name="enrolment_accountrequest_refusal_says_why", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.UniqueConstraint(
                name="enrolment_accountrequest_one_open",
                fields=["requester", "siren"],
                condition=Q(state__in=["draft", "submitted", "more_asked"]),
            ),
        ]

    def __str__(self) -> str:
        # Without a name: a draft just begun, or what is left of a request after its term.
        return self.legal_name or gettext("SIREN %(siren)s") % {"siren": self.siren}

    def get_absolute_url(self) -> str:
        return reverse("enrolment:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def as_seen(self) -> str:
        """All that a decision is taken upon, as one word: the page carries it, and it changes with any of it."""
        declared = [getattr(self, name) for name in self.DECLARED]
        read = [self.state, self.state_since.isoformat(), self.proof_id, *declared]
        return hashlib.sha256(json.dumps(read).encode()).hexdigest()

    @property
    def takes_proof(self) -> bool:
        """While the person has the next word, or when their file was refused by the scanner. Needs `proof` loaded."""
        refused = self.proof is not None and self.proof.state == DocumentVersion.State.REFUSED
        return self.state in self.WITH_REQUESTER or (self.state == self.State.SUBMITTED and refused)


class RequestMessage(models.Model):
    """What was asked and answered while a request was examined."""

    request = models.ForeignKey(AccountRequest, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="enrolment_requestmessage_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"Message {self.pk}"

    @property
    def is_from_requester(self) -> bool:
        """Needs `request` loaded."""
        return self.author_id == self.request.requester_id
