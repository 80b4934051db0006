"""For the page of one's own addresses."""

from collections.abc import Iterable
from typing import Any

from django import template

register = template.Library()


@register.filter
def some_wait(radios: Iterable[dict[str, Any]]) -> bool:
    """{{ emailaddress_radios|some_wait }}: whether an address still waits for its confirmation."""
    return any(not radio["emailaddress"].verified for radio in radios)
