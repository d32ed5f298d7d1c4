"""Reads the header block of a mail or of one of its parts, however badly it is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from channels.email.charsets import decode
from channels.email.encoded_words import decode_words
from core.text import clean_text

_LONGEST_VALUE = 65_536
_MOST_HEADERS = 2_000
_MOST_LINES = 50_000
_EMPTY_LINE = re.compile(rb"(?:\r\n|\n|\r)(?:\r\n|\n|\r)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.S)
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\n|\r|\Z)")
_SPACES = re.compile(r"[ \t\n]+|\s{2,}")
_LOOKED_AHEAD = 8_000
_MOST_LOOKS = 50
_ABOUT = re.compile(rb"^(?:from|subject)[ \t]*:", re.I | re.M)
_FOLDS = re.compile(rb"(?:[ \t]+[^\s][^\r\n]*\r?\n){0,20}")
_MAIL_FIELD = re.compile(
    rb"(?:content-[a-z]+|from|to|cc|bcc|subject|date|message-id|mime-version|received|reply-to|sender|return-path"
    rb"|in-reply-to|references|delivered-to|importance|x-[a-z0-9-]+|dkim-[a-z-]+|list-[a-z-]+|authentication-results)"
    rb"[ \t]*:",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one block in their order; `charset` is what 8-bit values are tried in after UTF-8."""

    fields: tuple[tuple[str, bytes], ...] = ()
    charset: str = ""
    lookup: dict[str, list[bytes]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, value in self.fields:
            self.lookup.setdefault(name.lower(), []).append(value)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.lookup

    def raw(self, name: str) -> str:
        """Return the first value of `name` as one line with its encoded words still encoded; "" when absent."""
        values = self.lookup.get(name.lower())
        return self._line(values[0]) if values else ""

    def raw_all(self, name: str) -> list[str]:
        """Return every value of `name`, like `raw`."""
        return [self._line(value) for value in self.lookup.get(name.lower(), ())]

    def text(self, name: str) -> str:
        """Return the first value of `name` as a person reads it: decoded, on one line."""
        return one_line(decode_words(self.raw(name)))

    def _line(self, value: bytes) -> str:
        # A field is folded in front of white space, which belongs to the value.
        return re.sub(r"\r\n|[\r\n]", "", decode(value[:_LONGEST_VALUE], self.charset)).replace("\0", "").strip()


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Headers, the position where the body begins, and what was wrong with the block."""

    headers: Headers
    body_start: int
    defects: tuple[str, ...] = ()


def read_headers(raw: bytes, start: int = 0, is_delimiter: Callable[[bytes], bool] | None = None) -> HeaderBlock:
    """Read the block that begins at `start`.

    It ends behind an empty line, or in front of a line that is no header or for which `is_delimiter` answers True.
    """
    return _Reader(raw, start, is_delimiter or (lambda line: False)).read()


def one_line(text: str) -> str:
    """Return `text` without control characters and with single spaces; spaces of other scripts stay."""
    return _SPACES.sub(" ", clean_text(text)).strip()


class _Reader:
    def __init__(self, raw: bytes, start: int, is_delimiter: Callable[[bytes], bool]) -> None:
        self.raw = raw
        self.position = start
        self.is_delimiter = is_delimiter
        self.fields: list[tuple[str, list[bytes]]] = []
        self.defects: list[str] = []
        self.looks = 0

    def read(self) -> HeaderBlock:
        for _ in range(_MOST_LINES):
            match = _LINE.match(self.raw, self.position)
            if (
                match is None
                or self.position >= len(self.raw)
                or (match[1].startswith(b"--") and self.is_delimiter(match[1]))
            ):
                break
            line, following = match[1], match.end()
            # White space alone between headers is a fold to some and the end to others: it is the end only
            # when no header comes behind it.
            if not line.strip() and not (self._is_torn(following) if not line else self._goes_on_behind(following)):
                self.position = following
                break
            if not self._take(line, following):
                break
            self.position = following
        else:
            self._leave()
        return HeaderBlock(
            Headers(tuple((name, b"\n".join(lines)) for name, lines in self.fields)),
            self.position,
            tuple(dict.fromkeys(self.defects)),
        )

    def _leave(self) -> None:
        """Give up on a block without end: the body begins behind the next empty line."""
        self.defects.append(f"more than {_MOST_LINES} lines of headers; the rest was left out")
        match = _EMPTY_LINE.search(self.raw, self.position)
        self.position = match.end() if match else len(self.raw)

    def _take(self, line: bytes, following: int) -> bool:
        """Take one line; False when the body begins with it."""
        if line[:1] in b" \t" and self.fields:
            self.fields[-1][1].append(line)
        elif match := _FIELD.match(line):
            if len(self.fields) < _MOST_HEADERS:
                self.fields.append((match[1].decode("ascii"), [match[2]]))
            else:
                self.defects.append(f"more than {_MOST_HEADERS} headers; the rest was left out")
        elif re.match(rb">?From ", line):
            self.defects.append("a mailbox line among the headers")
        elif self.fields and (self._field_follows(following) or self._goes_on(line, following)):
            # A long value that was wrapped without the white space that says so.
            self.fields[-1][1].append(b" " + line)
            self.defects.append("a line among the headers that is none")
        else:
            if line.strip() and self.fields:
                self.defects.append("no empty line between headers and body")
            return False
        return True

    def _is_torn(self, position: int) -> bool:
        """Tell whether an empty line stands inside a value, before it was said what the mail is about."""
        return (
            self.raw[position : position + 1] in (b" ", b"\t")
            and not self._is_told()
            and self._goes_on_behind(position)
        )

    def _goes_on_behind(self, position: int) -> bool:
        """Tell whether another field comes, perhaps behind further lines of this one."""
        match = _FOLDS.match(self.raw, position, position + _LOOKED_AHEAD)
        return self._field_follows(match.end() if match else position)

    def _is_told(self) -> bool:
        return any(name.lower() == "subject" for name, _ in self.fields)

    def _goes_on(self, line: bytes, position: int) -> bool:
        """Tell whether who wrote and about what is still to come: a long value may break over many lines."""
        if not line.strip() or any(name.lower() in ("from", "subject") for name, _ in self.fields):
            return False
        self.looks += 1
        if self.looks > _MOST_LOOKS:
            return False
        window = self.raw[position : position + _LOOKED_AHEAD]
        end = _EMPTY_LINE.search(window)
        return bool(_ABOUT.search(window, 0, end.start() if end else len(window)))

    def _field_follows(self, position: int) -> bool:
        return bool(_MAIL_FIELD.match(self.raw, position, position + 300))
