"""Who may open a publisher's file, and which."""

from accounts.models import User
from accounts.policies import is_member
from evidence.models import DocumentVersion


def can_open(user: User, version: DocumentVersion) -> bool:
    """A team opens its own files once they are scanned, like everybody. Reads `version.document`."""
    return version.is_readable and is_member(user, version.document.publisher_id or 0)
