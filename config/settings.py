"""Settings: one file, everything from the environment. See docs/reference/settings.md."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
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

# What the product may reach outside (shanshi/gateways/outgoing.py): public https addresses, and the hosts
# named here (host or host:port) also in a private network; certificates: the usual authorities, or ours.
SHANSHI_OUTGOING_INTERNAL = frozenset(os.environ.get("SHANSHI_OUTGOING_INTERNAL", "").lower().split())
SHANSHI_OUTGOING_CA = os.environ.get("SHANSHI_OUTGOING_CA", "")
# Without encryption only to such a host on this very machine, and never in production.
SHANSHI_OUTGOING_PLAIN = MODE != "production"
DEBUG = False

SHANSHI_KEYRING = crypto.find_keys(
    os.environ.get("SHANSHI_KEYS", ""), default=HOME / "keys.json", may_create=MODE != "production"
)
SECRET_KEY = SHANSHI_KEYRING.django
ALLOWED_HOSTS = os.environ.get("SHANSHI_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if MODE == "production" and host != "*"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "shanshi.foundation",
    "shanshi.design",
    "shanshi.policies",
    "shanshi.places",
    "shanshi.registry",
    "shanshi.ledger",
    "shanshi.activities",
    "shanshi.attendance",
    "shanshi.rewards",
    "shanshi.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shanshi.foundation.headers.ContentSecurityMiddleware",
    "shanshi.foundation.problems.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shanshi.registry.middleware.ActorMiddleware",
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
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"


def database(url: str, **more: object) -> dict[str, object]:
    """Return Django's settings for a PostgreSQL URL (host in the query for a Unix socket)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL: must begin with postgresql://")
    options = dict(parse_qsl(parts.query))
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
DATABASES = {"default": database(OWNER_URL) if AS_OWNER else database(APP_URL, pool=_POOL)}
if MODE == "test":
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("SHANSHI_TEST_DB", "test_shanshi")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "registry.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "/sign-in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
CSRF_COOKIE_HTTPONLY = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if MODE == "production":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

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

# How many proxies of our own stand before the server; they write the caller into X-Forwarded-For.
SHANSHI_PROXIES = int(os.environ.get("SHANSHI_PROXIES", "0"))

# Rate limits: name -> (tries, seconds). A demo or a bench is one machine playing a whole city.
_RELAXED = 1_000 if MODE in {"demo", "bench"} else 1
SHANSHI_LIMITS = {
    "code_per_phone": (5 * _RELAXED, 3600),
    "code_per_address": (30 * _RELAXED, 3600),
    "sign_in_per_phone": (10 * _RELAXED, 3600),
    "sign_in_per_address": (100 * _RELAXED, 3600),
    "registration_per_address": (30 * _RELAXED, 3600),
    "digits_per_person": (10 * _RELAXED, 300),
    "digits_per_cashier": (60 * _RELAXED, 300),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("SHANSHI_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
PROCRASTINATE_ON_APP_READY = None
