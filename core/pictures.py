"""What kind of picture some bytes are and how large it is when shown, told by the bytes alone."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the frame headers
_MOST_SEGMENTS = 5_000
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xDA)})  # marks without a length


@dataclass(frozen=True, slots=True)
class Picture:
    """A kind of picture that browsers show and that cannot carry a script; `width` and `height` in pixels."""

    content_type: str
    width: int
    height: int


def read_picture(content: bytes) -> Picture | None:
    """PNG, JPEG, GIF or WebP; None for all else, whatever name or header came with it, and for what is cut off."""
    for begins, content_type, read_size in _KINDS:
        if content.startswith(begins):
            try:
                size = read_size(content)
            except (struct.error, IndexError):
                return None
            return Picture(content_type, *size) if size and min(size) > 0 else None
    return None


def _png_size(content: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", content[16:24]) if content[12:16] == b"IHDR" else None


def _gif_size(content: bytes) -> tuple[int, int]:
    width, height = struct.unpack("<HH", content[6:10])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walk over the segments to the one that says the size."""
    position = 2
    for _ in range(_MOST_SEGMENTS):
        if content[position] != 0xFF:
            break
        mark = content[position + 1]
        if mark in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        if mark == 0xFF:  # filling
            position += 1
        elif mark in _JPEG_BARE:
            position += 2
        else:
            position += 2 + struct.unpack(">H", content[position + 2 : position + 4])[0]
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    kind = content[8:16]
    if kind == b"WEBPVP8X":
        return _three(content[24:27]) + 1, _three(content[27:30]) + 1
    if kind == b"WEBPVP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack("<I", content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"WEBPVP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _three(content: bytes) -> int:
    low, high = struct.unpack("<HB", content)
    return int(low | high << 16)


_KINDS: tuple[tuple[bytes, str, Callable[[bytes], tuple[int, int] | None]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png", _png_size),
    (b"\xff\xd8\xff", "image/jpeg", _jpeg_size),
    (b"GIF87a", "image/gif", _gif_size),
    (b"GIF89a", "image/gif", _gif_size),
    (b"RIFF", "image/webp", _webp_size),
)
