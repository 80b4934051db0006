"""Who may open a publisher's file, and which."""

from accounts.models import User
from accounts.policies import is_member
from evidence.models import DocumentVersion


def can_open(user: User, version: DocumentVersion) -> bool:
    """A team opens its own files, waiting ones too; nobody opens a refused one. Reads `version.document`."""
    return version.state != DocumentVersion.State.REFUSED and is_member(user, version.document.publisher_id)
