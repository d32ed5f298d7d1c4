"""Answers that are sent while they are made."""

import asyncio
from collections.abc import Iterator

from core.streaming import PiecewiseResponse


def test_pieces_leave_before_the_next_is_made() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield str(number).encode()

    async def scenario() -> list[tuple[bytes, int]]:
        return [(piece, len(made)) async for piece in PiecewiseResponse(pieces())]

    assert asyncio.run(scenario()) == [(b"0", 1), (b"1", 2), (b"2", 3)]


def test_sync_readers_get_the_same() -> None:
    assert b"".join(PiecewiseResponse(iter([b"a", b"b"]))) == b"ab"
