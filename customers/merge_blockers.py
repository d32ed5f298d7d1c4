"""What speaks against merging two profiles: apps above say it of what they know of them, such as stores' orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customers.models import Customer


@dataclass(frozen=True)
class Blocker:
    """`why` names what is in the way and what to do about it. A warning (`is_final` False) lets the merge go on."""

    why: str
    is_final: bool = True


# Called with the survivor and the other, in a constant number of queries.
Ask = Callable[[Customer, Customer], list[Blocker]]

_asked: list[Ask] = []


def register(ask: Ask) -> None:
    """Called once by each app when it starts."""
    _asked.append(ask)


def find_blockers(survivor: Customer, other: Customer) -> tuple[Blocker, ...]:
    """All that is in the way, final ones first."""
    found = [blocker for ask in _asked for blocker in ask(survivor, other)]
    return tuple(sorted(found, key=lambda one: not one.is_final))
