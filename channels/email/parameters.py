"""Reads values with parameters, such as Content-Type and Content-Disposition (RFC 2045, 2183, 2231, and worse)."""

import re
from urllib.parse import unquote_to_bytes

from channels.email.charsets import decode
from channels.email.encoded_words import decode_words

_MOST_PARAMETERS = 300
_NAME = re.compile(r"([^\s=*;]+)(?:\*(\d{1,3}))?(\*)?\s*=\s*(.*)", re.S)
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def read_value(header: str) -> tuple[str, dict[str, str]]:
    """Return the value in lower case, and its parameters by lower-case name, decoded.

    Extended parameters (`name*`) win over plain ones; continued ones (`name*0`, `name*1`) are joined in number order.
    """
    value, *segments = _segments(header)
    value = value.strip().lower()
    # "text/plain charset=utf-8" lacks its semicolon.
    first, *rest = value.split(None, 1) or [""]
    if rest and "=" in rest[0]:
        value, segments = first, [header.strip()[len(first) :], *segments]
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[bool, str]]] = {}
    last = ""
    for segment in segments[:_MOST_PARAMETERS]:
        match = _NAME.match(segment.strip())
        if not match:
            # An unquoted semicolon inside a file name.
            if last in plain and segment.strip():
                plain[last] += ";" + segment
            continue
        name, number, star = match[1].lower(), match[2], bool(match[3])
        text = _unquoted(match[4].strip())
        if number is None and not star:
            plain.setdefault(name, text)
            last = name
        else:
            extended.setdefault(name, {}).setdefault(int(number or 0), (star, text))
    found = {name: _readable(text) for name, text in plain.items()}
    found.update((name, _joined(pieces)) for name, pieces in extended.items())
    return value, found


def _segments(header: str) -> list[str]:
    """Split at semicolons outside quotes."""
    segments: list[str] = []
    start = position = 0
    is_quoted = False
    while position < len(header):
        character = header[position]
        if character == "\\" and is_quoted and header[position + 1 : position + 2] in ('"', "\\"):
            position += 1
        elif character == '"':
            is_quoted = not is_quoted
        elif character == ";" and not is_quoted:
            segments.append(header[start:position])
            start = position + 1
        position += 1
    segments.append(header[start:])
    if is_quoted and len(segments) == 1 and ";" in header:
        # A quote that is never closed hides everything: split as if there were none.
        return header.replace('"', "").split(";")
    return segments


def _unquoted(text: str) -> str:
    if text[:1] == '"':
        end = text.rfind('"')
        inner = text[1:end] if end > 0 else text[1:]
        # Windows paths are written with single backslashes: only an escaped quote or backslash is an escape.
        return re.sub(r'\\(["\\])', r"\1", inner)
    return text.strip("'") if text[:1] == "'" == text[-1:] else text


def _readable(text: str) -> str:
    text = decode_words(text)
    if "%" in text and _PERCENT.search(text) and text.isascii():
        raw = unquote_to_bytes(text)
        # Some programs percent-encode without saying so; only letters beyond ASCII prove it.
        if any(byte > 0x7F for byte in raw):
            return decode(raw)
    return text


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """Join continued pieces; the charset stands in front of the first one that is percent-encoded."""
    charset = ""
    raw = b""
    is_extended = any(star for star, _ in pieces.values())
    for position, number in enumerate(sorted(pieces)):
        star, text = pieces[number]
        if position == 0 and star and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        raw += unquote_to_bytes(text) if star else text.encode("utf-8", "surrogatepass")
    text = decode(raw, charset)
    return text if is_extended and "=?" not in text else decode_words(text)
