"""Addresses of what is asked again and again, without Django's search for each."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse

# Where the key and the number of a file stand: no pattern holds them otherwise.
_KEY = "CLE-00"
_FILE = 987654321


def question_url(name: str, number: str, key: str) -> str:
    """As reverse("dossiers:NAME", args=[number, key]). A page of questions asks for hundreds."""
    before, after = _around_key(name, number, get_script_prefix())
    return f"{before}{key}{after}"


def file_url(name: str, number: str, key: str, attachment: int) -> str:
    """As reverse("dossiers:NAME", args=[number, key, attachment])."""
    before, between, after = _around_file(name, number, get_script_prefix())
    return f"{before}{key}{between}{attachment}{after}"


@lru_cache(maxsize=4096)
def _around_file(name: str, number: str, _prefix: str) -> tuple[str, str, str]:
    before, rest = reverse(f"dossiers:{name}", args=[number, _KEY, _FILE]).split(_KEY)
    between, after = rest.split(str(_FILE))
    return before, between, after


def theme_url(number: str, section_slug: str, theme_slug: str) -> str:
    """As reverse("dossiers:theme", args=[number, section_slug, theme_slug]). A page of a dossier asks for dozens."""
    return _theme_url(number, section_slug, theme_slug, get_script_prefix())


@lru_cache(maxsize=8192)
def _theme_url(number: str, section_slug: str, theme_slug: str, _prefix: str) -> str:
    return reverse("dossiers:theme", args=[number, section_slug, theme_slug])


@lru_cache(maxsize=4096)
def _around_key(name: str, number: str, _prefix: str) -> tuple[str, str]:
    before, after = reverse(f"dossiers:{name}", args=[number, _KEY]).split(_KEY)
    return before, after
