"""Who may do what with a product."""

from accounts import policies as accounts
from accounts.models import User
from products.models import Product


def can_edit(user: User, product: Product) -> bool:
    return accounts.can_fill(user, product.publisher_id)


def can_start_dossier(user: User, product: Product) -> bool:
    """Whoever may fill a dossier may open one."""
    return accounts.can_fill(user, product.publisher_id)
