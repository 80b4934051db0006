"""Who may do what with questionnaires."""

from accounts.models import User
from accounts.policies import is_administrator, is_editor


def can_edit(user: User) -> bool:
    """May open the editor: drafts are written there, and proposed, approved, published."""
    return is_editor(user) or is_administrator(user)
