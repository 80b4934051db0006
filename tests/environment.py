"""The tests' environment: a pytest plugin, loaded before Django reads its settings (`-p` in pyproject.toml).

Every variable of .env.example is decided here, so that neither .env nor the shell changes what a test sees.
Three may come from outside, and do under scripts/with_services.py: DATABASE_URL, CELERY_BROKER_URL and
CLAMD_SOCKET. Without them tests run on SQLite in memory, which is enough for most and starts at once.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DECIDED = {
    "SECRET_KEY": "a-key-for-tests-that-is-long-enough-and-opens-nothing-at-all-0123456789",
    "DEBUG": "false",
    "DEMONSTRATION": "false",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "",
    "HTTPS": "false",
    "TRUSTED_PROXY_COUNT": "0",
    "ADMIN_PATH": "administration/",
    "SECURITY_CONTACT": "securite@convergence.example",
    "SECRET_KEY_FALLBACKS": "",
    "RATE_LIMITS_OFF": "true",
    "INVITATION_DAYS": "14",
    "ACCOUNT_REQUEST_DAYS": "90",
    "CONSULTANT_MAX_DAYS": "365",
    "REVIEW_TARGET_DAYS": "30",
    "CORRECTION_TARGET_DAYS": "30",
    "REMINDER_DAYS_BEFORE": "7",
    "REMINDER_DAYS_AFTER": "3",
    "PROOF_MINUTES": "10",
    "CACHE_URL": "locmem://",
    "OIDC_ISSUER": "",
    "OIDC_NAME": "ProConnect",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "OIDC_SCOPES": "openid,profile,email",
    "REAUTHENTICATION_SECONDS": "300",
    "SESSION_IDLE_HOURS": "72",
    "SESSION_HOURS": "336",
    "STAFF_SESSION_IDLE_HOURS": "2",
    "STAFF_SESSION_HOURS": "12",
    "SITE_URL": "http://testserver",
    "STATIC_FILES_COLLECTED": "false",
    "EMAIL_URL": "smtp://localhost:25",
    "DEFAULT_FROM_EMAIL": "Convergence <ne-pas-repondre@convergence.example>",
    "EVIDENCE_PACK_DAYS": "7",
    "EVIDENCE_SCANNER": "clamd",
    "EVIDENCE_EXPIRY_NOTICE_DAYS": "90",
    "EVIDENCE_S3_BUCKET": "",
    "EVIDENCE_S3_ENDPOINT": "",
    "EVIDENCE_S3_REGION": "",
    "EVIDENCE_S3_ACCESS_KEY": "",
    "EVIDENCE_S3_SECRET_KEY": "",
    "EVIDENCE_S3_ADDRESSING": "auto",
    "EVIDENCE_S3_ENCRYPTION": "",
    "JOB_STALE_AFTER_SECONDS": "60",
    "JOB_SWEEP_INTERVAL_SECONDS": "10",
    "OPERATOR_NAME": "Agence du numérique en santé",
    "SUPPORT_EMAIL": "support@convergence.example",
    "SHOW_STATE_BLOCK": "false",
    "KEEP_UNCONFIRMED_ACCOUNTS_DAYS": "30",
    "KEEP_INACTIVE_ACCOUNTS_DAYS": "1095",
    "KEEP_ANONYMOUS_DIAGNOSTICS_DAYS": "365",
    "KEEP_INVITATIONS_DAYS": "180",
    "KEEP_ACCOUNT_REQUESTS_DAYS": "365",
    "KEEP_NOTIFICATIONS_DAYS": "730",
    "KEEP_JOBS_DAYS": "90",
    "KEEP_EXPORTS_DAYS": "7",
    "INACTIVITY_NOTICE_DAYS": "30",
    "PRIVACY_CONTACT": "donnees-personnelles@convergence.example",
    "LOG_LEVEL": "WARNING",
    "LOG_FORMAT": "plain",
}
FROM_OUTSIDE = {
    "DATABASE_URL": "sqlite://:memory:",
    "CELERY_BROKER_URL": "filesystem://localhost",
    # Nobody listens there: the scanner is unavailable, and says so.
    "CLAMD_SOCKET": "/nonexistent/clamd.ctl",
}


def decide(environment: "os._Environ[str]", data_dir: Path) -> None:
    """Write the tests' variables into an environment. `data_dir` takes what a test run leaves on disk."""
    environment.update(DECIDED)
    for name, value in FROM_OUTSIDE.items():
        environment[name] = environment.get(name) or value
    environment["DATA_DIR"] = str(data_dir)
    environment["STATIC_ROOT"] = str(data_dir / "staticfiles")


def _own_queue() -> None:
    """Each pytest-xdist process has its own database, so it needs its own queue: one Redis number each."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "")
    broker = os.environ["CELERY_BROKER_URL"]
    if process.startswith("gw") and broker.startswith("redis"):
        os.environ["CELERY_BROKER_URL"] = f"{broker.rpartition('/')[0]}/{int(process[2:]) + 1}"


def _begin() -> None:
    data_dir = Path(tempfile.mkdtemp(prefix="convergence-tests-"))
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    for folder in ("queue", "queue-control"):
        (data_dir / folder).mkdir()
    decide(os.environ, data_dir)
    _own_queue()


_begin()
