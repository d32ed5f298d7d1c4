"""Reads what the host that received a mail found of its sender's claim (RFC 8601, RFC 7208).

Such a header is only ever believed when it speaks against the mail: whoever forges one harms their own mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from channels.email.addresses import read_addresses
from channels.email.headers import Headers
from channels.types import Address

DMARC = "its sender's domain disowns it (DMARC)"
SPF = "the server it came from does not belong to its sender's domain (SPF)"

_LONGEST = 8_000
_COMMENT = re.compile(r"\([^()]{0,2000}\)")
_RESULT = re.compile(r"(?:^|[;\s])(dmarc|spf|dkim)\s*=\s*([a-z]{1,20})", re.I)


def find_disowned(headers: Headers) -> str:
    """Return what speaks against the sender, to stand behind a colon; "" for nothing.

    Only the host nearest to us is heard, the topmost in the mail: on the way there, forwarding breaks SPF.
    """
    results: dict[str, set[str]] = {}
    for value in _nearest(headers):
        for method, result in _RESULT.findall(value):
            results.setdefault(method.lower(), set()).add(result.lower())
    if not results:
        # Written by hosts that know nothing else. A mail that was merely not vouched for says "softfail".
        return SPF if headers.raw("Received-SPF").lower().startswith("fail") else ""
    dmarc, dkim = results.get("dmarc", set()), results.get("dkim", set())
    if "fail" in dmarc:
        return DMARC
    return SPF if "pass" not in dmarc | dkim and "fail" in results.get("spf", set()) else ""


def find_sent_by(headers: Headers, sender: Address | None) -> Address | None:
    """Return who really sent a mail that says it is somebody else's (RFC 5322, 3.6.2); None when it says nothing."""
    found = next(iter(read_addresses(headers.raw("Sender"))), None)
    return found if found and sender and found.email != sender.email else None


def _nearest(headers: Headers) -> Iterator[str]:
    """The results of the topmost host: its fields stand together, above the next station."""
    first = None
    for name, value in headers.fields:
        if name.lower() == "received" and first is not None:
            return
        if name.lower() == "authentication-results":
            text = _plain(value)
            host = _host(text)
            first = host if first is None else first
            if host == first:
                yield text


def _plain(value: bytes) -> str:
    text = " ".join(value[:_LONGEST].decode("ascii", "replace").split())
    for _ in range(3):  # comments stand in comments, but not deep
        text = _COMMENT.sub(" ", text)
    return text


def _host(text: str) -> str:
    """Who says so; "" for the programs that leave it out."""
    word = text.partition(";")[0].split()[:1]
    return word[0].lower() if word and "=" not in word[0] else ""
