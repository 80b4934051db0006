"""Who: people, publishers, and who may do what in a publisher's team."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class StaffRole(models.TextChoices):
    """The Django groups of people who work for the State's side, made by `manage.py sync_roles`."""

    REVIEWER = "reviewer", _("examinateur")
    REVIEW_LEAD = "review_lead", _("responsable d’instruction")
    EDITOR = "editor", _("éditeur de questionnaires")
    GIE_OFFICER = "gie_officer", _("agent du GIE SESAM-Vitale")
    SUPPORT = "support", _("assistance aux éditeurs")
    ADMINISTRATOR = "administrator", _("administrateur")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


def name_of(full_name: str, email: str, erased_at: datetime | None) -> str:
    """How a person is named on the screens: str(user), for who reads rows without making users of them."""
    return gettext("compte effacé") if erased_at is not None else full_name or email


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    full_name = models.CharField(_("nom et prénom"), max_length=150, blank=True)
    is_active = models.BooleanField(_("compte actif"), default=True)
    # Opens Django's admin; what can be done there depends on the groups.
    is_staff = models.BooleanField(_("accès à l’administration"), default=False)
    date_joined = models.DateTimeField(_("compte créé le"), default=timezone.now)
    # Null: never. Once set, nothing here says whose account it was; what they did stays under its number.
    erased_at = models.DateTimeField(_("effacé le"), null=True, blank=True)
    # Part of what each session was signed with: one more, and every session opened before is refused.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique_ignoring_case"),
            models.CheckConstraint(
                name="accounts_user_erased_is_closed_and_nameless",
                condition=Q(erased_at=None) | Q(is_active=False, is_staff=False, is_superuser=False, full_name=""),
            ),
        ]

    def __str__(self) -> str:
        return name_of(self.full_name, self.email, self.erased_at)

    def get_session_auth_hash(self) -> str:
        """Django compares it with each session's, at each request, from the row that it reads anyway."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for each in super().get_session_auth_fallback_hash():
            yield f"{each}.{self.session_epoch}"

    @cached_property
    def staff_roles(self) -> frozenset[str]:
        """The person's staff roles: one query per request, for views and navigation alike."""
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def membership_roles(self) -> dict[int, str]:
        """Role in each publisher's team, by publisher id, lapsed ones apart: one query per request."""
        return dict(self.memberships.current().values_list("publisher_id", "role"))

    @property
    def team_publishers(self) -> list[int]:
        """The publishers in whose own team the person is now."""
        return [publisher for publisher, role in self.membership_roles.items() if role in Membership.TEAM]

    @property
    def is_consultant(self) -> bool:
        """Of some publisher, now."""
        return Membership.Role.CONSULTANT in self.membership_roles.values()

    def acting_as(self, publisher_id: int | None) -> str:
        """As whom the person acts, for the audit trail: their role in that team, else their staff roles."""
        if role := self.membership_roles.get(publisher_id or 0):
            return role
        return "superuser" if self.is_superuser else "+".join(sorted(self.staff_roles))


class PublisherQuerySet(models.QuerySet["Publisher"]):
    def visible_to(self, user: User) -> "PublisherQuerySet":
        """The only road from a request to a publisher: its own team. Consultants see the dossiers granted, no more."""
        return self.filter(memberships__user=user, memberships__role__in=Membership.TEAM)

    def tied_to(self, user: User) -> "PublisherQuerySet":
        """Those for which the person works, or once worked, in whatever quality: they never judge them."""
        return self.filter(Q(memberships__user=user) | Q(former_memberships__user=user))


class Publisher(models.Model):
    """A company that publishes digital-health services, known by its SIREN."""

    siren = models.CharField(_("numéro SIREN"), max_length=9, unique=True)
    legal_name = models.CharField(_("raison sociale"), max_length=200)
    address = models.CharField(_("adresse"), max_length=300)
    postal_code = models.CharField(_("code postal"), max_length=10)
    city = models.CharField(_("ville"), max_length=100)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("créé par"), related_name="+"
    )

    objects = PublisherQuerySet.as_manager()

    class Meta:
        ordering = ["legal_name", "pk"]
        verbose_name = _("éditeur")
        verbose_name_plural = _("éditeurs")
        constraints = [
            models.CheckConstraint(
                name="accounts_publisher_siren_nine_digits",
                condition=Q(siren__regex=r"^[0-9]{9}$"),
                violation_error_message=_("Un numéro SIREN compte neuf chiffres."),
            )
        ]

    def __str__(self) -> str:
        return self.legal_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, at: datetime | Combinable | None = None) -> "MembershipQuerySet":
        """Those that still hold, now or at a moment: a consultant's lapses by itself."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at or timezone.now()))

    def lapsed(self) -> "MembershipQuerySet":
        """Those of consultants whose time is over."""
        return self.filter(expires_at__lte=timezone.now())


class Membership(models.Model):
    """A person's place in a publisher's team, or beside it for a consultant."""

    class Role(models.TextChoices):
        MANDATAIRE = "mandataire", _("mandataire")
        REPRESENTATIVE = "representative", _("représentant")
        CONTRIBUTOR = "contributor", _("contributeur")
        READER = "reader", _("lecteur")
        CONSULTANT = "consultant", _("consultant")

    # Who sees all that is the publisher's. A consultant sees only the dossiers granted to them (assessments).
    TEAM = (Role.MANDATAIRE, Role.REPRESENTATIVE, Role.CONTRIBUTOR, Role.READER)

    user = models.ForeignKey(User, on_delete=models.PROTECT, verbose_name=_("personne"), related_name="memberships")
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), related_name="memberships"
    )
    role = models.CharField(_("rôle"), max_length=20, choices=Role)
    created_at = models.DateTimeField(_("membre depuis"), auto_now_add=True)
    # Null means without end; a consultant always has an end.
    expires_at = models.DateTimeField(_("jusqu’au"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("membre d’équipe")
        verbose_name_plural = _("membres d’équipe")
        constraints = [
            models.UniqueConstraint(name="accounts_membership_one_per_person", fields=["publisher", "user"]),
            models.CheckConstraint(
                name="accounts_membership_role_known",
                condition=Q(role__in=["mandataire", "representative", "contributor", "reader", "consultant"]),
            ),
            models.CheckConstraint(
                name="accounts_membership_only_consultants_lapse",
                condition=Q(role="consultant", expires_at__isnull=False) | (~Q(role="consultant") & Q(expires_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.publisher}"


class FormerMembership(models.Model):
    """A place that somebody had in a team, or beside it, and left. Who once worked for a publisher never judges it."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, verbose_name=_("personne"), related_name="former_memberships"
    )
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), related_name="former_memberships"
    )
    role = models.CharField(_("rôle"), max_length=20, choices=Membership.Role)
    began_at = models.DateTimeField(_("membre depuis"))
    ended_at = models.DateTimeField(_("jusqu’au"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ancien membre d’équipe")
        verbose_name_plural = _("anciens membres d’équipe")
        constraints = [
            models.CheckConstraint(
                name="accounts_formermembership_role_known",
                condition=Q(role__in=["mandataire", "representative", "contributor", "reader", "consultant"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.publisher_id}"


class Invitation(models.Model):
    """An e-mail that lets its reader join a publisher. *Expired* is derived: sent, and past its end."""

    class State(models.TextChoices):
        SENT = "sent", _("envoyée")
        ACCEPTED = "accepted", _("acceptée")
        REVOKED = "revoked", _("annulée")

    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), related_name="invitations"
    )
    email = models.EmailField(_("adresse électronique"))
    role = models.CharField(_("rôle"), max_length=20, choices=Membership.Role)
    # For a consultant only: until when the access will hold.
    access_until = models.DateTimeField(_("accès jusqu’au"), null=True, blank=True)
    # SHA-256 of the secret in the link, in hexadecimal: whoever reads the table cannot follow it.
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.SENT)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyée le"))
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, verbose_name=_("invitée par"), related_name="+")
    # Null until accepted.
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, verbose_name=_("acceptée par"), null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="accounts_invitation_state_known", condition=Q(state__in=["sent", "accepted", "revoked"])
            ),
            models.CheckConstraint(
                name="accounts_invitation_role_known",
                condition=Q(role__in=["mandataire", "representative", "contributor", "reader", "consultant"]),
            ),
            models.CheckConstraint(
                name="accounts_invitation_only_consultants_lapse",
                condition=Q(role="consultant", access_until__isnull=False)
                | (~Q(role="consultant") & Q(access_until=None)),
            ),
            models.CheckConstraint(
                name="accounts_invitation_accepted_by_somebody",
                condition=Q(state="accepted", accepted_by__isnull=False) | (~Q(state="accepted") & Q(accepted_by=None)),
            ),
            models.UniqueConstraint(
                "publisher", Lower("email"), name="accounts_invitation_one_waiting", condition=Q(state="sent")
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    @property
    def has_expired(self) -> bool:
        return self.state == self.State.SENT and self.expires_at <= timezone.now()
