"""What production must not have, for `manage.py check --deploy`: each is an error when HTTPS is on."""

from typing import Any

from django.conf import settings
from django.core.checks import Error

# These count in one process: five attempts become fifteen with three of them, and a code serves three times.
PER_PROCESS = ("LocMemCache", "DummyCache")


def fit_for_production(**kwargs: Any) -> list[Error]:
    if not settings.HTTPS:
        return []
    found = {
        "convergence.E001": settings.DEMONSTRATION
        and "DEMONSTRATION gives everybody the accounts and the second factor of the staff.",
        "convergence.E002": "*" in settings.ALLOWED_HOSTS
        and "ALLOWED_HOSTS takes any name: links of mails would lead where a visitor wants.",
        "convergence.E003": settings.RATE_LIMITS_OFF and "RATE_LIMITS_OFF lets anybody guess passwords.",
        "convergence.E004": settings.CACHES["default"]["BACKEND"].endswith(PER_PROCESS)
        and "CACHE_URL counts attempts in each process apart: name a Redis.",
    }
    return [Error(str(sentence), id=number) for number, sentence in found.items() if sentence]
