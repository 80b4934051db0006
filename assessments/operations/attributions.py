"""Say who of the team sees to a theme, or to a question."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from assessments.models import Attribution, Dossier
from assessments.operations.answers import lock_dossier
from assessments.overviews import theme_url
from assessments.sections import Section
from assessments.teams import fillers_of
from audit.operations import record
from notifications.operations import notify
from questionnaires import engine
from questionnaires.models import Theme
from questionnaires.queries import published
from ui.formats import long_date


class DossierOver(Exception):
    """Nothing is left to do in this dossier."""


class MayNotFill(Exception):
    """The person is not, or no longer, among those who may fill the dossier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A theme of a dossier, or the question `key` of that theme."""

    section: Section
    theme: engine.Theme
    key: str = ""


@transaction.atomic
def attribute(*, dossier: Dossier, subject: Subject, to: Membership, by: User, due_on: date | None = None) -> None:
    """Put a member in charge, instead of whoever was, and tell them. The same again changes nothing.

    The caller has checked `policies.can_fill`. Raises DossierOver or MayNotFill.
    """
    dossier = _lock(dossier)
    member = fillers_of(dossier).select_for_update(of=("self",)).filter(pk=to.pk).first()
    if member is None:
        raise MayNotFill
    where = _columns(dossier, subject)
    before = Attribution.objects.filter(dossier=dossier, **where).first()
    if before is not None and (before.membership_id, before.due_on) == (member.pk, due_on):
        return
    Attribution.objects.update_or_create(
        dossier=dossier,
        **where,
        defaults={"membership": member, "due_on": due_on, "attributed_at": timezone.now(), "attributed_by": by},
    )
    record("work.attributed", dossier, by=by, **_which(dossier, subject), user=member.user_id)
    if member.user_id != by.pk and (before is None or before.membership_id != member.pk):
        _tell(member.user, dossier, subject, by=by, due_on=due_on)


@transaction.atomic
def unattribute(*, dossier: Dossier, subject: Subject, by: User) -> None:
    """Nobody sees to it any more; twice is once. Raises DossierOver."""
    dossier = _lock(dossier)
    standing = Attribution.objects.filter(dossier=dossier, **_columns(dossier, subject)).select_related("membership")
    for attribution in standing:
        attribution.delete()
        record("work.unattributed", dossier, by=by, **_which(dossier, subject), user=attribution.membership.user_id)


def _lock(dossier: Dossier) -> Dossier:
    dossier = lock_dossier(dossier)
    if dossier.state not in Dossier.WRITABLE:
        raise DossierOver
    return dossier


def _columns(dossier: Dossier, subject: Subject) -> dict[str, Any]:
    edition = published(dossier.edition)
    if subject.key:
        return {"question_id": edition.question_ids[subject.key], "theme_id": None}
    theme = Theme.objects.values_list("pk", flat=True).get(
        version__in=edition.version_ids.values(), code=subject.theme.code
    )
    return {"theme_id": theme, "question_id": None}


def _which(dossier: Dossier, subject: Subject) -> dict[str, Any]:
    which = {"question": subject.key} if subject.key else {"theme": subject.theme.code}
    return {"publisher": dossier.publisher_id, "dossier": dossier.number, **which}


def _tell(person: User, dossier: Dossier, subject: Subject, *, by: User, due_on: date | None) -> None:
    words = {
        "number": dossier.number,
        "product": dossier.product.name,
        "what": subject.key or subject.theme.title,
        "who": by,
        "day": long_date(due_on),
    }
    if due_on:
        body = _("%(who)s vous attribue « %(what)s » dans le dossier %(number)s (%(product)s), pour le %(day)s.")
    else:
        body = _("%(who)s vous attribue « %(what)s » dans le dossier %(number)s (%(product)s).")
    anchor = f"#{subject.key}" if subject.key else ""
    notify(
        [person],
        subject=_("Dossier %(number)s : « %(what)s » vous est attribué") % words,
        body=body % words,
        path=theme_url(dossier, subject.section, subject.theme) + anchor,
        about=by,
        in_app=True,
    )
