"""A publisher's documents as its dossiers use them: where each is attached, which may be joined to an answer."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts import policies as people
from accounts.models import User
from assessments.models import Attachment, Dossier
from evidence.models import Document, DocumentVersion
from evidence.policies import cleared_for


@dataclass(frozen=True, slots=True)
class Uses:
    """In how many answers, of how many dossiers, a document stands."""

    questions: int = 0
    dossiers: int = 0


def standing_attachments(user: User) -> QuerySet[Attachment]:
    """Those that were not removed, in the dossiers that this person sees, under the edition that each follows."""
    return Attachment.objects.filter(
        removed_at=None,
        answer__assessment__replaced_by=None,
        answer__assessment__dossier__in=Dossier.objects.visible_to(user),
    )


def uses_of(documents: Iterable[Document], user: User) -> dict[int, Uses]:
    """By document id, where it is used; absent when nowhere. One query."""
    rows = (
        standing_attachments(user)
        .filter(document_version__document__in=[document.pk for document in documents])
        .order_by()
        .values_list("document_version__document")
        .annotate(
            questions=Count("answer", distinct=True),
            dossiers=Count("answer__assessment__dossier", distinct=True),
        )
    )
    return {document: Uses(questions, dossiers) for document, questions, dossiers in rows}


def refused_files(dossiers: Iterable[Dossier]) -> dict[int, int]:
    """By dossier id, how many files refused by the analysis its answers hold; absent when none. One query."""
    rows = (
        Attachment.objects.filter(
            removed_at=None,
            answer__assessment__replaced_by=None,
            document_version__state=DocumentVersion.State.REFUSED,
            answer__assessment__dossier__in=[each.pk for each in dossiers if each.state in Dossier.WRITABLE],
        )
        .order_by()
        .values_list("answer__assessment__dossier")
        .annotate(files=Count("pk"))
    )
    return dict(rows)


def unused(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those that no answer holds, nor held under an earlier edition."""
    held = Attachment.objects.filter(removed_at=None, document_version__document=OuterRef("pk"))
    return documents.filter(~Exists(held))


def matching(documents: QuerySet[Document], words: str, user: User) -> QuerySet[Document]:
    """Those of which every word is found in the title, a file’s name or its text, where this person may open it."""
    # By identifiers: several versions would give their document several times.
    found = DocumentVersion.objects.containing(words, cleared=cleared_for(user))
    return documents.filter(pk__in=found.values("document"))


def versions_to_choose(user: User, dossier: Dossier, words: str = "") -> QuerySet[DocumentVersion]:
    """The latest version of each document that may be joined to an answer of this dossier, refused ones apart.

    A team chooses in its whole library; a consultant among what stands in the dossiers open to them. `words` are
    searched in titles, file names and texts.
    """
    choosable = DocumentVersion.objects.filter(document__publisher=dossier.publisher_id).exclude(
        state=DocumentVersion.State.REFUSED
    )
    if not people.can_fill(user, dossier.publisher_id):
        seen = standing_attachments(user).values("document_version")
        choosable = choosable.filter(pk__in=seen, document__is_confidential=False)
    newer = choosable.filter(document=OuterRef("document"), number__gt=OuterRef("number"))
    latest = choosable.filter(~Exists(newer))
    if words:
        documents = Document.objects.filter(publisher=dossier.publisher_id)
        latest = latest.filter(document__in=matching(documents, words, user))
    return latest.select_related("document").order_by("document__title", "document_id")
