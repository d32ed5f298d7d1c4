"""The leaky bucket that meters one app in one shop, in points."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Bucket:
    """Holds at most `maximum` points and gains `restore_rate` a second; the defaults are those of a standard plan."""

    maximum: float = 2000.0
    restore_rate: float = 100.0
    monotonic: Callable[[], float] = time.monotonic
    _level: float = field(default=-1.0, repr=False)
    _seen_at: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        self.fill_to(self.maximum)

    @property
    def available(self) -> float:
        """Points that may be spent now."""
        gained = (self.monotonic() - self._seen_at) * self.restore_rate
        return min(self.maximum, self._level + gained)

    def fill_to(self, points: float) -> None:
        """Set what is available now."""
        self._level, self._seen_at = points, self.monotonic()

    def spend(self, points: float) -> bool:
        """Take the points, or take nothing and answer False when there are too few."""
        available = self.available
        if points > available:
            return False
        self.fill_to(available - points)
        return True

    def give_back(self, points: float) -> None:
        """Return points that were charged and not needed."""
        self.fill_to(min(self.maximum, self.available + points))

    def status(self) -> dict[str, float]:
        """As `extensions.cost.throttleStatus` shows it."""
        return {
            "maximumAvailable": self.maximum,
            "currentlyAvailable": float(int(self.available)),
            "restoreRate": self.restore_rate,
        }
