"""Addresses of what is asked again and again, without Django's search for each."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

# Where the key stands: no pattern holds it otherwise.
_KEY = "CLE-00"


def question_url(name: str, number: str, key: str) -> str:
    """As reverse("dossiers:NAME", args=[number, key]). A page of questions asks for hundreds."""
    before, after = _around_key(name, number, get_script_prefix())
    return f"{before}{key}{after}"


@lru_cache(maxsize=4096)
def _around_key(name: str, number: str, _prefix: str) -> tuple[str, str]:
    before, after = reverse(f"dossiers:{name}", args=[number, _KEY]).split(_KEY)
    return before, after
