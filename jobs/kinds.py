"""Kinds of jobs: apps above declare theirs."""

from __future__ import annotations

from dataclasses import dataclass

_kinds: dict[str, JobKind] = {}


@dataclass(frozen=True)
class JobKind:
    """A kind of long work; the title is what people read. Making one registers it."""

    name: str
    title: str

    def __post_init__(self) -> None:
        if _kinds.setdefault(self.name, self) != self:
            raise ValueError(f"two kinds of jobs are called {self.name}")


def kind_of(name: str) -> JobKind | None:
    """None for one declared nowhere."""
    return _kinds.get(name)


def title_of(name: str) -> str:
    """What people read; for a kind declared nowhere, its name in words."""
    return _kinds[name].title if name in _kinds else name.replace("_", " ").capitalize()
