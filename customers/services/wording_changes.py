"""Values of a profile in the words of its history: names of what numbers point to, dates, yes and no."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.kinds import ActorKind
from accounts.models import Membership
from core.languages import language_name
from customers.kinds import PreferredChannel, Sex
from customers.models import FieldOption
from customers.stores import read_stores
from files.models import StoredFile

LONGEST_SHOWN = 300  # characters of a value; a note is read in full among its versions


class Names:
    """What values point to, asked for once for all of a page, and only when something on it does."""

    def __init__(self) -> None:
        self._members: dict[int, str] = {}
        self._stores: dict[int, str] | None = None
        self._options: dict[int, tuple[str, str]] = {}
        self._photos: dict[int, str] = {}

    def look_up_members(self, keys: Iterable[int | None]) -> None:
        """One query for all of them, none for none."""
        if wanted := {key for key in keys if key} - self._members.keys():
            rows = Membership.objects.select_related("user").filter(pk__in=wanted)
            self._members |= {member.pk: member.name for member in rows}

    def look_up_photos(self, keys: Iterable[int | None]) -> None:
        """The same of pictures."""
        if wanted := {key for key in keys if key} - self._photos.keys():
            self._photos |= dict(StoredFile.objects.filter(pk__in=wanted).values_list("pk", "name"))

    def knows(self, field: str, value: Any) -> bool:
        """Whether what the value points to is still there; of one that points to nothing, True."""
        known = {"manager_id": self._members, "photo_id": self._photos}.get(field)
        return known is None or value is None or value in known

    def look_up_options(self, keys: Iterable[int | None]) -> None:
        """The same of what was chosen in custom fields."""
        if wanted := {key for key in keys if key} - self._options.keys():
            rows = FieldOption.objects.filter(pk__in=wanted).values_list("pk", "code", "label")
            self._options |= {key: (code, label) for key, code, label in rows}

    def option(self, key: int) -> str:
        """The label of what was chosen."""
        return self._options.get(key, ("", "A choice that is gone"))[1]

    def code_of_option(self, key: int | None) -> str:
        """What programs call it; "" for none, and for one that is gone."""
        return self._options.get(key or 0, ("", ""))[0]

    def show(self, field: str, value: Any) -> str:
        """The value of a detail or of the source; "" for none."""
        if field == "deleted_at":
            return show_plain(value is not None)
        if value in (None, ""):
            return ""
        if field == "manager_id":
            return self._members.get(value, "Somebody who left")
        if field == "photo_id":
            return shorten(self._photos.get(value, "A picture that is gone"))
        if field == "store_number":
            if self._stores is None:
                self._stores = {number: store.name for number, store in read_stores().items()}
            return self._stores.get(value, f"Store {value}")
        return show_detail(field, value)


def show_detail(field: str, value: Any) -> str:
    """Of a detail that points to nothing."""
    if field == "sex":
        return str(Sex(value).label)
    if field == "preferred_channel":
        return str(PreferredChannel(value).label)
    if field == "language":
        return language_name(value)
    return show_plain(value)


def show_plain(value: Any) -> str:
    """Any value that means what it says; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M UTC")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return shorten(str(value))


def shorten(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN].rstrip()}…"


def author_of(name: str, kind: str) -> str:
    """By what name the history calls somebody, or a way by which something was written."""
    return name or str(ActorKind(kind).label)
