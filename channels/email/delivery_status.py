"""Reads what mail systems report about a letter: fields of RFC 3464 and 5965, and the letter they enclose."""

from __future__ import annotations

import re

from channels.email.headers import Headers, read_headers
from channels.email.identifiers import read_ids
from channels.email.letter import Letter
from core.text import clean_text

_GROUP_END = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_MOST_GROUPS = 50
_LONGEST_REPORT = 100_000
_ORIGINAL = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)
_QUOTED_ID = re.compile(r"^[ \t>]*message-id:[ \t]*(?:\n[ \t>]*)?(<[^<>\s]{1,500}>)", re.I | re.M)
_QUOTED_HEADERS = re.compile(
    r"^(?:return-path|received|message-id|mime-version|dkim-signature|x-[a-z-]{1,40}):[^\n]*\n(?=[ \t]|[a-z-]{1,60}:)"
    r"|^(?:from|to|subject|date):[^\n]*\n(?:(?:from|to|subject|date|cc):[^\n]*\n){2}",
    re.I | re.M,
)
_HEAD = 65_536
_TEXT_LOOKED_AT = 200_000


def fields_of(report: bytes) -> list[dict[str, str]]:
    """Return the groups of fields of a report, names in lower case; never empty."""
    groups = []
    for block in _GROUP_END.split(report[:_LONGEST_REPORT].strip(), _MOST_GROUPS):
        headers = read_headers(block.lstrip(b"\r\n")).headers
        group = {name.lower(): clean_text(headers.text(name)) for name, _ in headers.fields}
        if group:
            groups.append(group)
    return groups or [{}]


def original_headers(letter: Letter) -> Headers:
    """Return the headers of the letter that a report encloses, as a part or within its text; empty when it does not."""
    for part in letter.parts:
        if part.content_type in _ORIGINAL:
            return read_headers(part.content[:_HEAD].lstrip()).headers
    match = _QUOTED_HEADERS.search(letter.text[:_TEXT_LOOKED_AT])
    if match is None:
        return Headers()
    return read_headers(letter.text[match.start() : match.start() + _HEAD].lstrip().encode("utf-8", "replace")).headers


def original_id(letter: Letter) -> str:
    """Return the Message-ID of the letter that a report is about, or "" when it does not say."""
    for part in letter.parts:
        if part.content_type in _ORIGINAL:
            found = read_ids(read_headers(part.content[:_HEAD].lstrip()).headers.raw("Message-ID"))
            if found:
                return found[0]
    status = letter.part("message/delivery-status", "message/global-delivery-status", "message/feedback-report")
    for group in fields_of(status.content) if status else ():
        found = read_ids(group.get("original-message-id", "") or group.get("x-original-message-id", ""))
        if found:
            return found[0]
    if match := _QUOTED_ID.search(letter.text[:_TEXT_LOOKED_AT]):
        return match[1]
    return letter.references[-1] if letter.references else ""
