"""Who: people, publishers, and who may do what in a publisher's team."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class StaffRole(models.TextChoices):
    """The Django groups of people who work for the State's side, made by `manage.py sync_roles`."""

    REVIEWER = "reviewer", _("examinateur")
    EDITOR = "editor", _("éditeur de questionnaires")
    GIE_OFFICER = "gie_officer", _("agent du GIE SESAM-Vitale")
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


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by an e-mail address."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    full_name = models.CharField(_("nom et prénom"), max_length=150, blank=True)
    is_active = models.BooleanField(_("compte actif"), default=True)
    # Opens Django's admin; what can be done there depends on the groups.
    is_staff = models.BooleanField(_("accès à l’administration"), default=False)
    date_joined = models.DateTimeField(_("compte créé le"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique_ignoring_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @cached_property
    def staff_roles(self) -> frozenset[str]:
        """The person's staff roles: one query per request, for views and navigation alike."""
        return frozenset(self.groups.values_list("name", flat=True))

    @cached_property
    def membership_roles(self) -> dict[int, str]:
        """Role in each publisher's team, by publisher id: one query per request."""
        return dict(self.memberships.values_list("publisher_id", "role"))


class PublisherQuerySet(models.QuerySet["Publisher"]):
    def visible_to(self, user: User) -> "PublisherQuerySet":
        """The only road from a request to a publisher."""
        return self.filter(memberships__user=user)


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


class Membership(models.Model):
    """A person's place in a publisher's team."""

    class Role(models.TextChoices):
        MANDATAIRE = "mandataire", _("mandataire")
        REPRESENTATIVE = "representative", _("représentant")
        CONTRIBUTOR = "contributor", _("contributeur")
        READER = "reader", _("lecteur")

    user = models.ForeignKey(User, on_delete=models.PROTECT, verbose_name=_("personne"), related_name="memberships")
    publisher = models.ForeignKey(
        Publisher, on_delete=models.PROTECT, verbose_name=_("éditeur"), related_name="memberships"
    )
    role = models.CharField(_("rôle"), max_length=20, choices=Role)
    created_at = models.DateTimeField(_("membre depuis"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("membre d’équipe")
        verbose_name_plural = _("membres d’équipe")
        constraints = [
            models.UniqueConstraint(name="accounts_membership_one_per_person", fields=["publisher", "user"]),
            models.CheckConstraint(
                name="accounts_membership_role_known",
                condition=Q(role__in=["mandataire", "representative", "contributor", "reader"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.publisher}"
