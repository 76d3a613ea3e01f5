"""Settings: one file, everything from the environment. See docs/reference/settings.md."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from shanshi.foundation import crypto, postgres

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("SHANSHI_HOME") or BASE_DIR / ".data").absolute()

# demo: invented people on a loopback address; test: the tests; production: everything else.
MODE = os.environ.get("SHANSHI_MODE", "production")
if MODE not in {"demo", "test", "bench", "production"}:
    raise ImproperlyConfigured(f"SHANSHI_MODE: {MODE!r} is none of demo, test, bench, production")
SHANSHI_DEMO = MODE == "demo"
SHANSHI_FAKE_GATEWAYS = MODE in {"demo", "test", "bench"}
# Dotted paths of the real gateways; see shanshi/gateways/README.md.
SHANSHI_SMS_GATEWAY = os.environ.get("SHANSHI_SMS_GATEWAY", "")
SHANSHI_IDENTITY_GATEWAY = os.environ.get("SHANSHI_IDENTITY_GATEWAY", "")


def secret(name: str) -> str:
    """Return a secret from the environment, or from the file that NAME_FILE names; empty if there is none."""
    path = os.environ.get(f"{name}_FILE", "")
    try:
        return Path(path).read_text().strip() if path else os.environ.get(name, "")
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE: {path}: {error.strerror}") from None


SHANSHI_SMS_URL, SHANSHI_SMS_KEY = os.environ.get("SHANSHI_SMS_URL", ""), secret("SHANSHI_SMS_KEY")
SHANSHI_IDENTITY_URL = os.environ.get("SHANSHI_IDENTITY_URL", "")
SHANSHI_IDENTITY_KEY = secret("SHANSHI_IDENTITY_KEY")

# E-mail by a server (shanshi.gateways.mail.SmtpMail), always encrypted in production.
SHANSHI_MAIL_GATEWAY = os.environ.get("SHANSHI_MAIL_GATEWAY", "")
EMAIL_HOST = os.environ.get("SHANSHI_SMTP_HOST", "")
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    os.environ.get("SHANSHI_SMTP_USER", ""),
    secret("SHANSHI_SMTP_PASSWORD"),
)
_SMTP_SECURITY = os.environ.get("SHANSHI_SMTP_SECURITY", "starttls")
if _SMTP_SECURITY not in ({"starttls", "tls"} if MODE == "production" else {"starttls", "tls", "none"}):
    raise ImproperlyConfigured("SHANSHI_SMTP_SECURITY: starttls or tls")
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_SECURITY == "starttls", _SMTP_SECURITY == "tls"
EMAIL_PORT = int(os.environ.get("SHANSHI_SMTP_PORT", "465" if EMAIL_USE_SSL else "587"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("SHANSHI_MAIL_FROM", "")

# What the product may reach outside (shanshi/gateways/outgoing.py): public https addresses, and the hosts
# named here (host or host:port) also in a private network; certificates: the usual authorities, or ours.
SHANSHI_OUTGOING_INTERNAL = frozenset(os.environ.get("SHANSHI_OUTGOING_INTERNAL", "").lower().split())
SHANSHI_OUTGOING_CA = os.environ.get("SHANSHI_OUTGOING_CA", "")
# Without encryption only to such a host on this very machine, and never in production.
SHANSHI_OUTGOING_PLAIN = MODE != "production"

# A city's own identity service (OpenID Connect); see docs/reference/settings.md.
SHANSHI_OIDC: dict[str, Any] = {
    "issuer": os.environ.get("SHANSHI_OIDC_ISSUER", ""),
    "client_id": os.environ.get("SHANSHI_OIDC_CLIENT_ID", ""),
    "client_secret": secret("SHANSHI_OIDC_CLIENT_SECRET"),
    "name": os.environ.get("SHANSHI_OIDC_NAME", "City identity"),
    "name_zh": os.environ.get("SHANSHI_OIDC_NAME_ZH", "城市统一身份认证"),
    "second_factor": frozenset(os.environ.get("SHANSHI_OIDC_SECOND_FACTOR_ACR", "").split()),
    "trusts_phone": os.environ.get("SHANSHI_OIDC_TRUSTS_PHONE", "") == "yes",
}
SOCIALACCOUNT_ADAPTER = "shanshi.gateways.identity_service.Adapter"
SOCIALACCOUNT_STORE_TOKENS = False
DEBUG = False

_KEYS = os.environ.get("SHANSHI_KEYS", "")
SHANSHI_KEYRING = crypto.find_keys(_KEYS, default=HOME / "keys.json", may_create=MODE != "production")
# Looked at again while the product runs; None when the keys came as text.
SHANSHI_KEYS_FILE = None if _KEYS.lstrip().startswith("{") else Path(_KEYS or HOME / "keys.json")
SECRET_KEY = SHANSHI_KEYRING.django
SECRET_KEY_FALLBACKS = list(SHANSHI_KEYRING.django_before)
ALLOWED_HOSTS = os.environ.get("SHANSHI_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if MODE == "production" and host != "*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "shanshi.foundation",
    "shanshi.design",
    "shanshi.policies",
    "shanshi.places",
    "shanshi.notices",
    "shanshi.registry",
    "shanshi.ledger",
    "shanshi.activities",
    "shanshi.attendance",
    "shanshi.rewards",
    "shanshi.imports",
    "shanshi.keeping",
    "shanshi.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "shanshi.foundation.headers.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shanshi.foundation.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shanshi.foundation.sizes.SizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shanshi.registry.middleware.ActorMiddleware",
    "shanshi.foundation.limits.LimitMiddleware",
    "shanshi.foundation.idempotency.IdempotencyMiddleware",
    "shanshi.foundation.doors.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "shanshi.design.context.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "shanshi.design.templatetags.components",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# What one request may take of the database. Only the web server sets SHANSHI_SERVING (config/wsgi.py): jobs,
# commands and migrations may take their time.
SERVING = bool(os.environ.get("SHANSHI_SERVING"))
REQUEST_LIMITS_MS = {
    "statement_timeout": int(os.environ.get("SHANSHI_STATEMENT_LIMIT_MS", "15000")),
    "lock_timeout": int(os.environ.get("SHANSHI_LOCK_LIMIT_MS", "5000")),
    "idle_in_transaction_session_timeout": 30_000,
}


def database(url: str, *, limits: bool = False, **more: object) -> dict[str, object]:
    """Return Django's settings for a PostgreSQL URL (host in the query for a Unix socket).

    limits  whether statements and waits end after REQUEST_LIMITS_MS
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL: must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
    if limits:
        for name, ms in REQUEST_LIMITS_MS.items():
            options["options"] = f"{options.get('options', '')} -c {name}={ms}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 0,
        # Only statements of foundation.statements and of the ledger are prepared: their text stays the same.
        # A pooler in front of the database must know prepared statements (PgBouncer from 1.21 does).
        "OPTIONS": {"prepare_threshold": 1, **options, **more},
    }


OWNER_URL, APP_URL = postgres.database_urls(os.environ, HOME)
# Migrations run as the owner; everything else as the role that may not change what is written once.
AS_OWNER = bool(os.environ.get("SHANSHI_AS_OWNER")) or MODE == "test"
_POOL = {"min_size": 1, "max_size": int(os.environ.get("SHANSHI_POOL", "8")), "timeout": 20}
DATABASES = {"default": database(OWNER_URL) if AS_OWNER else database(APP_URL, pool=_POOL, limits=SERVING)}
if MODE == "test":
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("SHANSHI_TEST_DB", "test_shanshi")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.Person"
AUTHENTICATION_BACKENDS = ["shanshi.registry.adapters.Backend"]
LOGIN_URL = "/sign-in"
# The first one hashes new passwords: it needs memory as well as time, and the standard library has it.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "shanshi.foundation.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())

# django-allauth: password, passkeys, one-time codes, a city's own identity service (decision 11). It knows no
# e-mail and opens no accounts: a person begins with the code that proves a phone.
# Its tables without a foreign key to persons, whose key in the database is (holder_id, id).
MIGRATION_MODULES = {
    "account": "config.migrations.account",
    "mfa": "config.migrations.mfa",
    "socialaccount": "config.migrations.socialaccount",
}
ACCOUNT_ADAPTER = "shanshi.registry.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # SHANSHI_LIMITS below count in the database, for all processes together
ACCOUNT_LOGIN_TIMEOUT = 600
MFA_ADAPTER = "shanshi.registry.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Every ceremony, also the second step: the task that a browser got for one is taken at the other as well.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody has an e-mail address here
MFA_TOTP_ISSUER = "Shanshi"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_RATE_LIMITS = False
# For how long after a second factor was shown roles hold in a session; then it is asked for again.
SHANSHI_SECOND_FACTOR_HOURS = int(os.environ.get("SHANSHI_SECOND_FACTOR_HOURS", "12"))
# How many proxies of our own stand before the server; they write the caller into X-Forwarded-For, and into
# X-Forwarded-Proto whether he came by TLS.
SHANSHI_PROXIES = int(os.environ.get("SHANSHI_PROXIES", "0"))
# Behind the scripts of a page stands the token that the page itself carries; no script reads a cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "shanshi.foundation.doors.form_too_old"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if MODE == "production":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # With this beginning a browser takes the cookie from this very host alone, and over TLS alone.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-form"
    # Without a proxy of ours the visitor writes this header; then a connection that is TLS alone counts.
    if SHANSHI_PROXIES > 0:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
# Nothing but what is named, all of it our own: no inline script, no inline style, no other host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        # The way to a city's identity service is a link, so that no form leads to another site.
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": MODE == "production",
    }
}
# How large a request may be; files only where a door says so (shanshi/foundation/uploads.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# What stands at /.well-known/security.txt: where to report a weakness, and by which rules.
SECURITY_CONTACT = os.environ.get(
    "SHANSHI_SECURITY_CONTACT", "" if MODE == "production" else "mailto:security@shanshi.example"
)
SECURITY_POLICY_URL = os.environ.get("SHANSHI_SECURITY_POLICY", "")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_MAX_AGE = 3600

POLICY_FILES = BASE_DIR / "docs" / "policies"
CONSENT_FILES = BASE_DIR / "docs" / "consents"

# Rate limits: name -> (tries, seconds). A demo or a bench is one machine playing a whole city.
_RELAXED = 1_000 if MODE in {"demo", "bench"} else 1
# How often one member of staff may look at a field of somebody's identity in a day of the city.
SHANSHI_LOOKS_PER_DAY = int(os.environ.get("SHANSHI_LOOKS_PER_DAY", "200"))
# For so many days after a shift its leaders may look at the identities on its roster.
SHANSHI_LOOK_DAYS_AFTER_SHIFT = int(os.environ.get("SHANSHI_LOOK_DAYS_AFTER_SHIFT", "30"))
SHANSHI_LIMITS = {
    "code_per_phone": (5 * _RELAXED, 3600),
    "code_per_address": (30 * _RELAXED, 3600),
    "code_per_device": (10 * _RELAXED, 3600),
    "sign_in_per_address": (100 * _RELAXED, 3600),
    "sign_in_per_device": (30 * _RELAXED, 3600),
    "password_per_phone": (10 * _RELAXED, 3600),
    "factor_per_person": (10 * _RELAXED, 600),
    "ward_per_person": (5 * _RELAXED, 86_400),
    "registration_per_address": (30 * _RELAXED, 3600),
    "email_code_per_person": (5 * _RELAXED, 3600),
    "digits_per_person": (10 * _RELAXED, 300),
    "digits_per_cashier": (60 * _RELAXED, 300),
    "failed_scans": (60 * _RELAXED, 300),
    "lists_per_person": (60 * _RELAXED, 3600),
    "failed_codes": (60 * _RELAXED, 300),
}
# Brakes: name -> (tries, seconds) in the memory of each web process; against floods, not against guessing.
_BRAKED = 1_000 if MODE in {"demo", "bench", "test"} else 1
SHANSHI_BRAKES = {
    "writes_per_person": (240 * _BRAKED, 60),
    "writes_per_address": (300 * _BRAKED, 60),
    "searches_per_person": (60 * _BRAKED, 60),
    "searches_per_address": (300 * _BRAKED, 60),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "shanshi.foundation.logs.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SHANSHI_LOG", "WARNING")},
    # Never finer, whatever SHANSHI_LOG says: they write whole pages and statements, with all that is in them.
    "loggers": {name: {"level": "INFO"} for name in ("django.template", "django.db.backends")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
PROCRASTINATE_ON_APP_READY = None
