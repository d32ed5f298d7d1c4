"""The page on which a member sets things for themselves: apps above add their forms to it at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from accounts.models import Membership


class ProfileForm(forms.Form):
    """One part of the page. `save` is called once the form is valid."""

    def __init__(self, member: Membership, data: QueryDict | None, prefix: str) -> None:
        self.member = member
        super().__init__(data, prefix=prefix, initial=self.read())

    def read(self) -> dict[str, object]:
        """What holds now, by field."""
        raise NotImplementedError

    def save(self) -> None:
        """Store what was chosen."""
        raise NotImplementedError


@dataclass(frozen=True)
class ProfileSection:
    """A titled part; the key begins the names of its inputs."""

    key: str
    title: str
    form: type[ProfileForm]


_registered: dict[str, ProfileSection] = {}


def register(section: ProfileSection) -> None:
    """Add a part. Raises ValueError when its key is taken by another one."""
    if _registered.setdefault(section.key, section) != section:
        raise ValueError(f"two parts of the profile are called {section.key}")


def all_sections() -> Iterator[ProfileSection]:
    """In order of registration, which is the order of apps."""
    return iter(tuple(_registered.values()))
