"""What belongs to a customer and where it goes when two profiles are merged: each app declares it of its own tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Moved:
    """Rows that go to the survivor, and back when the merge is undone; `origin_column` remembers whose they were.

    `name` is what the preview counts. `once` are the columns of which a customer has each value once: where the
    survivor has the like, the other's row is put aside. `changed` are the columns that moving may change.
    """

    name: str
    model: type[Model]
    column: str = "customer_id"
    origin_column: str = "origin_customer_id"
    once: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    # Called with the ids of survivor and other before the rows move, to change in the other's what cannot stand beside
    # the survivor's.
    fit: Callable[[int, int], None] | None = None


@dataclass(frozen=True)
class Kept:
    """Rows that stay where they are, and why."""

    model: type[Model]
    column: str
    why: str


_moved: list[Moved] = []
_kept: list[Kept] = []


def register(moved: Iterable[Moved] = (), kept: Iterable[Kept] = ()) -> None:
    """Called once by each app when it starts."""
    _moved.extend(moved)
    _kept.extend(kept)


def all_moved() -> tuple[Moved, ...]:
    return tuple(_moved)


def all_kept() -> tuple[Kept, ...]:
    return tuple(_kept)
