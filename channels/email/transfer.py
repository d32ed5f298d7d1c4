"""Undoes content transfer encodings (RFC 2045), also when they are damaged or wrongly named."""

import binascii
import quopri
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
_PADDED_GROUP = re.compile(rb"[^=]+=*")
_BASE64_LINE = re.compile(rb"[A-Za-z0-9+/=\s]*")
_FEWEST_SPACES = 2
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n", re.M)


def decode_transfer(body: bytes, encoding: str, *, keeps_tail: bool = False) -> bytes:
    """Return the bytes a part carried; what cannot be decoded comes back as it is. `keeps_tail`: see decode_base64."""
    name = re.sub(r"[^a-z0-9]", "", encoding.lower())
    if name in ("base64", "b64", "b"):
        return decode_base64(body, keeps_tail=keeps_tail)
    if name in ("quotedprintable", "quopri", "qp", "q"):
        return quopri.decodestring(body)
    if name in ("xuuencode", "uuencode", "uue", "xuue"):
        files, _ = take_uuencoded(body)
        return files[0][1] if files else body
    return body


def decode_base64(body: bytes, *, keeps_tail: bool = False) -> bytes:
    """Decode base64 with foreign characters, missing padding, or several padded pieces one after another.

    Text that only claims to be base64 comes back as it is. Text behind the end, where mailing lists write, is left
    out, or kept when `keeps_tail`.
    """
    if _is_plain_text(body):
        return body
    encoded, tail = _split_tail(_without_words(body))
    tail = tail if keeps_tail else b""
    stripped = encoded.rstrip(b"= \t\r\n")
    if b"=" not in stripped:
        try:
            return binascii.a2b_base64(stripped + b"==") + tail
        except binascii.Error:
            pass  # an incomplete last group: the longer way below drops it
    pieces = []
    for match in _PADDED_GROUP.finditer(_NOT_BASE64.sub(b"", encoded)):
        piece = match[0].rstrip(b"=")
        # One sign of a group of four holds no whole byte.
        piece = piece[:-1] if len(piece) % 4 == 1 else piece
        pieces.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(pieces) + tail


def take_uuencoded(body: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Return the (name, content) of files uuencoded in `body`, and `body` without them."""
    files: list[tuple[bytes, bytes]] = []
    rest: list[bytes] = []
    position = 0
    while match := _UU_BEGIN.search(body, position):
        content, end = _decode_uu_lines(body, match.end())
        if end < 0:
            rest.append(body[position : match.end()])
            position = match.end()
            continue
        files.append((match[1].strip(), content))
        rest.append(body[position : match.start()])
        position = end
    rest.append(body[position:])
    return files, b"".join(rest)


def _is_plain_text(body: bytes) -> bool:
    """Base64 has no words: spaces inside its first line mean that nothing was encoded."""
    first = body[:2000].lstrip().split(b"\n")[0].strip()
    return first.count(b" ") >= _FEWEST_SPACES


def _without_words(body: bytes) -> bytes:
    """Cut words behind the padding on the last line."""
    end = body.find(b"= ", body.rstrip().rfind(b"\n") + 1)
    return body if end < 0 else body[: end + 1]


def _split_tail(body: bytes) -> tuple[bytes, bytes]:
    match = _BASE64_LINE.match(body)
    end = match.end() if match else 0
    start = body.rfind(b"\n", 0, end) + 1
    tail = body[start:]
    if end == len(body) or start == 0 or tail.count(b" ") < 2:
        return body, b""
    return body[:start], b"\n" + tail


def _decode_uu_lines(body: bytes, position: int) -> tuple[bytes, int]:
    """Decode lines from `position` to "end"; returns the position behind it too, -1 when this is not uuencoded."""
    content: list[bytes] = []
    while True:
        stop = body.find(b"\n", position)
        line = (body[position:] if stop < 0 else body[position:stop]).rstrip(b"\r\n")
        if line.strip() == b"end":
            return b"".join(content), len(body) if stop < 0 else stop + 1
        if stop < 0 or len(line) > 100:
            return b"", -1
        try:
            content.append(_decode_uu_line(line))
        except binascii.Error:
            return b"", -1
        position = stop + 1


def _decode_uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line) if line.strip() else b""
    except binascii.Error:
        # Some encoders write more than the length byte says.
        expected = (((line[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:expected])
