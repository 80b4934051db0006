"""Who may do what with questionnaires."""

from accounts.models import User
from accounts.policies import is_administrator, is_editor
from questionnaires.models import Edition, PublicationStatus, Version


def can_edit(user: User) -> bool:
    """May open the editor: drafts are written there, and proposed, approved, published."""
    return is_editor(user) or is_administrator(user)


def is_draft(row: Edition | Version) -> bool:
    """Whether it may still be written: the database refuses the rest, whoever asks."""
    return row.status == PublicationStatus.DRAFT
