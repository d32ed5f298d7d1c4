"""Signed proofs that a mail answers a message of ours: in the Message-ID we gave it, or in the address we asked for.

A proof is base32 in lower case, because mail systems change the case of what they carry. It holds our own ids and 128
bits of an HMAC-SHA256 over them; what it is good for (an id or an address) goes into the HMAC.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = "hd1"
_MAC_BYTES = 16
_LONGEST_PAYLOAD = 40
_LONGEST_LOCAL_PART = 64
_ID = re.compile(rf"<?{_MARK}\.([a-z2-7]{{4,100}})@[^\s<>@]{{1,255}}>?", re.I)
_ADDRESS = re.compile(r"[^\s<>@]{1,64}\+r([a-z2-7]{4,60})@[^\s<>@]{1,255}", re.I)


@dataclass(frozen=True, slots=True)
class SignedIds:
    """What a proof names: ids of our database. `message_id` is 0 in an address, which stands for a whole ticket."""

    tenant_id: int
    ticket_id: int
    message_id: int


def make_message_id(*, tenant_id: int, ticket_id: int, message_id: int, domain: str, key: bytes) -> str:
    """Return the signed Message-ID of an outgoing mail, in angle brackets; the same each time it is made."""
    return f"<{_MARK}.{_sign(b'id', (tenant_id, ticket_id, message_id), key)}@{domain.lower()}>"


def read_message_id(value: str, keys: Sequence[bytes]) -> SignedIds | None:
    """Return what a Message-ID proves, or None when it is not ours or not signed by one of `keys`."""
    match = _ID.fullmatch(value.strip()) if len(value) < 500 else None
    numbers = _verify(b"id", match[1], keys) if match else None
    return SignedIds(*numbers) if numbers and len(numbers) == 3 else None


def make_reply_token(*, tenant_id: int, ticket_id: int, key: bytes) -> str:
    """Return the signed token of a ticket for `reply_address`."""
    return _sign(b"address", (tenant_id, ticket_id), key)


def reply_address(inbox_address: str, token: str) -> str:
    """Return the plus-address (RFC 5233) with `token`, or the plain one when that would be too long (RFC 5321)."""
    local, _, domain = inbox_address.rpartition("@")
    extended = f"{local}+r{token}"
    return f"{extended}@{domain}" if len(extended) <= _LONGEST_LOCAL_PART else inbox_address


def read_reply_address(address: str, keys: Sequence[bytes]) -> SignedIds | None:
    """Return what a plus-address proves, or None."""
    match = _ADDRESS.fullmatch(address.strip()) if len(address) < 400 else None
    numbers = _verify(b"address", match[1], keys) if match else None
    return SignedIds(*numbers, 0) if numbers and len(numbers) == 2 else None


def _sign(purpose: bytes, numbers: tuple[int, ...], key: bytes) -> str:
    payload = b"".join(_packed(number) for number in numbers)
    return base64.b32encode(payload + _mac(purpose, payload, key)).decode("ascii").rstrip("=").lower()


def _verify(purpose: bytes, token: str, keys: Sequence[bytes]) -> tuple[int, ...] | None:
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        raw = base64.b32decode(padded)
    except ValueError:
        return None
    payload, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    if len(raw) <= _MAC_BYTES or len(payload) > _LONGEST_PAYLOAD:
        return None
    # All keys are tried even after one fits: how long it takes tells nothing.
    fits = [hmac.compare_digest(_mac(purpose, payload, key), mac) for key in keys]
    return _unpacked(payload) if any(fits) else None


def _mac(purpose: bytes, payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"helpdesk mail proof\0" + purpose + b"\0" + payload, hashlib.sha256).digest()[:_MAC_BYTES]


def _packed(number: int) -> bytes:
    """Seven bits a byte, lowest first, the high bit set on all but the last: small ids make short addresses."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _unpacked(payload: bytes) -> tuple[int, ...] | None:
    numbers = []
    number = shift = 0
    for byte in payload:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
    return tuple(numbers) if shift == 0 else None
