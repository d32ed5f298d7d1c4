"""Takes a mail apart into its parts in one pass over its lines, whatever its depth, size or damage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from channels.email.headers import Headers, read_headers
from channels.email.mail_charset import with_charset
from channels.email.parameters import read_value
from channels.email.parts import Mail, Part

MOST_PARTS = 1_000
MOST_CONTAINERS = 5_000

_DELIMITER = re.compile(rb"--[^\r\n]*(?:\r\n|\n|\r|\Z)")
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|(?<=\n))--([^\r\n]{1,200}?)[ \t]*\r?\n(?=content-[a-z-]+[ \t]*:)", re.I)
_GUESS_WITHIN = 100_000
_MOST_SEARCHED = 4
_FAR = 1_000_000
_MOST_FAR_LOOKS = 50
_MOST_FALSE_FINDS = 500
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")


def take_apart(raw: bytes) -> Mail:
    """Return the headers of a mail and its leaves in order; of more than `MOST_PARTS` the rest is left out.

    Messages inside (message/rfc822) are leaves. Without any header the result has none: that is for the caller.
    """
    raw = _plain_line_ends(raw)
    block = read_headers(raw, _first_header(raw))
    walker = _Walker(raw, list(block.defects))
    content_type, parameters = _type_of(block.headers, walker.defects)
    parts = tuple(walker.walk(block.headers, content_type, parameters, block.body_start))
    headers, parts = with_charset(block.headers, parameters, parts)
    return Mail(headers, content_type, parameters, parts, tuple(dict.fromkeys(walker.defects)))


def _plain_line_ends(raw: bytes) -> bytes:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode()
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    # Old Macintosh files, and mails that a careless program wrote through a text file.
    if b"\n" not in raw:
        return raw.replace(b"\r", b"\n")
    return raw.replace(b"\r\r\n", b"\n") if b"\r\r\n" in raw[:4096] else raw


def _first_header(raw: bytes) -> int:
    """Return the position behind empty lines and the line an mbox file puts in front of a mail."""
    match = re.compile(rb"(?:[ \t\x00]*\r?\n)*(?:>?From [^\n]*\n)?").match(raw)
    return match.end() if match else 0


def _type_of(headers: Headers, defects: list[str]) -> tuple[str, dict[str, str]]:
    value, parameters = read_value(headers.raw("Content-Type"))
    if _TYPE.fullmatch(value):
        return value, parameters
    if value:
        defects.append("a content type that is none")
    if value == "html":
        return "text/html", parameters
    if value.startswith("multipart") or "boundary" in parameters:
        return "multipart/mixed", parameters
    is_file = bool(parameters.get("name")) and not value.startswith("text")
    return ("application/octet-stream" if is_file else "text/plain"), parameters


@dataclass(slots=True)
class _Container:
    boundary: bytes
    content_type: str
    number: int
    # How many containers inside use the same boundary, which they must not.
    doubles: int = 0


class _Walker:
    """Goes through the delimiter lines once; the open containers are a stack, so depth costs no recursion."""

    def __init__(self, raw: bytes, defects: list[str]) -> None:
        self.raw = raw
        self.defects = defects
        self.open: list[_Container] = []
        self.by_boundary: dict[bytes, int] = {}
        self.far_looks = 0
        self.containers = 0
        self.leaves = 0

    def walk(self, headers: Headers, content_type: str, parameters: dict[str, str], start: int) -> Iterator[Part]:
        pending = self._enter(headers, content_type, parameters, start)
        position = start
        while self.open and (found := self._next_delimiter(position)):
            line_start, line_end, level, is_end = found
            if pending:
                yield replace(pending, body=self._body(position, line_start))
            pending, position = None, line_end
            self._close(level + 1)
            if is_end:
                self._end(level)
            elif self.leaves >= MOST_PARTS or self.containers >= MOST_CONTAINERS:
                self.defects.append(f"more than {MOST_PARTS} parts; the rest was left out")
                return
            else:
                pending, position = self._open_part(line_end)
        if pending:
            if self.open:
                self.defects.append("the last part has no end")
            yield replace(pending, body=self.raw[position:])

    def _open_part(self, start: int) -> tuple[Part | None, int]:
        block = read_headers(self.raw, start, lambda line: self._level(line)[0] >= 0)
        self.defects.extend(block.defects)
        content_type, parameters = _type_of(block.headers, self.defects)
        if "Content-Type" not in block.headers and self.open[-1].content_type == "multipart/digest":
            content_type = "message/rfc822"
        return self._enter(block.headers, content_type, parameters, block.body_start), block.body_start

    def _enter(self, headers: Headers, content_type: str, parameters: dict[str, str], start: int) -> Part | None:
        """Open a container, or return the leaf that begins here, still without its body."""
        if content_type.startswith("multipart/"):
            boundary = self._boundary(parameters, start)
            if boundary in self.by_boundary:
                self.open[self.by_boundary[boundary]].doubles += 1
                self.defects.append("a multipart with the boundary of the one around it")
                return None
            if boundary:
                self.containers += 1
                self.by_boundary[boundary] = len(self.open)
                self.open.append(_Container(boundary, content_type, self.containers))
                return None
            self.defects.append("a multipart without its boundary")
            content_type = "text/html" if b"<html" in self.raw[start : start + 2000].lower() else "text/plain"
        self.leaves += 1
        path = tuple((container.content_type, container.number) for container in self.open)
        return Part(headers, content_type, parameters, b"", path)

    def _boundary(self, parameters: dict[str, str], start: int) -> bytes:
        """Return the boundary that the header names, or the one that is really used when the named one is not."""
        named = parameters.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
        if named and self._is_used(b"--" + named, max(start - 1, 0)):
            return named
        match = _GUESSED_BOUNDARY.search(self.raw, start, start + _GUESS_WITHIN)
        if match and match[1] not in self.by_boundary:
            self.defects.append("the boundary was found by looking at the parts")
            return match[1]
        return b""

    def _is_used(self, delimiter: bytes, position: int) -> bool:
        """Look ahead for a delimiter; a mail that makes us look far too often is believed."""
        for _ in range(_MOST_FALSE_FINDS):
            if self.far_looks >= _MOST_FAR_LOOKS:
                break
            found = self.raw.find(delimiter, position)
            self.far_looks += not 0 <= found < position + _FAR
            if found <= 0 or self.raw[found - 1 : found] in (b"\r", b"\n"):
                return found >= 0
            position = found + 1
        return True

    def _next_delimiter(self, position: int) -> tuple[int, int, int, bool] | None:
        """Return start and end of the next line that delimits an open container, its level, and whether it ends it."""
        for match in self._candidates().finditer(self.raw, position):
            start = match.start()
            if start and self.raw[start - 1] not in b"\r\n":
                continue
            level, is_end = self._level(match[0])
            if level >= 0:
                return start, match.end(), level, is_end
        return None

    def _candidates(self) -> re.Pattern[bytes]:
        """With few open containers the search itself leaves out what looks like a delimiter; there may be millions."""
        if len(self.open) > _MOST_SEARCHED:
            return _DELIMITER
        names = b"|".join(re.escape(container.boundary) for container in self.open)
        return re.compile(rb"--(?:" + names + rb")[^\r\n]*(?:\r\n|\n|\r|\Z)")

    def _level(self, line: bytes) -> tuple[int, bool]:
        """Return which open container a line delimits, -1 for none, and whether it ends it."""
        text = line[2:].rstrip()
        level = self.by_boundary.get(text, -1)
        if level >= 0 or not text.endswith(b"--"):
            return level, False
        return self.by_boundary.get(text[:-2].rstrip(), -1), True

    def _body(self, start: int, end: int) -> bytes:
        """The line end in front of a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
        if self.raw[end - 2 : end] == b"\r\n":
            end -= 2
        elif self.raw[end - 1 : end] in (b"\n", b"\r"):
            end -= 1
        return self.raw[start : max(start, end)]

    def _end(self, level: int) -> None:
        if self.open[level].doubles:
            self.open[level].doubles -= 1
        else:
            self._close(level)

    def _close(self, level: int) -> None:
        while len(self.open) > level:
            self.by_boundary.pop(self.open.pop().boundary, None)
