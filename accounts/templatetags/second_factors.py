"""For the sign-in pages of a demonstration, and the list of sessions."""

import re

from django import template
from django.utils.translation import gettext as _

from accounts import second_factors
from accounts.models import User

register = template.Library()

# In this order: Edge and Chrome name the others too.
BROWSERS = [
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone|iPad", "iOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


@register.simple_tag
def demonstration_code(user: User) -> str:
    """{% demonstration_code form.user as code %}: the code of the moment, for those whose it is; blank for others."""
    if not second_factors.holds_demonstration_secret(user):
        return ""
    code = second_factors.demonstration_code()
    return f"{code[:3]} {code[3:]}"


@register.filter
def browser_name(user_agent: str) -> str:
    """« Firefox sur Linux »: what a person recognises of their own sessions."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if re.search(mark, user_agent)), None)
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Navigateur inconnu")
