"""Every setting, read from the environment. `.env.example` lists each variable once."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
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
# How many proxies of ours stand before the portal: the address of a visitor is read that far from the end of
# X-Forwarded-For, and nothing that the visitor wrote there counts. The compose file has one.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Names that browsers accept from this host alone, over HTTPS, for the whole site.
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the page
CSRF_FAILURE_VIEW = "accounts.views.held_forms.token_refused"
# The administration's own address: another than everybody's keeps idle hands away from it, nothing more.
ADMIN_PATH = env.str("ADMIN_PATH", "administration/")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "securite@convergence.example")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- Applications, in the order of the map (docs/architecture.md) -----------------------------
INSTALLED_APPS = [
    "privacy",
    "results",
    "assessments",
    "enrolment",
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
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
    "accounts.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "evidence.middleware.StorageOutages",  # before whatever reads a form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Deny by default: a public view carries the mark `login_not_required`.
    "accounts.middleware.SignInRequired",
    "accounts.middleware.SecondFactorForStaff",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.session_limits",  # says why it ends a session, hence after the messages
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "convergence.middleware.browser_limits",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "convergence.middleware.readable_refusals",
]

ROOT_URLCONF = "convergence.urls"
WSGI_APPLICATION = "convergence.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["ui.loaders.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["accounts.templatetags.held_forms"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context_processors.portal",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {
            "environment": "convergence.jinja.environment",
            "context_processors": ["ui.context_processors.translated"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Data --------------------------------------------------------------------------------------
DATABASES = {"default": with_engine_options(env.dj_db_url("DATABASE_URL", conn_max_age=600))}
# Counters of rate limits and one-time codes that served. redis://host:6379/1 when several processes serve.
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Everything written at run time that is not the database: evidence, reports, mails, queues.
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var")))
# False: static files are served from where they are written, looked for at each request.
STATIC_FILES_COLLECTED = env.bool("STATIC_FILES_COLLECTED", not (DEBUG or DEMONSTRATION))
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_FILES_COLLECTED
# Where evidence is kept: a bucket that speaks S3 (docs/decisions/0008-where-evidence-is-kept.md), or, while none is
# named, a private folder of DATA_DIR.
EVIDENCE_S3 = {
    "bucket_name": env.str("EVIDENCE_S3_BUCKET", ""),
    "endpoint_url": env.str("EVIDENCE_S3_ENDPOINT", "") or None,  # AWS's own for the region
    "region_name": env.str("EVIDENCE_S3_REGION", ""),
    "access_key": env.str("EVIDENCE_S3_ACCESS_KEY", ""),
    "secret_key": env.str("EVIDENCE_S3_SECRET_KEY", ""),
    # path: https://host/bucket/…; virtual: https://bucket.host/…; auto: as the endpoint usually wants it.
    "addressing_style": env.str("EVIDENCE_S3_ADDRESSING", "auto", validate=OneOf(["auto", "path", "virtual"])),
    # Of each object at rest; blank: as the bucket is set.
    "encryption": env.str("EVIDENCE_S3_ENCRYPTION", "", validate=OneOf(["", "AES256", "aws:kms"])),
    # One exchange, tried three times: half a minute, less than what gunicorn and a person wait.
    "timeout": 8,
}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "evidence": {"BACKEND": "evidence.storage.PrivateBucket", "OPTIONS": EVIDENCE_S3}
    if EVIDENCE_S3["bucket_name"]
    else {"BACKEND": "evidence.storage.PrivateFolder", "OPTIONS": {"location": DATA_DIR / "evidence"}},
    "reports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "reports", "base_url": None},
    },
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA_DIR / "exports",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_FILES_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Evidence ----------------------------------------------------------------------------------
EVIDENCE_MAX_BYTES = 50_000_000
# A file given with JavaScript comes in pieces of this many bytes: what a network cut costs at most.
EVIDENCE_PIECE_BYTES = 5_000_000
# On the way at once, per person: our choice, a batch of the largest files. What its author left for an hour makes room
# for the next one; what nobody moved for a day is swept.
EVIDENCE_OPEN_UPLOADS = 10
EVIDENCE_OPEN_UPLOAD_BYTES = EVIDENCE_OPEN_UPLOADS * EVIDENCE_MAX_BYTES
EVIDENCE_UPLOAD_IDLE_SECONDS = 3_600
EVIDENCE_UPLOAD_KEPT_SECONDS = 86_400
# How long an archive of a submission's evidence waits to be taken: our choice, a week as for the copy of one's data.
EVIDENCE_PACK_DAYS = env.int("EVIDENCE_PACK_DAYS", 7)
# none: files wait, unreadable by reviewers. demonstration: knows EICAR only, refused outside DEMONSTRATION.
EVIDENCE_SCANNER = env.str("EVIDENCE_SCANNER", "none", validate=OneOf(["none", "demonstration", "clamd"]))
CLAMD_SOCKET = env.str("CLAMD_SOCKET", "")  # unix path, or host:port
CLAMD_TIMEOUT_SECONDS = 30
# A document that ends within so many days is pointed out to the publisher. Ours, from no text: three months are what an
# examination with a round of corrections, or the renewal of a certificate, may take.
EVIDENCE_EXPIRY_NOTICE_DAYS = env.int("EVIDENCE_EXPIRY_NOTICE_DAYS", 90)
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A workbook or a JSON file of answers that comes back; a thousand characters for each question are 250 kB.
IMPORT_MAX_BYTES = 10_000_000
# What was read in one waits so many days for its author: our choice, a week as for the copy of one's data.
IMPORT_KEPT_DAYS = 7
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
    "extend-audit-chain": {"task": "audit.extend_chain", "schedule": 60},
    "expire-evidence-packs": {"task": "assessments.expire_packs", "schedule": 86_400},
    "expire-imports": {"task": "assessments.expire_imports", "schedule": 86_400},
    "send-digests": {"task": "notifications.send_digests", "schedule": 86_400},
    "remind-of-dates": {"task": "assessments.remind", "schedule": 86_400},
    "announce-editions": {"task": "assessments.announce_editions", "schedule": 86_400},
    "apply-retention": {"task": "privacy.apply_retention", "schedule": 86_400},
}
# An event has its place in the chain within a minute (extend-audit-chain, just above). One that still waits after this
# says that the worker is stopped, or that the chain was taken away from under it: `verify_audit` reports it.
AUDIT_SEALED_WITHIN_SECONDS = 300

# --- Who signs in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    # After NIST SP 800-63B: length, no rule of composition, no renewal; what everybody tries first is refused.
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.CommonWordValidator"},
    {"NAME": "accounts.passwords.ContextValidator"},
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
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password, address or second factor is told by e-mail
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
# A consequential act asks again for the password or second factor when the last proof is older than this.
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("REAUTHENTICATION_SECONDS", 300)
# False, not {}: allauth reads an empty value as its own defaults.
RATE_LIMITS_OFF = env.bool("RATE_LIMITS_OFF", False)
# Per network address (ip), per e-mail address or account (key, user); `…_here`: per both together (accounts.limits).
# They slow, and lock nobody out: whoever fails elsewhere uses up their own attempts. `…_anywhere`, by account alone,
# stops guesses that come from many addresses at once; it leaves in whoever comes from a network where they signed in
# before, and the mailbox, the passkey and the identity provider open to all. Over it, a mailbox holds links enough.
# Counted in the cache: production shares one between its processes (CACHE_URL).
ACCOUNT_RATE_LIMITS = (
    False
    if RATE_LIMITS_OFF
    else {
        "login": "30/m/ip",
        "login_failed": "10/m/ip",
        "login_failed_here": "5/300s/key",
        "login_failed_anywhere": "100/h/key",  # the most that NIST SP 800-63B allows, there without end
        "signup": "20/m/ip",
        "reset_password": "20/m/ip",
        "reset_password_here": "5/m/key",
        "reset_password_anywhere": "20/h/key",
        "reset_password_from_key": "20/m/ip",
        "confirm_email": "1/180s/key",
        "manage_email": "10/m/user",
        "change_password": "5/m/user",
        "reauthenticate": "10/m/user",
        "invite": "30/h/user",  # ours: accounts.views.teams
        "account_request": "10/h/user",  # ours: enrolment.views
        "upload": "300/h/user",  # ours: evidence.views
        "upload_piece": "3000/h/user",  # the same, for each of its pieces
    }
)
MFA_RATE_LIMITS = False if RATE_LIMITS_OFF else {"webauthn_login": "10/m/ip"}

# --- Second factors ----------------------------------------------------------------------------
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs in before their main address is confirmed; forbidding a second, waiting address would only keep people
# with a second factor from ever changing theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Convergence"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones drift: one step of 30 seconds either way
# Browsers offer passkeys on https and on localhost only; the server side of that rule is waived without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateCodesForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.RenamePasskeyForm",
}

# --- Identity provider (docs/sign-in.md): OpenID Connect, off while no issuer is set ---------------
OIDC_ISSUER = env.str("OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = env.str("OIDC_NAME", "ProConnect")
# Where browsers are sent: the content policy lets forms lead there and nowhere else.
OIDC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER)) if OIDC_ISSUER else ""
SOCIALACCOUNT_ADAPTER = "accounts.social_adapter.SocialAccountAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.IdentitySignUpForm"}
SOCIALACCOUNT_EMAIL_VERIFICATION = "mandatory"  # an address that the provider did not verify is verified by us
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address never opens an account that exists: its owner connects it
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": env.list("OIDC_SCOPES", ["openid", "profile", "email"]),
        "APPS": [
            {
                "provider_id": "principal",
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID", ""),
                "secret": env.str("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

# --- What a page may load and do ----------------------------------------------------------------
# Nothing but our own files; no script and no style written inside a page. `data:` images: the DSFR's icons, QR codes.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, OIDC_ORIGIN] if OIDC_ORIGIN else [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": HTTPS,
    }
}

# --- Sessions ----------------------------------------------------------------------------------
# Hours without a request, and hours in all, after which one signs in again. NIST SP 800-63B advises 24 hours at AAL2
# and 12 hours or 30 minutes of idleness at AAL3: staff, who see everybody's files, get a working day; teams, who fill
# a questionnaire over weeks and lose time at each return, get longer, and prove themselves again before what binds.
SESSION_LIMITS_HOURS = {
    "staff": {"idle": env.int("STAFF_SESSION_IDLE_HOURS", 2), "total": env.int("STAFF_SESSION_HOURS", 12)},
    "team": {"idle": env.int("SESSION_IDLE_HOURS", 72), "total": env.int("SESSION_HOURS", 336)},
}
# In the session and not in a cookie of their own: the portal has two cookies (docs/register-of-processing.md).
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = SESSION_LIMITS_HOURS["team"]["total"] * 3600
ACCOUNT_SESSION_REMEMBER = None  # « Rester connecté »: otherwise the session ends with the browser

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
# No text fixes these two: our choice, long enough for a holiday, short enough for a forgotten link or an old contract.
INVITATION_DAYS = env.int("INVITATION_DAYS", 14)
# A request whose author does not answer goes out after this.
ACCOUNT_REQUEST_DAYS = env.int("ACCOUNT_REQUEST_DAYS", 90)
CONSULTANT_MAX_DAYS = env.int("CONSULTANT_MAX_DAYS", 365)
# No text fixes the length of an examination either: these are the operator's choice. Both are shown, and reminded of;
# nothing closes when they pass.
REVIEW_TARGET_DAYS = env.int("REVIEW_TARGET_DAYS", 30)
CORRECTION_TARGET_DAYS = env.int("CORRECTION_TARGET_DAYS", 30)
# How long before such a date, and after it, who is expected to act is reminded: once each.
REMINDER_DAYS_BEFORE = env.int("REMINDER_DAYS_BEFORE", 7)
REMINDER_DAYS_AFTER = env.int("REMINDER_DAYS_AFTER", 3)
# How long it takes to answer a question of each type, and to find its proof, in minutes. Source: an estimate of the
# team's, to be replaced by durations that were measured. The first is read only where the edition gives its question
# no time of its own; the second also bounds what is left of a question that lacks nothing but its proof.
ANSWER_MINUTES = {
    "yes_no": 5,
    "single_choice": 5,
    "multiple_choice": 5,
    "number": 10,
    "date": 5,
    "text": 20,
    "file": 15,
}
PROOF_MINUTES = env.int("PROOF_MINUTES", 10)

# --- Personal data: for how long, in days (docs/register-of-processing.md) ------------------------
# No text fixes these for such a portal: they are our choice, to be confirmed by the operator's data protection officer.
RETENTION_DAYS = {
    "unconfirmed_accounts": env.int("KEEP_UNCONFIRMED_ACCOUNTS_DAYS", 30),
    "inactive_accounts": env.int("KEEP_INACTIVE_ACCOUNTS_DAYS", 1_095),
    "anonymous_diagnostics": env.int("KEEP_ANONYMOUS_DIAGNOSTICS_DAYS", 365),
    "invitations": env.int("KEEP_INVITATIONS_DAYS", 180),
    "account_requests": env.int("KEEP_ACCOUNT_REQUESTS_DAYS", 365),
    "notifications": env.int("KEEP_NOTIFICATIONS_DAYS", 730),
    "jobs": env.int("KEEP_JOBS_DAYS", 90),
    "exports": env.int("KEEP_EXPORTS_DAYS", 7),
}
# How long before its erasure the owner of an inactive account is warned.
INACTIVITY_NOTICE_DAYS = env.int("INACTIVITY_NOTICE_DAYS", 30)
PRIVACY_CONTACT = env.str("PRIVACY_CONTACT", "donnees-personnelles@convergence.example")

# json: a line is an object, for machines. plain: for eyes.
LOG_FORMAT = env.str("LOG_FORMAT", "json", validate=OneOf(["json", "plain"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_secrets": {"()": "convergence.logs.HideSecrets"}},
    "formatters": {
        "json": {"()": "convergence.logs.JsonLines"},
        "plain": {"format": "%(levelname)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["hide_secrets"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}

env.seal()  # fail here, once, naming everything that is missing or malformed
