"""The stores a customer may belong to: connected above, asked for from here, so that nothing is imported upward."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Store:
    """`number` is the connection's. One that was disconnected stays where it was chosen, as "Not active" (F14)."""

    number: int
    name: str
    is_active: bool


Directory = Callable[[], Mapping[int, Store]]
_directories: list[Directory] = []


def register_directory(directory: Directory) -> None:
    """Called once by each app that connects stores, when it starts."""
    _directories.append(directory)


def read_stores() -> dict[int, Store]:
    """Every store of the workspace, also those no longer active, by number."""
    found: dict[int, Store] = {}
    for directory in _directories:
        found.update(directory())
    return found
