"""Reads the rich text that Outlook packs into winmail.dat: decompressed (MS-OXRTFCP), as HTML where it holds HTML."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from channels.email.charsets import codec_name

_HEADER = struct.Struct("<IIII")
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_WINDOW = 4096
_LONGEST = 5_000_000
# Every compressed text may refer back to these words.
_WORDS = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I | re.S
)
# Groups without text of the letter.
_SILENT = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore listtable "
    b"listoverridetable rsidtbl generator xmlnstbl mmathPr latentstyles filetbl header footer".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"sect": "\n\n", b"page": "\n\n", b"row": "\n", b"cell": "\t", b"tab": "\t"}
_SIGNS = {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–"}
_SIGNS |= {b"emdash": "—", b"emspace": " ", b"enspace": " "}
_ESCAPED = {b"~": "\u00a0", b"-": "", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\r": "\n", b"\n": "\n"}
_DEEPEST = 1_000


@dataclass(frozen=True, slots=True)
class RichText:
    """One of the two is "": `html` where the text holds a letter in HTML."""

    plain: str
    html: str


def decompress(raw: bytes) -> bytes:
    """Return the rich text; what is damaged ends it."""
    if len(raw) < _HEADER.size:
        return b""
    _, size, kind, _ = _HEADER.unpack_from(raw)
    body = raw[_HEADER.size :]
    if kind == _PLAIN:
        return body[:size]
    return _expanded(body, min(size, _LONGEST)) if kind == _COMPRESSED else b""


def _expanded(body: bytes, size: int) -> bytes:
    window = bytearray(_WORDS.ljust(_WINDOW, b"\0"))
    write, position = len(_WORDS), 0
    out = bytearray()
    while position < len(body) and len(out) < size:
        control = body[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                chunk = body[position : position + 1]
                position += 1
            else:
                reference = int.from_bytes(body[position : position + 2], "big")
                position += 2
                offset, length = reference >> 4, (reference & 0x0F) + 2
                if offset == write or position > len(body):
                    return bytes(out[:size])
                chunk = _repeated(window, offset, length, write)
            for byte in chunk:
                window[write] = byte
                write = (write + 1) % _WINDOW
            out += chunk
    return bytes(out[:size])


def _repeated(window: bytearray, offset: int, length: int, write: int) -> bytes:
    """What is repeated may reach into itself."""
    chunk = bytearray()
    for step in range(length):
        place = (offset + step) % _WINDOW
        behind = (place - write) % _WINDOW
        chunk.append(chunk[behind] if behind < step else window[place])
    return bytes(chunk)


def read_rtf(rtf: bytes) -> RichText:
    """Return the letter in rich text: as HTML when it was made of HTML (MS-OXRTFEX), else as plain text."""
    if not rtf.lstrip().startswith(b"{\\rtf"):
        return RichText("", "")
    is_html = b"\\fromhtml" in rtf[:1_000]
    text = _Reader(rtf, is_html=is_html).read()
    return RichText("", text) if is_html else RichText(text.strip(), "")


@dataclass(slots=True)
class _Group:
    is_silent: bool = False
    is_tag: bool = False
    is_doubled: bool = False
    fallbacks: int = 1


class _Reader:
    def __init__(self, rtf: bytes, *, is_html: bool) -> None:
        self.rtf = rtf
        self.is_html = is_html
        self.groups = [_Group()]
        self.out: list[str] = []
        self.held = bytearray()
        self.charset = "cp1252"
        self.skipped = 0
        self.is_first = False
        self.is_optional = False

    def read(self) -> str:
        for match in _TOKEN.finditer(self.rtf):
            word, number, code, sign, brace, text = match.groups()
            if brace:
                self._brace(brace)
            elif word is not None:
                self._word(word.lower() if word.islower() else word, int(number) if number else None)
            elif code:
                self._bytes(bytes.fromhex(code.decode("ascii")))
            elif sign == b"*":
                self.is_optional = True
                continue
            elif sign:
                self._sign(sign)
            elif text:
                self._bytes(text)
            self.is_first = brace == b"{"
            self.is_optional = False
        self._flush()
        return "".join(self.out).replace("\0", "")

    def _brace(self, brace: bytes) -> None:
        self._flush()
        if brace == b"{":
            group = self.groups[-1]
            if len(self.groups) < _DEEPEST:
                self.groups.append(_Group(group.is_silent, group.is_tag, group.is_doubled, group.fallbacks))
        elif len(self.groups) > 1:
            self.groups.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        group = self.groups[-1]
        if word == b"u" and number is not None:
            self._write(chr(number % 0x10000))
            self.skipped = group.fallbacks
        elif word == b"uc":
            group.fallbacks = min(number or 0, 10)
        elif word == b"ansicpg" and number:
            self.charset = codec_name(f"cp{number}") or self.charset
        elif word == b"htmltag":
            group.is_tag = True
        elif word in (b"htmlrtf", b"mhtmltag"):
            # Between these stands what only programs without HTML show.
            self._flush()
            group.is_doubled = number != 0 or word == b"mhtmltag"
        elif word in _SILENT or self.is_optional:
            group.is_silent = True
        elif word in _BREAKS:
            self._write("\r\n" if self.is_html and word in (b"par", b"line") else _BREAKS[word])
        elif word in _SIGNS:
            self._write(_SIGNS[word])

    def _sign(self, sign: bytes) -> None:
        self._write(_ESCAPED.get(sign, ""))

    def _bytes(self, text: bytes) -> None:
        if self.skipped:
            cut = min(self.skipped, len(text))
            self.skipped -= cut
            text = text[cut:]
        if text and not (self.groups[-1].is_silent or self.groups[-1].is_doubled):
            self.held += text

    def _write(self, text: str) -> None:
        self._flush()
        if not (self.groups[-1].is_silent or self.groups[-1].is_doubled):
            self.out.append(text)

    def _flush(self) -> None:
        if self.held:
            self.out.append(self.held.decode(self.charset, "replace"))
            self.held.clear()
