"""Who may open a publisher's file, and which."""

from accounts.models import Membership, User
from accounts.policies import FILLING, can_fill, is_member
from evidence.models import Document, DocumentVersion


def can_open(user: User, version: DocumentVersion) -> bool:
    """A team opens its own files once they are scanned, like everybody. Reads `version.document`."""
    document = version.document
    return version.is_readable and is_member(user, document.publisher_id or 0) and is_cleared(user, document)


def is_cleared(user: User, document: Document) -> bool:
    """Whether confidentiality keeps the document from this person of the publisher's side, reader or consultant."""
    return not document.is_confidential or can_fill(user, document.publisher_id or 0)


def cleared_for(user: User) -> list[int]:
    """The publishers of which confidentiality keeps no document from this person, for a query: see `is_cleared`."""
    return [publisher for publisher, role in user.membership_roles.items() if role in FILLING]


def can_upload(user: User, publisher_id: int) -> bool:
    """May send bytes for the publisher; what becomes of them, the library or a dossier decides when they are whole."""
    return user.membership_roles.get(publisher_id) in FILLING | {Membership.Role.CONSULTANT}
