"""Read what stands in a mail or in a provider's call, whatever it is wrapped in: JSON, base64, quoted-printable."""

from __future__ import annotations

import binascii
import json
import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import Any

DEEPEST = 3  # a mail in base64 in JSON in base64
_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{16,}\r?\n?)+[A-Za-z0-9+/]*={0,2}")


def unwrapped(raw: bytes, depth: int = DEEPEST) -> Iterator[str]:
    """The text as it is, then the same out of each wrapping; what is none is left alone."""
    yield raw.decode(errors="replace")
    if not depth:
        return
    if raw[:1] in (b"{", b"["):
        for text in _strings(raw):
            yield from unwrapped(text.encode(errors="replace"), depth - 1)
        return
    if b"=" in raw:
        yield quopri.decodestring(raw).decode(errors="replace")
    for block in _BASE64.finditer(raw):
        if plain := _plain(block[0]):
            yield from unwrapped(plain, depth - 1)


def _strings(raw: bytes) -> Iterator[str]:
    try:
        yield from _walk(json.loads(raw))
    except (ValueError, RecursionError):
        return


def _walk(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _walk(one)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one)


def _plain(block: bytes) -> bytes:
    """b"" for what only looks like it."""
    packed = block.replace(b"\r", b"").replace(b"\n", b"")
    try:
        return b64decode(packed[: len(packed) // 4 * 4])
    except binascii.Error:
        return b""
