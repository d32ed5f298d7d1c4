"""One page of a list that stands still while it is read: what came since is counted, and shown when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.http import QueryDict

from core.paging import Page, read_page

M = TypeVar("M", bound=models.Model)

COUNTED = 99  # of what came since
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Place:
    """Which page of a list is read, and up to which row it knows the list; None: up to now."""

    cursor: str = ""
    upto: int | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> Place:
        """What we cannot read means the first page as it is now."""
        upto = query.get("upto", "")
        known = upto.isascii() and upto.isdecimal() and len(upto) < len(str(LARGEST_ID))
        return cls(query.get("before", ""), int(upto) if known else None)


@dataclass(frozen=True)
class Steady(Generic[M]):
    """`newer` rows came since `upto`. The queries go behind the list's URL: "?…" or ""."""

    rows: tuple[M, ...]
    newer: int
    again: str  # asks for this very page
    next: str
    previous: str

    @property
    def has_pages(self) -> bool:
        return bool(self.next or self.previous)


def read_steady(rows: models.QuerySet[M, M], *, order: Sequence[str], place: Place, size: int) -> Steady[M]:
    """The page at `place`, in two queries; rows with an id beyond `place.upto` are left out and counted.

    `order` is as in `core.paging.read_page`.
    """
    upto = place.upto if place.upto is not None else _last_id(rows.model)
    page: Page[M] = read_page(rows.filter(pk__lte=upto), order=order, cursor=place.cursor, size=size)
    newer = 0 if place.upto is None else rows.filter(pk__gt=upto).order_by()[: COUNTED + 1].count()
    return Steady(
        rows=page.rows,
        newer=newer,
        again=_query(upto, place.cursor),
        next=_query(upto, page.next_cursor) if page.next_cursor else "",
        previous=_query(upto, page.previous_cursor) if page.previous_cursor else "",
    )


def _last_id(model: type[models.Model]) -> int:
    """Of the whole workspace, which its key (tenant, id) tells at once."""
    found: int | None = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return found or 0


def _query(upto: int, before: str) -> str:
    return "?" + urlencode({"upto": upto} | ({"before": before} if before else {}))
