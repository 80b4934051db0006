"""What `manage.py check --deploy` refuses of a production site."""

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from scripts.check import PRODUCTION

REDIS = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://localhost:6379/1"}}


@pytest.fixture
def production(settings):
    """Over HTTPS, with none of what makes a demonstration."""
    settings.HTTPS, settings.DEMONSTRATION, settings.RATE_LIMITS_OFF = True, False, False
    settings.ALLOWED_HOSTS = ["convergence.example"]
    settings.CACHES = REDIS
    return settings


def errors():
    found = run_checks(include_deployment_checks=True)
    return [each.id for each in found if str(each.id).startswith("convergence.")]


def cache(name):
    return {"default": {"BACKEND": f"django.core.cache.backends.{name}"}}


def test_a_production_site_has_none_of_them(production):
    assert errors() == []


@pytest.mark.parametrize(
    ("setting", "value", "number"),
    [
        ("DEMONSTRATION", True, "convergence.E001"),
        ("ALLOWED_HOSTS", ["convergence.example", "*"], "convergence.E002"),
        ("RATE_LIMITS_OFF", True, "convergence.E003"),
        ("CACHES", cache("locmem.LocMemCache"), "convergence.E004"),
        ("CACHES", cache("dummy.DummyCache"), "convergence.E004"),
    ],
)
def test_each_of_these_is_refused_where_there_is_https(production, setting, value, number):
    setattr(production, setting, value)

    assert errors() == [number]
    with pytest.raises(SystemCheckError, match=number):
        call_command("check", deploy=True)


def test_without_https_it_is_a_trial_and_they_are_let_be(production):
    production.HTTPS, production.DEMONSTRATION, production.ALLOWED_HOSTS = False, True, ["*"]

    assert errors() == []


def test_the_settings_that_our_own_check_judges_are_those_of_production():
    assert PRODUCTION["HTTPS"] == "true"
    assert PRODUCTION["CACHE_URL"].startswith("redis://")
    assert PRODUCTION["RATE_LIMITS_OFF"] == "false"
