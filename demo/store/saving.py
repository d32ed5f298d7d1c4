"""Keep the shops in DATA_DIR/store.json, so that a second start of the demo finds what the first one left."""

import asyncio
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from demo.store.freezing import freeze, thaw
from demo.store.records import ShopState

PAUSE = 0.3  # Seconds between a change and its writing: a burst of changes is one write.


class Saver:
    """Writes all shops to one file; without a path it writes nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._timer: asyncio.TimerHandle | None = None

    def load(self) -> list[ShopState] | None:
        """The shops of the last run, or None when there was none.

        A damaged file raises ValueError, a place that cannot be written OSError.
        """
        if self._path is None:
            return None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(self._path.parent, os.W_OK):
            raise PermissionError(f"{self._path.parent} cannot be written")
        if not self._path.exists():
            return None
        try:
            return [thaw(ShopState, frozen) for frozen in json.loads(self._path.read_text())]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"{self._path} cannot be read ({error}); remove it to begin anew") from error

    def save_soon(self, shops: Iterable[ShopState]) -> None:
        """Write after a short pause, on the running event loop."""
        if self._path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self.save_now, shops)

    def save_now(self, shops: Iterable[ShopState]) -> None:
        """Write now; a disk that refuses is told on standard error, and the next change tries again."""
        self._timer = None
        if self._path is None:
            return
        try:
            _replace(self._path, json.dumps(freeze(list(shops)), ensure_ascii=False))
        except OSError as error:
            print(f"demo store: {self._path} was not written: {error.strerror}", file=sys.stderr)


def _replace(path: Path, text: str) -> None:
    """Write a new file and move it over the old one: a reader sees the one or the other, never a half."""
    fresh = path.with_suffix(".new")
    with fresh.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
