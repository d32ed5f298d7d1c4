"""Takes winmail.dat apart (MS-OXTNEF), the form in which Outlook by mistake sends letters and files to others."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.email.charsets import decode
from channels.email.rtf import decompress, read_rtf

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})

_SIGNATURE = b"\x78\x9f\x3e\x22"
_ATTRIBUTE = struct.Struct("<BII")
_U32 = struct.Struct("<I")
_PROPERTY = struct.Struct("<HH")
_SUBJECT, _BODY, _CODE_PAGE = 0x00018004, 0x0002800C, 0x00069007
_MESSAGE_PROPERTIES = 0x00069003
_ATTACHMENT_BEGINS, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_P_SUBJECT, _P_BODY, _P_RTF, _P_HTML = 0x0037, 0x1000, 0x1009, 0x1013
_P_DATA, _P_SHORT_NAME, _P_LONG_NAME, _P_DISPLAY_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_P_MIME, _P_CONTENT_ID, _P_CODE_PAGE = 0x370E, 0x3712, 0x3FDE
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_SIZED = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_UNICODE, _STRING, _OBJECT = 0x1F, 0x1E, 0x0D
_MANY = 0x1000
_NAMED = 0x8000
# A message as the value of a property: an interface id stands in front of its own TNEF stream.
_ID_LENGTH = 16
_MOST_PROPERTIES = 5_000
_MOST_VALUES = 10_000
_MOST_ATTRIBUTES = 20_000
_MOST_FILES = 500
_DEEPEST = 5


class NotTnef(Exception):
    """The bytes are no TNEF stream."""


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file that was packed; `content_type` and `content_id` are "" where it does not say."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = ""
    content_id: str = ""


@dataclass(slots=True)
class Unpacked:
    """A letter in this form and its files."""

    subject: str = ""
    plain: str = ""
    html: str = ""
    files: list[PackedFile] = field(default_factory=list)


def unpack(raw: bytes, depth: int = 0) -> Unpacked:
    """Return what a TNEF stream holds, as far as it is whole. Raises NotTnef for anything else."""
    if not raw.startswith(_SIGNATURE):
        raise NotTnef
    reader = _Reader(depth)
    for tag, value in _attributes(raw):
        reader.take(tag, value)
        if len(reader.result.files) >= _MOST_FILES:
            break
    return reader.finish()


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    position = 6
    for _ in range(_MOST_ATTRIBUTES):
        if position + _ATTRIBUTE.size > len(raw):
            return
        level, tag, length = _ATTRIBUTE.unpack_from(raw, position)
        position += _ATTRIBUTE.size
        if level not in (1, 2):
            return
        yield tag, raw[position : position + length]
        position += length + 2


class _Reader:
    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.result = Unpacked()
        self.charset = ""
        self.properties: dict[int, tuple[int, bytes]] = {}
        self.title = b""
        self.data: bytes | None = None
        self.attached: dict[int, tuple[int, bytes]] | None = None

    def take(self, tag: int, value: bytes) -> None:
        if tag == _CODE_PAGE and len(value) >= _U32.size:
            self.charset = f"cp{_U32.unpack_from(value)[0]}"
        elif tag == _SUBJECT:
            self.result.subject = self._text(_STRING, value)
        elif tag == _BODY:
            self.result.plain = self._text(_STRING, value)
        elif tag == _MESSAGE_PROPERTIES:
            self.properties = dict(_properties(value))
        elif tag == _ATTACHMENT_BEGINS:
            self._end_file()
            self.attached = {}
        elif self.attached is not None:
            if tag == _TITLE:
                self.title = value
            elif tag == _DATA:
                self.data = value
            elif tag == _ATTACHMENT_PROPERTIES:
                self.attached = dict(_properties(value))

    def finish(self) -> Unpacked:
        self._end_file()
        self._read_letter()
        return self.result

    def _read_letter(self) -> None:
        kind, html = self.properties.get(_P_HTML, (0, b""))
        page = self.properties.get(_P_CODE_PAGE, (0, b""))[1]
        charset = f"cp{_U32.unpack_from(page)[0]}" if len(page) >= _U32.size else self.charset
        charset = "utf-8" if charset == "cp65001" else charset
        self.result.html = self._text(kind, html, charset).strip("\0")
        self.result.subject = self._of(_P_SUBJECT) or self.result.subject
        self.result.plain = self._of(_P_BODY) or self.result.plain
        rtf = self.properties.get(_P_RTF, (0, b""))[1]
        if rtf and not self.result.html:
            letter = read_rtf(decompress(rtf))
            self.result.html = letter.html
            self.result.plain = self.result.plain or letter.plain

    def _end_file(self) -> None:
        if self.attached is None:
            return
        kind, value = self.attached.get(_P_DATA, (0, b""))
        name = (
            self._of(_P_LONG_NAME, self.attached)
            or self._text(_STRING, self.title)
            or self._of(_P_SHORT_NAME, self.attached)
            or self._of(_P_DISPLAY_NAME, self.attached)
        )
        inner = value[_ID_LENGTH:] if kind == _OBJECT else b""
        if inner.startswith(_SIGNATURE) and self.depth < _DEEPEST:
            self._take_message(unpack(inner, self.depth + 1), name)
        elif self.data is not None or value:
            content = self.data or value
            mime, content_id = self._of(_P_MIME, self.attached), self._of(_P_CONTENT_ID, self.attached)
            self.result.files.append(PackedFile(name, content, mime.lower(), content_id.strip("<> ")))
        self.title, self.data, self.attached = b"", None, None

    def _take_message(self, message: Unpacked, name: str) -> None:
        """An enclosed message becomes a file with its text, and its own files beside it."""
        name = message.subject or name or "message"
        if message.html:
            self.result.files.append(PackedFile(f"{name}.html", message.html.encode(), "text/html"))
        elif message.plain:
            self.result.files.append(PackedFile(f"{name}.txt", message.plain.encode(), "text/plain"))
        self.result.files.extend(message.files)

    def _of(self, name: int, properties: dict[int, tuple[int, bytes]] | None = None) -> str:
        kind, value = (self.properties if properties is None else properties).get(name, (0, b""))
        return self._text(kind, value)

    def _text(self, kind: int, value: bytes, charset: str = "") -> str:
        if kind == _UNICODE:
            return value.decode("utf-16-le", "replace").partition("\0")[0]
        return decode(value.partition(b"\0")[0], charset or self.charset)


def _properties(block: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield (name, (type, value)) of a list of MAPI properties; it ends where it is damaged."""
    try:
        (count,) = _U32.unpack_from(block)
        position = _U32.size
        for _ in range(min(count, _MOST_PROPERTIES)):
            kind, name = _PROPERTY.unpack_from(block, position)
            position = _behind_name(block, position + _PROPERTY.size) if name >= _NAMED else position + _PROPERTY.size
            value, position = _value(block, position, kind)
            yield name, (kind & ~_MANY, value)
    except struct.error:
        return


def _behind_name(block: bytes, position: int) -> int:
    is_text = _U32.unpack_from(block, position + _ID_LENGTH)[0]
    position += _ID_LENGTH + _U32.size
    return position + _U32.size + (_padded(_U32.unpack_from(block, position)[0]) if is_text else 0)


def _value(block: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """Return the first value of a property and the position behind all of them."""
    is_many, kind = bool(kind & _MANY), kind & ~_MANY
    count = 1
    if is_many or kind in _SIZED:
        (count,) = _U32.unpack_from(block, position)
        position += _U32.size
    if kind not in _SIZED:
        size = 2 if kind == 0x02 and is_many else _FIXED.get(kind)
        if size is None:
            raise struct.error("an unknown type")
        return block[position : position + size], position + _padded(size * count)
    first: bytes | None = None
    for _ in range(min(count, _MOST_VALUES)):
        (length,) = _U32.unpack_from(block, position)
        position += _U32.size
        first = block[position : position + length] if first is None else first
        position += _padded(length)
    return first or b"", position


def _padded(length: int) -> int:
    return (length + 3) & ~3
