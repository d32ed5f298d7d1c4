"""Django settings: values come from env.py, lists live here."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from core.log import configure_logging
from core.redis_client import one_retry
from helpdesk.env import env
from helpdesk.file_storage import file_storage

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.debug
# An empty key would stop Django with a traceback; the system checks say in words what is missing.
SECRET_KEY = env.secret_key or "missing"
SECRET_KEY_FALLBACKS: list[str] = []
ENCRYPTION_KEYS = env.encryption_keys
ALLOWED_HOSTS = list(env.allowed_hosts)
BASE_URL = env.base_url
DATA_DIR = env.data_dir.resolve()
ROOT_URLCONF = "helpdesk.urls"
ASGI_APPLICATION = "helpdesk.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # letters are shown in frames of our own origin, so SAMEORIGIN and not DENY
    "security.W021",  # HSTS preload is the operator's decision, made at the proxy
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "lucide",
    "simple_history",
    "core",
    "accounts",
    "files",
    "jobs",
    "events",
    "customers",
    "integrations",
    "tickets",
    "channels",
    "reports",
    "helpdesk",
]

MIDDLEWARE = [
    "core.log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.static.BundleMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.TenantMiddleware",
    "django.middleware.common.CommonMiddleware",
    "customers.middleware.MergedMiddleware",
    "core.busy.BusyMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.workspace",
            ],
            "builtins": [
                "core.templatetags.clock",
                "core.templatetags.counting",
                "core.templatetags.dom",
                "core.templatetags.icon",
                "core.templatetags.prose",
                "core.templatetags.scripts",
                "core.templatetags.url",
            ],
        },
    }
]

# Database. The app role serves; the owner role (core.database.roles) only migrates.


def _database(url: str) -> dict[str, str]:
    parts = conninfo_to_dict(url) if url else {}
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {name: str(parts.get(key, "")) for name, key in names.items()}


DATABASES = {
    "default": {
        "ENGINE": "core.database",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 0,  # the pool keeps connections; Django must hand them back after each request
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10},
            "options": "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s",
        },
        **_database(env.database_url),
        "TEST": {"NAME": f"test_helpdesk_{env.test_database}"},
    }
}
DATABASE_OWNER = _database(env.database_owner_url or env.database_url)
# What happened cannot be made undone: the app role adds to these tables and reads them. Of a row it may change the
# columns named here, because erasing a person takes out what says who they were, and it deletes none.
DATABASE_APPEND_ONLY = {"events_event": ("data", "actor_name")}

# Redis: broker, live channel, cache. Nothing that must not be lost lives there.
REDIS_URL = env.redis_url
REDIS_TIMEOUT = 0.25  # seconds; a person's request never waits longer for Redis
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": env.redis_url or "redis://missing",
        "KEY_PREFIX": "cache",
        "OPTIONS": {
            "socket_timeout": REDIS_TIMEOUT,
            "socket_connect_timeout": REDIS_TIMEOUT,
            "retry": one_retry(),
        },
    }
}

CELERY_BROKER_URL = env.redis_url.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": REDIS_TIMEOUT,
    "max_retries": 0,
    "visibility_timeout": 3600,
}
CELERY_TASK_PUBLISH_RETRY = False  # the sweep publishes again; a request does not wait
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep due reactions": {"task": "events.tasks.sweep_due", "schedule": 2.0, "options": {"expires": 2}},
    "worker heartbeat": {"task": "events.tasks.beat_heart", "schedule": 10.0, "options": {"expires": 10}},
    "mail waiting invitations": {
        "task": "accounts.tasks.mail_waiting_invitations",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "fetch mailboxes": {"task": "channels.tasks.fetch_mailboxes", "schedule": 60.0, "options": {"expires": 60}},
    "forget done reactions": {"task": "events.tasks.forget_done", "schedule": timedelta(hours=1)},
    "forget old webhooks": {"task": "integrations.tasks.forget_old_webhooks", "schedule": timedelta(hours=6)},
    "forget old calls": {"task": "channels.tasks.forget_old_calls", "schedule": timedelta(hours=6)},
    "sweep expired exports": {"task": "customers.tasks.sweep_exports", "schedule": timedelta(hours=1)},
    "compare changed customers": {"task": "customers.tasks.compare_changed", "schedule": timedelta(hours=24)},
    "sweep orphan files": {"task": "files.tasks.sweep_orphans", "schedule": timedelta(hours=24)},
}
# Who reacts to which event; read by events.services.recording, which may not import upward.
EVENT_SUBSCRIBERS = "helpdesk.subscribers.SUBSCRIBERS"
REACTION_KEPT = timedelta(days=1)
WEBHOOK_KEPT = timedelta(days=30)

# People.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation; the owner's address is given on the command line
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail of ours because a stranger typed their address
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,3/h/key"}  # the library's own limits hold for the rest
ALLAUTH_TRUSTED_PROXY_COUNT = env.trusted_proxies
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# Safety.
HTTPS = urlsplit(env.base_url).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [env.base_url]
CSRF_FAILURE_VIEW = "accounts.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.trusted_proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "style-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
TRUSTED_PROXIES = env.trusted_proxies
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Edit mode of somebody with forty e-mails, phones and handles sends some 1,500, each with what it said before.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000

# Languages, times, files.
LANGUAGE_CODE = "en-us"
USE_I18N = False  # there is one language, and looking for others takes a tenth of the time of a page
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # all we serve is vendored there
STATIC_BUNDLED = not DEBUG  # all styles as one file, all scripts as one (core.static)
WHITENOISE_USE_FINDERS = True  # the sources, from where they lie: nothing is collected
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "files"
# Letters of customers: nobody else on the machine reads them.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
STORAGES = {
    "default": file_storage(env),
    "staticfiles": {"BACKEND": "core.static.StaticFiles"},
}
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = False

# E-mail out.
EMAIL_HOST, EMAIL_PORT = env.email_host, env.email_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.email_user, env.email_password
EMAIL_USE_TLS, EMAIL_USE_SSL = env.email_tls == "starttls", env.email_tls == "tls"
EMAIL_TIMEOUT = 10
MAIL_ALLOW_PRIVATE = env.mail_allow_private
PICTURE_HOSTS = env.picture_hosts
# Without a secret no provider's webhook is let in (channels.views.providing).
ANYMAIL = {"WEBHOOK_SECRET": env.mail_webhook_secret}
DEFAULT_FROM_EMAIL = "helpdesk@localhost"

# Stores.
SHOPIFY_BASE_URL = env.shopify_base_url if env.shopify_allow_base_url else ""
SHOPIFY_API_VERSION = "2026-10"

LOGGING_CONFIG = None
configure_logging(level=env.log_level, style=env.log_format)
