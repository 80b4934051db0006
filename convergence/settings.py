"""Every setting, read from the environment. `.env.example` lists each variable once."""

from pathlib import Path

from environs import Env
from marshmallow.validate import OneOf

from convergence.databases import with_engine_options

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env(eager=False)  # collect every missing or malformed variable, report them together
env.read_env(BASE_DIR / ".env", recurse=False)

# --- Security: the defaults are the production ones, a developer opts out in .env -------------
SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", False)
DEMONSTRATION = env.bool("DEMONSTRATION", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("HTTPS", True)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- Applications, in the order of the map (docs/architecture.md) -----------------------------
INSTALLED_APPS = [
    "results",
    "assessments",
    "evidence",
    "products",
    "questionnaires",
    "accounts",
    "notifications",
    "jobs",
    "audit",
    "ui",
    "convergence",
    "widget_tweaks",
    "dsfr",
    "crispy_forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "convergence.middleware.request_id",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Deny by default: a public view carries the mark `login_not_required`.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "convergence.urls"
WSGI_APPLICATION = "convergence.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context_processors.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data --------------------------------------------------------------------------------------
DATABASES = {"default": with_engine_options(env.dj_db_url("DATABASE_URL", conn_max_age=600))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Everything written at run time that is not the database: evidence, reports, mails, queues.
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
# False: static files are served from where they are written, looked for at each request.
STATIC_FILES_COLLECTED = env.bool("STATIC_FILES_COLLECTED", not (DEBUG or DEMONSTRATION))
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_FILES_COLLECTED
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "evidence",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "reports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "reports", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_FILES_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Evidence ----------------------------------------------------------------------------------
EVIDENCE_MAX_BYTES = 50_000_000
# none: files wait, unreadable by reviewers. demonstration: knows EICAR only, refused outside DEMONSTRATION.
EVIDENCE_SCANNER = env.str("EVIDENCE_SCANNER", "none", validate=OneOf(["none", "demonstration", "clamd"]))
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")  # unix path, or host:port
CLAMD_TIMEOUT_SECONDS = 30
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000  # a whole theme posted without JavaScript

# --- Background work ---------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://")
CELERY_TASK_ACKS_LATE = True  # tasks are idempotent: redelivery is safe
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
if CELERY_BROKER_URL.startswith("filesystem"):
    # Kombu writes its messages there and does not make the folder.
    (DATA_DIR / "queue").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "queue"),
        "data_folder_out": str(DATA_DIR / "queue"),
        "control_folder": str(DATA_DIR / "queue-control"),
        "polling_interval": 0.05,
    }
else:
    # A killed worker is noticed after visibility_timeout, which must exceed the longest task.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 120,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 10,
    }
# A running job without a sign of life for this long is queued again by the sweep.
JOB_STALE_AFTER_SECONDS = env.int("JOB_STALE_AFTER_SECONDS", 60)
JOB_SWEEP_INTERVAL_SECONDS = env.int("JOB_SWEEP_INTERVAL_SECONDS", 10)
CELERY_BEAT_SCHEDULE = {
    "sweep-stale-jobs": {"task": "jobs.sweep_stale", "schedule": JOB_SWEEP_INTERVAL_SECONDS},
    "queue-waiting-scans": {"task": "evidence.queue_waiting_scans", "schedule": 60},
    "sweep-orphan-files": {"task": "evidence.sweep_orphans", "schedule": 86_400},
}

# --- Who signs in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Convergence] "
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_ADAPTER = "assessments.adapter.DiagnosticKeepingAdapter"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "signup": "accounts.forms.SignUpForm",
    "reset_password": "accounts.forms.PasswordResetForm",
    "reset_password_from_key": "accounts.forms.PasswordResetKeyForm",
    "change_password": "accounts.forms.PasswordChangeForm",
    "set_password": "accounts.forms.PasswordSetForm",
    "add_email": "accounts.forms.AddEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
# False, not {}: allauth reads an empty value as its own defaults.
ACCOUNT_RATE_LIMITS = False if env.bool("RATE_LIMITS_OFF", False) else {"login_failed": "10/m/ip,5/300s/key"}

# --- Mail --------------------------------------------------------------------------------------
email = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
EMAIL_BACKEND = email["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = email["EMAIL_HOST"], email["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = email["EMAIL_HOST_USER"], email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = email["EMAIL_USE_TLS"], email["EMAIL_USE_SSL"]
if DEMONSTRATION:
    EMAIL_BACKEND = "notifications.mail.ConsoleAndFolderBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mails")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Convergence <ne-pas-repondre@localhost>")
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")

# --- Words and looks ---------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(BASE_DIR / "staticfiles")))  # filled by collectstatic, at build
CRISPY_ALLOWED_TEMPLATE_PACKS = ["convergence"]
CRISPY_TEMPLATE_PACK = "convergence"
CRISPY_FAIL_SILENTLY = False
DSFR_MARK_OPTIONAL_FIELDS = True
# The State's block (Marianne, « République française ») is reserved to the administration.
SHOW_STATE_BLOCK = env.bool("SHOW_STATE_BLOCK", False)
OPERATOR_NAME = env.str("OPERATOR_NAME", "Agence du numérique en santé")
SUPPORT_EMAIL = env.str("SUPPORT_EMAIL", "support@convergence.example")

# --- Rules of the process, each with its source ------------------------------------------------
# The edition that new dossiers are pinned to, by its code in fixtures/questionnaires/.
CURRENT_EDITION = env.str("CURRENT_EDITION", "2026")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}

env.seal()  # fail here, once, naming everything that is missing or malformed
