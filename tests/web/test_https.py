"""What changes when the portal is served over HTTPS, as in production: read in a process that has those settings."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

ASK = """
import json, django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["convergence.example"]
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
plain = Client().get("/accessibilite/", headers={"host": "convergence.example"})
client = Client(headers={"host": "convergence.example"})
page = client.get("/compte/connexion/", secure=True)
print(json.dumps({
    "redirect": [plain.status_code, plain["Location"]],
    "headers": dict(page.headers),
    "cookies": [morsel.OutputString() for morsel in page.cookies.values()],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN],
}))
"""


@pytest.fixture(scope="module")
def production():
    environment = {
        **os.environ,
        "HTTPS": "true",
        "SITE_URL": "https://convergence.example",
        "DATABASE_URL": "sqlite://",
    }
    environment["DJANGO_SETTINGS_MODULE"] = "convergence.settings"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_plain_http_is_sent_to_https(production):
    assert production["redirect"] == [301, "https://convergence.example/accessibilite/"]


def test_browsers_are_told_to_stay_on_https_for_a_year(production):
    assert production["headers"]["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "upgrade-insecure-requests" in production["headers"]["Content-Security-Policy"]


def test_cookies_belong_to_this_host_and_to_no_script(production):
    (csrf,) = production["cookies"]
    name, *attributes = [part.strip() for part in csrf.split(";")]
    assert name.startswith("__Host-csrf=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(attributes)
    assert not any(attribute.startswith("Domain") for attribute in attributes)
    assert production["session"] == ["__Host-session", True, True, "Lax", "/", None]
