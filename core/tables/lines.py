"""The lines of a file as an editor counts them, with the byte each begins at."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_BLOCK = 256 * 1024
# Where UTF-8 has more bytes than UTF-16 or UTF-32 has units: what is not the first byte of a character.
_CONTINUATIONS = bytes(range(0x80, 0xC0))
_LEADS_OF_PAIRS = bytes(range(0xF0, 0xF8))  # characters that UTF-16 writes as two units
_DAMAGED = "\ud800"
_UNITS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}


def _keep_the_place(error: UnicodeError) -> tuple[str, int]:
    """Half a pair for each unit that is no character: it keeps its width, and no text can be made of it later."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _DAMAGED, min(error.start + _UNITS[error.encoding.lower().replace("_", "-")], len(error.object))


codecs.register_error("core.tables.keep_the_place", _keep_the_place)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a line begins: its first byte in the file, and its number, counted from 1."""

    byte: int
    line: int


class Lines:
    """The lines from `start` on, each with its end (LF, CR or both), as bytes; to be gone through once.

    They are bytes of the file, or of UTF-8 where the file is UTF-16 or UTF-32: separators are those of ASCII in both.
    A line longer than `longest` bytes comes in pieces of about that many; a piece has no line end but the last one.
    `byte` and `line` say where the next line, or piece of one, begins.
    """

    def __init__(self, file: BinaryIO, encoding: str, start: Position, *, longest: int) -> None:
        self._unit = _UNITS.get(encoding, 1)
        self.encoding = encoding if self._unit == 1 else "utf-8"
        self._file = file
        decoder = codecs.getincrementaldecoder(encoding)
        self._decoder = decoder("core.tables.keep_the_place") if self._unit > 1 else None
        self._longest = longest
        self.byte = start.byte
        self.line = start.line

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self.byte)
        rest = b""
        ended = False
        while not ended:
            block = self._file.read(_BLOCK)
            ended = not block
            if self._decoder is not None:
                block = self._decoder.decode(block, final=ended).encode("utf-8", "surrogatepass")
            lines = (rest + block).splitlines(keepends=True)
            rest = b""
            # The last one may go on in the next block, and a CR at its end may be half a line end.
            if lines and not ended and not lines[-1].endswith(b"\n"):
                rest = lines.pop()
                if len(rest) > self._longest:
                    whole, rest = rest, b"\r" if rest.endswith(b"\r") else b""
                    lines.append(whole[: len(whole) - len(rest)])
            for line in lines:
                self.byte += len(line) if self._unit == 1 else self._width(line)
                if line.endswith((b"\n", b"\r")):
                    self.line += 1
                yield line

    def _width(self, line: bytes) -> int:
        """How many bytes of the file a line of a wide encoding was."""
        characters = len(line.translate(None, _CONTINUATIONS))
        pairs = len(line) - len(line.translate(None, _LEADS_OF_PAIRS)) if self._unit == 2 else 0
        return (characters + pairs) * self._unit
