"""Read the worklist of possible duplicates, best first, and who was said to be two (B21, B4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.paging import read_page
from customers.models import Dismissal
from customers.services.suggesting.hinting import open_suggestions
from customers.services.suggesting.pairing import ShownPair, show_pairs
from customers.services.suggesting.working import COMPARISON
from jobs.models import Job

PAGE = 20
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Worklist:
    """A page of pairs; cursors are None where the list ends. `total` stops at a thousand. `comparison` is the newest
    job that compared all customers.
    """

    pairs: tuple[ShownPair, ...]
    total: int
    comparison: Job | None
    newer: str | None
    older: str | None

    @property
    def is_empty(self) -> bool:
        return not self.pairs

    @property
    def is_many(self) -> bool:
        return self.total >= MOST_COUNTED


@dataclass(frozen=True)
class ShownDismissal:
    """A pair that was said to be two."""

    dismissal: Dismissal
    pair: ShownPair


@dataclass(frozen=True)
class Dismissed:
    """Newest first."""

    lines: tuple[ShownDismissal, ...]
    newer: str | None
    older: str | None


def count_suggestions() -> int:
    """At most a thousand."""
    return open_suggestions()[:MOST_COUNTED].count()


def read_worklist(*, cursor: str | None, at: datetime) -> Worklist:
    """A page of it, in eight queries."""
    page = read_page(open_suggestions(), order=("-score", "-id"), cursor=cursor, size=PAGE)
    pairs = show_pairs(page.rows, at=at)
    comparison = Job.objects.filter(kind=COMPARISON.name).order_by("-id").first()
    return Worklist(pairs, count_suggestions(), comparison, page.previous_cursor, page.next_cursor)


def read_dismissed(*, cursor: str | None, at: datetime) -> Dismissed:
    """A page of what was dismissed. Who is one customer by now is left out, and so is whoever is deleted."""
    said = Dismissal.objects.filter(one__deleted_at=None, other__deleted_at=None)
    page = read_page(said, order=("-created_at", "-id"), cursor=cursor, size=PAGE)
    shown = show_pairs(page.rows, at=at)
    lines = tuple(ShownDismissal(row, pair) for row, pair in zip(page.rows, shown, strict=True))
    return Dismissed(lines, page.previous_cursor, page.next_cursor)
