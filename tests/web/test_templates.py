"""Templates hold no script, no style and nothing from elsewhere: the content policy would refuse them in silence."""

import re

from django.conf import settings

FORBIDDEN = {
    "a script inside the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>"),
    "a style element": re.compile(r"<style\b"),
    "a style attribute": re.compile(r"<[a-z][^>{]*\sstyle="),
    "an event attribute": re.compile(r"<[a-z][^>{]*\son[a-z]+="),
    "something loaded from elsewhere": re.compile(
        r"<(?:script|link|img|iframe|source)[^>]*(?:src|href)=\"(?:https?:)?//"
    ),
    "a javascript: address": re.compile(r"(?:href|action)=\"javascript:"),
    "htmx code in an attribute": re.compile(r"hx-on|hx-vals=\"js:|hx-headers='js:"),
}
# Read by WeasyPrint and by mail programs, never by a browser on our pages.
ELSEWHERE = ("report/",)


def test_no_template_holds_what_the_policy_refuses():
    found = []
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.html")):
        name = str(path.relative_to(settings.BASE_DIR / "templates"))
        if name.startswith(ELSEWHERE) or "/email/" in name:
            continue
        text = path.read_text()
        found += [f"{name}: {what}" for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert found == []
