"""Finds the charset of a mail as a whole: for 8-bit headers, which cannot name theirs, and for texts that do not."""

from __future__ import annotations

import re
from dataclasses import replace

from channels.email.charsets import holds_ascii
from channels.email.guessing import guess
from channels.email.headers import Headers
from channels.email.parameters import read_value
from channels.email.parts import Part

_WORD_CHARSET = re.compile(r"=\?([^?*\s]{2,40})[?*]")
_SAMPLE = 2_000
_FIELDS_SAMPLED = 100


def with_charset(
    headers: Headers, parameters: dict[str, str], parts: tuple[Part, ...]
) -> tuple[Headers, tuple[Part, ...]]:
    """Return headers and parts of a mail that know its charset; `parameters` are those of its Content-Type."""
    charset = _charset(headers, parameters, parts)
    hint = _charset_of_words(headers)
    parts = tuple(_read_again(part, charset, hint) if hint or _is_high(part.headers) else part for part in parts)
    return replace(headers, charset=charset, lookup={}), parts


def _is_high(headers: Headers) -> bool:
    return not all(value.isascii() for _, value in headers.fields)


def _charset_of_words(headers: Headers) -> str:
    match = _WORD_CHARSET.search(headers.raw("Subject")) or _WORD_CHARSET.search(headers.raw("From"))
    return match[1] if match else ""


def _read_again(part: Part, charset: str, hint: str) -> Part:
    """Read 8-bit values of a part, such as the name of a file, in the charset of the mail."""
    if not _is_high(part.headers):
        return replace(part, hint=hint)
    headers = replace(part.headers, charset=charset, lookup={})
    return replace(part, headers=headers, parameters=read_value(headers.raw("Content-Type"))[1], hint=hint)


def _charset(headers: Headers, parameters: dict[str, str], parts: tuple[Part, ...]) -> str:
    """Return the charset to try for 8-bit headers: the one the mail itself is written in."""
    named = (part.parameters.get("charset", "") for part in parts if part.content_type.startswith("text/"))
    found = parameters.get("charset", "") or next(filter(None, named), "")
    if found:
        return found if holds_ascii(found) else ""
    # The more text, the better the guess: names and subject are few letters.
    sample = b"\n".join(value[:_SAMPLE] for _, value in headers.fields[:_FIELDS_SAMPLED])
    sample += b"\n".join(part.body[:_SAMPLE] for part in parts[:1] if part.content_type.startswith("text/"))
    return "" if sample.isascii() or _is_utf8(sample) else guess(sample)


def _is_utf8(sample: bytes) -> bool:
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        # A sample may be cut inside its last letter.
        return error.start >= len(sample) - 3
    return True
