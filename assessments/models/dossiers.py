"""A dossier: one product, under one programme and one edition; an assessment per questionnaire."""

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from products.models import Product
from questionnaires.models import Edition, Version


class Programme(models.TextChoices):
    """The démarche. Conditions read it: `programme == 'with_exchange'`."""

    WITHOUT_EXCHANGE = "without_exchange", _("sans échange de données")
    WITH_EXCHANGE = "with_exchange", _("avec échange de données")


class DossierNumber(models.Model):
    """The last number given in a year. Its row is locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> "DossierQuerySet":
        """The only road from a request to a dossier as its publisher's team sees it: the team's, or one granted to
        a consultant for as long as their membership lasts."""
        own = Q(product__publisher__in=user.team_publishers)
        if not user.is_consultant:
            return self.filter(own)
        granted = Consultation.objects.filter(membership__in=user.memberships.current()).values("dossier")
        return self.filter(own | Q(pk__in=granted))

    def yours_first(self) -> "DossierQuerySet":
        """Those that wait for the publisher first, then the latest."""
        waits_elsewhere = Case(When(state__in=Dossier.WITH_TEAM, then=0), default=1)
        return self.order_by(waits_elsewhere, "-state_since", "-pk")

    def open(self) -> "DossierQuerySet":
        return self.exclude(state__in=Dossier.OVER)


class Dossier(models.Model):
    """A product's way to the catalogue, from orientation to the result."""

    class State(models.TextChoices):
        ORIENTATION = "orientation", _("orientation")
        FILLING = "filling", _("remplissage")
        SUBMITTED = "submitted", _("soumis")
        UNDER_REVIEW = "under_review", _("en instruction")
        CORRECTIONS_ASKED = "corrections_asked", _("corrections demandées")
        CLOSED = "closed", _("instruction close")
        WITHDRAWN = "withdrawn", _("retiré")
        OUTDATED = "outdated", _("périmé")

    OVER = (State.CLOSED, State.WITHDRAWN, State.OUTDATED)
    # Where it waits for the publisher's team.
    WITH_TEAM = (State.ORIENTATION, State.FILLING, State.CORRECTIONS_ASKED)
    WITH_REVIEWERS = (State.SUBMITTED, State.UNDER_REVIEW)
    # Where the team writes: its answers stay a working copy while what it filed is examined.
    WRITABLE = (*WITH_TEAM, *WITH_REVIEWERS)
    # Where the team may submit.
    SUBMITTABLE = (State.FILLING, State.CORRECTIONS_ASKED)

    number = models.CharField(_("numéro de dossier"), max_length=11, unique=True, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("produit"), related_name="dossiers")
    programme = models.CharField(_("démarche"), max_length=20, choices=Programme)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, verbose_name=_("édition"), related_name="dossiers")
    state = models.CharField(_("état"), max_length=20, choices=State, default=State.ORIENTATION)
    # Since when it has been in this state, hence whose turn since when.
    state_since = models.DateTimeField(_("dans cet état depuis"))
    created_at = models.DateTimeField(_("ouvert le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("ouvert par"), related_name="+"
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-state_since", "-pk"]
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        constraints = [
            models.CheckConstraint(
                name="assessments_dossier_state_known",
                condition=Q(
                    state__in=[
                        "orientation",
                        "filling",
                        "submitted",
                        "under_review",
                        "corrections_asked",
                        "closed",
                        "withdrawn",
                        "outdated",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="assessments_dossier_programme_known",
                condition=Q(programme__in=["without_exchange", "with_exchange"]),
            ),
            models.CheckConstraint(
                name="assessments_dossier_number_format", condition=Q(number__regex=r"^[0-9]{4}-[0-9]{6}$")
            ),
            models.UniqueConstraint(
                name="assessments_dossier_one_open",
                fields=["product", "programme", "edition"],
                condition=~Q(state__in=["closed", "withdrawn", "outdated"]),
                violation_error_message=_("Ce produit a déjà un dossier ouvert pour cette démarche."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("dossiers:detail", args=[self.number])

    @property
    def publisher_id(self) -> int:
        """Needs `product` selected."""
        return self.product.publisher_id

    def team(self) -> models.QuerySet[User]:
        """The people who are told what happens to the dossier: its team but readers, and its consultants."""
        memberships = (
            Membership.objects.filter(publisher=self.publisher_id)
            .filter(role__in=Membership.TEAM)
            .exclude(role=Membership.Role.READER)
        )
        consultants = Membership.objects.current().filter(consultations__dossier=self)
        return (
            User.objects.filter(Q(memberships__in=memberships) | Q(memberships__in=consultants), is_active=True)
            .order_by("pk")
            .distinct()
        )


class Assessment(models.Model):
    """One dossier's answers to one version of a questionnaire."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="assessments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="assessments")
    # Null: of the edition that the dossier follows. Otherwise it stays as it was then, to be read.
    replaced_by = models.ForeignKey(
        "assessments.EditionChange", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("évaluation")
        verbose_name_plural = _("évaluations")
        constraints = [models.UniqueConstraint(name="assessments_assessment_once", fields=["dossier", "version"])]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.version_id}"


class Consultation(models.Model):
    """A dossier that a consultant may read and fill, as long as their membership lasts."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="consultations")
    # Ends with the membership: what was granted stays in the audit trail.
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="consultations")
    granted_at = models.DateTimeField(_("accordé le"), auto_now_add=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("accordé par"), related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("accès d’un consultant")
        verbose_name_plural = _("accès de consultants")
        constraints = [models.UniqueConstraint(name="assessments_consultation_once", fields=["dossier", "membership"])]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.membership_id}"
