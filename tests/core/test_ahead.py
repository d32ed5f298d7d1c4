"""Reading ahead in a thread: the same items, the same errors, and an end when nobody reads on."""

import threading
from collections.abc import Generator
from typing import Any

import pytest

from core.ahead import read_ahead


def made(*items: Any) -> Generator[Any]:
    yield from items


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("read-ahead")]


def test_items_come_in_order() -> None:
    assert list(read_ahead(made(*range(100)))) == list(range(100))
    assert list(read_ahead(made())) == []
    assert list(read_ahead(made(None, 0, ()))) == [None, 0, ()]


def test_error_is_raised_after_what_came_before_it() -> None:
    def items() -> Generator[int]:
        yield 1
        raise LookupError("gone")

    reading = read_ahead(items())

    assert next(reading) == 1
    with pytest.raises(LookupError, match="gone"):
        next(reading)
    assert threads() == []


def test_one_item_is_made_before_it_is_asked_for_and_no_more() -> None:
    count, is_second_made, closed = [0], threading.Event(), []

    def items() -> Generator[int]:
        try:
            while True:
                count[0] += 1
                if count[0] == 2:
                    is_second_made.set()
                yield count[0]
        finally:
            closed.append(True)

    reading = read_ahead(items())
    next(reading)

    assert is_second_made.wait(10)
    reading.close()
    assert (count, closed, threads()) == ([2], [True], [])
