"""Encryption of stored secrets, with keys that rotate: the newest encrypts, all decrypt."""

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Undecryptable(Exception):
    """The text was encrypted with a key that is no longer among ENCRYPTION_KEYS."""


def encrypt(text: str) -> str:
    """Encrypt with the newest key (Fernet: AES-128-CBC and HMAC-SHA256)."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Decrypt with whichever key fits. Raises Undecryptable."""
    try:
        return _keys().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Undecryptable("put the former key back at the end of ENCRYPTION_KEYS") from error


def has_newest_key(token: str) -> bool:
    """Whether the text was encrypted with the newest key."""
    try:
        Fernet(settings.ENCRYPTION_KEYS[0]).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def derived_key(purpose: str) -> bytes:
    """A 32-byte key for one purpose, derived from SECRET_KEY, so that no two uses share a key."""
    return hmac.new(settings.SECRET_KEY.encode(), f"helpdesk:{purpose}".encode(), hashlib.sha256).digest()


def derived_keys(purpose: str) -> tuple[bytes, ...]:
    """The same for SECRET_KEY and each of SECRET_KEY_FALLBACKS, newest first."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(hmac.new(one.encode(), f"helpdesk:{purpose}".encode(), hashlib.sha256).digest() for one in secrets)


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])
