"""Files to read tables from, larger than the memory they take."""

import io

from core.tables.dialects import Dialect, find_dialect
from core.tables.reading import RefusedRow, Row, read_rows


class RepeatingFile(io.BytesIO):
    """`head`, then `piece` as often as said, then `tail`; only what is read is ever made."""

    def __init__(self, head: bytes, piece: bytes, times: int, tail: bytes = b"") -> None:
        super().__init__()
        self._head, self._piece, self._tail = head, piece, tail
        self._end_of_pieces = len(head) + len(piece) * times
        self._at = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset
        return offset

    def read(self, size: int | None = -1) -> bytes:
        size = size or 0
        out = self._head[self._at : self._at + size]
        at = self._at + len(out)
        if at < self._end_of_pieces and len(out) < size:
            begun = (at - len(self._head)) % len(self._piece)
            wanted = min(size - len(out), self._end_of_pieces - at)
            out += (self._piece * (wanted // len(self._piece) + 2))[begun : begun + wanted]
            at = self._at + len(out)
        if at >= self._end_of_pieces:
            out += self._tail[at - self._end_of_pieces :][: size - len(out)]
        self._at += len(out)
        return out


def dialect_of(data: bytes | str, **chosen: str) -> Dialect:
    return find_dialect(io.BytesIO(data.encode() if isinstance(data, str) else data), **chosen)


def read(data: bytes | str, **chosen: str) -> list[Row | RefusedRow]:
    """Everything below the header."""
    file = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(read_rows(file, find_dialect(file, **chosen)))


def cells_of(data: bytes | str, **chosen: str) -> list[tuple[str, ...]]:
    """The cells of the rows, none of which may be refused."""
    rows = read(data, **chosen)
    assert all(isinstance(row, Row) for row in rows), [row.reason for row in rows if isinstance(row, RefusedRow)]
    return [row.cells for row in rows]
