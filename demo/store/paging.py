"""Connections: nodes, edges and cursors over a list that is sorted anew for each request."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from graphql import GraphQLError

Item = TypeVar("Item")
SortValue: TypeAlias = datetime | str | int
Key: TypeAlias = tuple[str, int]
LARGEST_PAGE = 250


@dataclass(frozen=True)
class Edge(Generic[Item]):
    node: Item
    cursor: str


@dataclass(frozen=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A connection as the schema reads it."""

    edges: list[Edge[Item]]
    page_info: PageInfo

    @property
    def nodes(self) -> list[Item]:
        """The records without their cursors."""
        return [edge.node for edge in self.edges]


def page(
    items: Sequence[Item],
    arguments: Mapping[str, Any],
    *,
    sort_by: Callable[[Item], SortValue],
    identify: Callable[[Item], int],
) -> Page[Item]:
    """The asked part of `items`. Without `first` and `last`, or beyond 250, it is refused as Shopify does.

    A cursor names the last record's sort value and id, so a page goes on rightly when records come and go meanwhile.
    """

    def key(item: Item) -> Key:
        return _sortable(sort_by(item)), identify(item)

    ordered = sorted(items, key=key, reverse=bool(arguments.get("reverse")))
    first, last = _size(arguments, "first"), _size(arguments, "last")
    if first is None and last is None:
        raise GraphQLError("you must provide one of first or last", extensions={"code": "BAD_REQUEST"})
    start = _start(ordered, key, arguments)
    chosen = ordered[start : _end(ordered, key, arguments)]
    has_next, has_previous = False, start > 0
    if first is not None:
        has_next, chosen = len(chosen) > first, chosen[:first]
    elif last is not None:
        has_previous, chosen = len(chosen) > last, chosen[-last:] if last else []
    edges = [Edge(item, _cursor(key(item))) for item in chosen]
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return Page(edges, PageInfo(has_next, has_previous, *ends))


def _size(arguments: Mapping[str, Any], name: str) -> int | None:
    size = arguments.get(name)
    if size is not None and not 0 <= size <= LARGEST_PAGE:
        text = f"{name} must be between 0 and {LARGEST_PAGE}"
        raise GraphQLError(text, extensions={"code": "BAD_REQUEST"})
    return size


def _sortable(value: SortValue) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:020d}" if isinstance(value, int) else value.casefold()


def _cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps({"last_value": key[0], "last_id": key[1]}).encode()).decode()


def _start(ordered: Sequence[Item], key: Callable[[Item], Key], arguments: Mapping[str, Any]) -> int:
    """Where the list goes on after the cursor `after`."""
    mark = _mark(arguments.get("after"))
    if mark is None:
        return 0
    is_reversed = bool(arguments.get("reverse"))
    past = (key(item) < mark if is_reversed else key(item) > mark for item in ordered)
    return next((place for place, is_past in enumerate(past) if is_past), len(ordered))


def _end(ordered: Sequence[Item], key: Callable[[Item], Key], arguments: Mapping[str, Any]) -> int:
    """Where the list ends before the cursor `before`."""
    mark = _mark(arguments.get("before"))
    if mark is None:
        return len(ordered)
    is_reversed = bool(arguments.get("reverse"))
    reached = (key(item) <= mark if is_reversed else key(item) >= mark for item in ordered)
    return next((place for place, is_there in enumerate(reached) if is_there), len(ordered))


def _mark(cursor: str | None) -> Key | None:
    if cursor is None:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(cursor))
        return str(told["last_value"]), int(told["last_id"])
    except (ValueError, KeyError, TypeError) as error:
        raise GraphQLError(f"Invalid cursor for current pagination sort. ({cursor})") from error
