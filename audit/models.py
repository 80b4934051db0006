"""What happened: one append-only table."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.protection import Immutable


class Event(models.Model):
    """Somebody did something to something. Names are never written, only identifiers."""

    at = models.DateTimeField(_("le"), auto_now_add=True)
    # Null means the system itself: a scheduled task, a command.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("par"), null=True, related_name="+"
    )
    # The role under which they acted: of a publisher's team, else of the State's side. Blank: neither, or the system.
    acting_as = models.CharField(_("en qualité de"), max_length=100, blank=True)
    # Whose journal shows it. A number and no foreign key: publishers live above this app. Null: nobody's.
    publisher_id = models.BigIntegerField(_("éditeur"), null=True)
    verb = models.CharField(_("action"), max_length=60)
    object_type = models.CharField(_("type d’objet"), max_length=60)
    object_id = models.CharField(_("identifiant"), max_length=60)
    # What matters of the change, as the operation chose to tell it.
    data = models.JSONField(_("détail"), default=dict)
    request_id = models.CharField(_("requête"), max_length=32, blank=True)
    # Of the request, truncated (IPv4 /24, IPv6 /48): enough to see an oddity, too little to find a home.
    address = models.CharField(_("adresse tronquée"), max_length=43, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("événement")
        verbose_name_plural = _("événements")
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="audit_event_object"),
            models.Index(fields=["publisher_id", "-id"], name="audit_event_publisher"),
        ]
        constraints = [Immutable(name="audit_event_append_only")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


class Link(models.Model):
    """The place of one event in the chain of hashes: each link seals its event and all that came before.

    Written by a job, in batches, after the events: nobody who acts ever waits for the chain. Positions and not ids
    order it, since on PostgreSQL a lower id may be committed after a higher one.
    """

    position = models.BigIntegerField(primary_key=True)
    # Unique: an event has one place. No cascade, ever.
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="link")
    # SHA-256, in hexadecimal, of the previous hash and the event: audit.chain.
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [Immutable(name="audit_link_append_only")]

    def __str__(self) -> str:
        return f"{self.position}: {self.hash[:12]}"


class ChainHead(models.Model):
    """One row, locked by whoever extends the chain, so that two never do at once."""

    position = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(name="audit_chainhead_alone", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.position}: {self.hash[:12]}"
