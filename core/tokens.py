"""Signed tokens for public addresses: a few numbers of ours and 128 bits of an HMAC, for one purpose."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from core.crypto import derived_key, derived_keys

_MAC_BYTES = 16
_NUMBER_BYTES = 8
_LONGEST = 200  # characters


def make_token(purpose: str, *numbers: int) -> str:
    """Letters, digits, "-" and "_"; the same each time. The numbers (0 to 2**63 - 1) can be read from it by anybody."""
    payload = b"".join(number.to_bytes(_NUMBER_BYTES, "big") for number in numbers)
    return base64.urlsafe_b64encode(payload + _mac(payload, derived_key(f"token:{purpose}"))).decode().rstrip("=")


def read_token(purpose: str, token: str, *, count: int) -> Sequence[int] | None:
    """The `count` numbers in a token that was made for this purpose; None for every other text."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    payload, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if len(payload) != count * _NUMBER_BYTES:
        return None
    # All keys are tried even after one fits: how long it takes tells nothing.
    fits = [hmac.compare_digest(_mac(payload, key), mac) for key in derived_keys(f"token:{purpose}")]
    if not any(fits):
        return None
    return [int.from_bytes(payload[i : i + _NUMBER_BYTES], "big") for i in range(0, len(payload), _NUMBER_BYTES)]


def _mac(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()[:_MAC_BYTES]
