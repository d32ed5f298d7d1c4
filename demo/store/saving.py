"""Keep the shops in DATA_DIR/store.json, so that a second start of the demo finds what the first one left."""

import asyncio
import json
import os
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
        """The shops of the last run, or None when there was none. A damaged file raises ValueError."""
        if self._path is None or not self._path.exists():
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
        """Write into a new file and move it over the old one: a reader sees the one or the other, never a half."""
        self._timer = None
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump(freeze(list(shops)), file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
