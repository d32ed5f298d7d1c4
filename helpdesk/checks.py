"""System checks: refuse to start on a bad configuration, and say what to put where."""

from typing import Any

from cryptography.fernet import Fernet
from django.core.checks import CheckMessage, Error, Tags, register

from helpdesk.env import env

SHORTEST_SECRET = 50  # characters, as Django's own deployment check asks


@register(Tags.security)
def check_environment(**_: Any) -> list[CheckMessage]:
    """helpdesk.E001: a variable is missing or wrong. E002: keys. E003: store base URL. E004: words. E005: length."""
    found: list[CheckMessage] = [Error(problem, id="helpdesk.E001") for problem in env.problems]
    found += _check_encryption_keys() + _check_store_base_url() + _check_words()
    found += _check_secret_key()
    return found


def _check_encryption_keys() -> list[CheckMessage]:
    for position, key in enumerate(env.encryption_keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            hint = 'Make one: python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            return [Error(f"ENCRYPTION_KEYS: key {position} is not a Fernet key.", hint=hint, id="helpdesk.E002")]
    return []


def _check_secret_key() -> list[CheckMessage]:
    if not env.secret_key or len(env.secret_key) >= SHORTEST_SECRET:
        return []
    hint = 'Make one: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    return [Error(f"SECRET_KEY has fewer than {SHORTEST_SECRET} characters.", hint=hint, id="helpdesk.E005")]


def _check_store_base_url() -> list[CheckMessage]:
    if not env.shopify_base_url:
        return []
    if not env.shopify_allow_base_url:
        hint = "Unset it in production; for development set SHOPIFY_ALLOW_BASE_URL=1 beside it."
        return [Error("SHOPIFY_BASE_URL would send store tokens elsewhere.", hint=hint, id="helpdesk.E003")]
    if "{shop}" not in env.shopify_base_url:
        return [
            Error("SHOPIFY_BASE_URL needs {shop} in it.", hint="http://127.0.0.1:8001/shops/{shop}", id="helpdesk.E003")
        ]
    return []


def _check_words() -> list[CheckMessage]:
    allowed = {
        "EMAIL_TLS": (env.email_tls, ("none", "starttls", "tls")),
        "LOG_LEVEL": (env.log_level, ("DEBUG", "INFO", "WARNING", "ERROR")),
        "LOG_FORMAT": (env.log_format, ("json", "console")),
    }
    return [
        Error(f"{name} is {value!r}: put one of {', '.join(words)}.", id="helpdesk.E004")
        for name, (value, words) in allowed.items()
        if value not in words
    ]
