"""Published or not, and what the database refuses once it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.protection import Immutable


class PublicationStatus(models.TextChoices):
    DRAFT = "draft", _("brouillon")
    PUBLISHED = "published", _("publiée")
    RETIRED = "retired", _("retirée")


STATUSES = [*PublicationStatus.values]


def _frozen(name: str, owner_status: str, message: str) -> Immutable:
    """Refuse to add, change or remove a row whose owner is no longer a draft.

    `owner_status` is SQL that reads the owner's status from `{row}`.
    """
    old, new = owner_status.format(row="OLD"), owner_status.format(row="NEW")
    return Immutable(
        name=name,
        on=("INSERT", "UPDATE", "DELETE"),
        when={
            "INSERT": f"{new} <> 'draft'",
            "UPDATE": f"{old} <> 'draft' OR {new} <> 'draft'",
            "DELETE": f"{old} <> 'draft'",
        },
        message=message,
    )


def frozen_with_version(name: str, version_id: str) -> Immutable:
    """`version_id` is SQL that reads the version's id from `{row}`."""
    status = f"(SELECT v.status FROM questionnaires_version v WHERE v.id = {version_id})"  # noqa: S608 — our own constant
    return _frozen(name, status, "a published version never changes")


def frozen_with_edition(name: str) -> Immutable:
    status = "(SELECT e.status FROM questionnaires_edition e WHERE e.id = {row}.edition_id)"
    return _frozen(name, status, "a published edition never changes")
