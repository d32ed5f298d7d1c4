"""Opens letters wrapped in their signature (S/MIME, RFC 8551): they are read, not checked."""

from __future__ import annotations

from dataclasses import replace

from channels.email.mime import take_apart
from channels.email.parts import Part

_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_SEQUENCE, _OCTETS, _OCTETS_IN_PIECES, _IDENTIFIER, _EXPLICIT = 0x30, 0x04, 0x24, 0x06, 0xA0
_MOST_OPENED = 5
_MOST_PIECES = 200_000
_DEEPEST = 10


def open_signed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return `parts` with those of signed letters in front of the signature that wraps them, which stays a file."""
    if not any(map(_is_wrapping, parts)):
        return parts
    found: list[Part] = []
    opened = 0
    for part in parts:
        if _is_wrapping(part) and opened < _MOST_OPENED and (content := signed_content(part.content)):
            opened += 1
            found += [_inside_of(part, one, opened) for one in take_apart(content).parts]
        found.append(part)
    return tuple(found)


def _is_wrapping(part: Part) -> bool:
    return part.content_type in _TYPES or part.file_name.lower() == "smime.p7m"


def _inside_of(part: Part, one: Part, opened: int) -> Part:
    """Numbers below zero: containers of their own, whatever is around."""
    return replace(one, path=(*part.path, *((kind, -number - 1_000_000 * opened) for kind, number in one.path)))


def signed_content(cms: bytes) -> bytes:
    """Return what a CMS structure (RFC 5652) signs; b"" when it is encrypted, damaged or signs what is not in it."""
    try:
        return _signed_content(cms)
    except (IndexError, ValueError):
        return b""


def _signed_content(cms: bytes) -> bytes:
    content_info = _children(cms, *_inside(cms, 0, _SEQUENCE))
    if cms[content_info[0][1] : content_info[0][2]] != _SIGNED_DATA:
        return b""
    explicit = content_info[1]
    signed = _children(cms, *_inside(cms, explicit[1], _SEQUENCE))
    encapsulated = signed[2]
    if encapsulated[0] != _SEQUENCE:
        return b""
    pieces = _children(cms, encapsulated[1], encapsulated[2])
    if len(pieces) < 2 or cms[pieces[0][1] : pieces[0][2]] != _DATA:
        return b""
    return _octets(cms, pieces[1][1], pieces[1][2])


def _octets(cms: bytes, start: int, end: int) -> bytes:
    out = []
    for tag, first, last in _children(cms, start, end):
        if tag == _OCTETS:
            out.append(cms[first:last])
        elif tag == _OCTETS_IN_PIECES:
            out += [cms[begin:stop] for kind, begin, stop in _children(cms, first, last) if kind == _OCTETS]
    return b"".join(out)


def _inside(cms: bytes, position: int, tag: int) -> tuple[int, int]:
    found, start, end, _ = _element(cms, position, 0)
    if found != tag:
        raise ValueError("another element was expected")
    return start, end


def _children(cms: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """Return (tag, start, end) of the elements between two positions."""
    found: list[tuple[int, int, int]] = []
    while start < end and len(found) < _MOST_PIECES:
        tag, first, last, behind = _element(cms, start, 0)
        found.append((tag, first, last))
        start = behind
    return found


def _element(cms: bytes, position: int, depth: int) -> tuple[int, int, int, int]:
    """Return tag, start and end of the content, and the position behind an element in BER; its length may be open."""
    tag, length = cms[position], cms[position + 1]
    start = position + 2
    if length == 0x80:
        if depth > _DEEPEST:
            raise ValueError("too deep")
        end = start
        for _ in range(_MOST_PIECES):
            if cms[end : end + 2] == b"\0\0":
                return tag, start, end, end + 2
            end = _element(cms, end, depth + 1)[3]
        raise ValueError("too many pieces")
    if length > 0x80:
        count = length & 0x7F
        length = int.from_bytes(cms[start : start + count], "big")
        start += count
    if start + length > len(cms):
        raise ValueError("cut off")
    return tag, start, start + length, start + length
