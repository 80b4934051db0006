"""A publisher's library as its pages show it: filters, rows, and where each version stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.models import Attachment, Dossier
from assessments.overviews import theme_url
from assessments.proofs import Uses, matching, standing_attachments, unused, uses_of
from assessments.sections import section_of_key
from evidence.models import Document, DocumentQuerySet, DocumentVersion
from evidence.policies import can_open
from questionnaires.queries import published


class Condition(models.TextChoices):
    """The state of a document, its latest version's; the values are those of the address."""

    WAITING = "en-attente", _("en cours d’analyse")
    CLEAN = "sans-danger", _("sans danger connu")
    REFUSED = "refuse", _("refusé")


class Validity(models.TextChoices):
    """The values are those of the address."""

    EXPIRED = "expire", _("expiré")
    EXPIRING = "expire-bientot", _("expire bientôt")


class Usage(models.TextChoices):
    """The values are those of the address."""

    UNUSED = "inutilise", _("joint à aucune réponse")


STATES: Mapping[str, tuple[str, ...]] = {
    Condition.WAITING: (DocumentVersion.State.RECEIVED, DocumentVersion.State.SCANNING),
    Condition.CLEAN: (DocumentVersion.State.CLEAN,),
    Condition.REFUSED: (DocumentVersion.State.REFUSED,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list shows; blank: all of it. The names in the address are those of the form."""

    words: str = ""
    condition: str = ""
    kind: str = ""
    validity: str = ""
    usage: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Filters":
        """From the address; what is not understood filters nothing."""

        def one_of(name: str, choices: Iterable[str]) -> str:
            return asked[name] if asked.get(name) in set(choices) else ""

        return cls(
            words=asked.get("q", "").strip()[:200],
            condition=one_of("etat", Condition.values),
            kind=one_of("nature", Document.Kind.values),
            validity=one_of("validite", Validity.values),
            usage=one_of("usage", Usage.values),
        )

    @property
    def are_set(self) -> bool:
        return any((self.words, self.condition, self.kind, self.validity, self.usage))

    def apply(self, documents: DocumentQuerySet, user: User, today: date) -> QuerySet[Document]:
        """`today`: in Europe/Paris."""
        kept: QuerySet[Document] = documents.in_state(*STATES[self.condition]) if self.condition else documents
        if self.words:
            kept = matching(kept, self.words, user)
        if self.kind:
            kept = kept.filter(kind=self.kind)
        if self.validity == Validity.EXPIRED:
            kept = kept.filter(expires_on__lt=today)
        elif self.validity == Validity.EXPIRING:
            kept = kept.filter(expires_on__gte=today, expires_on__lte=_expiring_until(today))
        return unused(kept) if self.usage else kept


def _expiring_until(today: date) -> date:
    return today + timedelta(days=settings.EVIDENCE_EXPIRY_NOTICE_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document of the list. `can_open`: its latest version, by whoever looks."""

    document: Document
    version: DocumentVersion
    uses: Uses
    can_open: bool


def listed(user: User, filters: Filters) -> QuerySet[Document]:
    """The documents that the list shows, the latest deposit first."""
    documents = Document.objects.visible_to(user)
    return (
        filters.apply(documents, user, timezone.localdate())
        .select_related("publisher")
        .prefetch_related(Prefetch("versions", DocumentVersion.objects.order_by("-number")))
        .order_by("-created_at", "-pk")
    )


def rows_of(documents: Iterable[Document], user: User) -> list[Row]:
    """One query, however many they are."""
    documents = list(documents)
    uses = uses_of(documents, user)
    return [
        Row(
            document=document,
            version=_of(document.current, document),
            uses=uses.get(document.pk, Uses()),
            can_open=can_open(user, _of(document.current, document)),
        )
        for document in documents
    ]


def is_expiring(document: Document) -> bool:
    """Valid still, and not for long."""
    today = timezone.localdate()
    return document.expires_on is not None and today <= document.expires_on <= _expiring_until(today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One answer that holds a version. `url` leads to the question on its page."""

    dossier: Dossier
    key: str
    url: str

    @property
    def may_change(self) -> bool:
        """As far as the dossier's state says: during corrections, only what was sent back may."""
        return self.dossier.state in Dossier.WRITABLE


@dataclass(slots=True, kw_only=True)
class VersionRow:
    """One version of a document. `is_replaced`: a later one is without known danger."""

    version: DocumentVersion
    is_replaced: bool
    can_open: bool
    standings: list[Standing] = field(default_factory=list)


def version_rows(document: Document, user: User) -> list[VersionRow]:
    """Every version, the latest first, and where it stands. One query, once the editions are compiled."""
    newest = document.newest_clean
    rows = {
        version.pk: VersionRow(
            version=version,
            is_replaced=newest is not None and version.number < newest.number,
            can_open=can_open(user, _of(version, document)),
        )
        for version in document.versions.all()
    }
    attachments = standing_attachments(user).filter(document_version__in=rows)
    related = attachments.select_related("answer__assessment__dossier__edition", "answer__assessment__dossier__product")
    for attachment in related.order_by("answer__assessment__dossier", "answer__question__key"):
        rows[attachment.document_version_id].standings.append(_standing(attachment))
    return list(rows.values())


def may_be_used_instead(rows: Iterable[VersionRow]) -> bool:
    """Whether a replaced version stands where an answer may still change."""
    return any(standing.may_change for row in rows if row.is_replaced for standing in row.standings)


def place_url(dossier: Dossier, key: str) -> str:
    """Where the question is shown, or the dossier for one that no page shows."""
    place = section_of_key(published(dossier.edition).definition, key)
    return f"{theme_url(dossier, *place)}#{key}" if place else dossier.get_absolute_url()


def _standing(attachment: Attachment) -> Standing:
    dossier = attachment.answer.assessment.dossier
    key = published(dossier.edition).keys[attachment.answer.question_id]
    return Standing(dossier=dossier, key=key, url=place_url(dossier, key))


def _of(version: DocumentVersion, document: Document) -> DocumentVersion:
    """The version with its document at hand, which a prefetch of the other side gives already."""
    version.document = document
    return version
