"""Reads ahead: a thread makes the next item while the caller waits for the database with this one."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

Item = TypeVar("Item")
_END = object()


def read_ahead(items: Generator[Item]) -> Generator[Item]:
    """The same items in the same order; one of them is made before it is asked for.

    `items` are made in another thread: they must not ask the database. An error in them is raised here, after all
    that came before it. When the caller stops, `items` are closed.
    """
    with ThreadPoolExecutor(1, "read-ahead") as thread:
        coming: Future[Any] = thread.submit(next, items, _END)
        try:
            while (item := coming.result()) is not _END:
                coming = thread.submit(next, items, _END)
                yield item
        finally:
            wait([coming])
            items.close()
