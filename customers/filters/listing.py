"""One page of the customers: the rows, what narrows them, and the way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from urllib.parse import parse_qsl, urlencode

import structlog
from django.http import QueryDict
from django.urls import reverse

from accounts.models import Membership
from core.database.bounding import TookTooLong, bounded, read_whole
from core.paging import Page, read_sections
from customers.filters.columns import Column, Row, chosen_columns, read_columns, show_rows, with_columns
from customers.filters.customer_filter import REGISTERED, CustomerFilter
from customers.filters.describing import Chip, chips_of
from customers.filters.narrowing import narrow
from customers.filters.sorting import SORTS, sections_of
from customers.models import Customer
from customers.services.searching import search

log = structlog.get_logger(__name__)

PAGE_SIZE = 50
# That a statement of the list may take: along an index, which mostly answers in a moment; then everything read once.
QUICK, SECONDS = 1.0, 3.0


@dataclass(frozen=True)
class Heading:
    """A column's heading: `query` sorts by it, "" for one that orders nothing. `way` is as ARIA has it."""

    label: str
    look: str
    query: str | None
    way: str


@dataclass(frozen=True)
class Order:
    """An order one may choose."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class Listing:
    """What the page shows. `took_too_long` says that there was no answer in time, and the rows are none."""

    chosen: CustomerFilter
    page: Page[Customer]
    rows: Sequence[Row]
    columns: Sequence[Column]
    chips: Sequence[Chip]
    before: str
    took_too_long: bool = False
    # The list ends here, and the search has not looked at everybody.
    is_cut: bool = False

    @cached_property
    def query(self) -> str:
        return self.chosen.as_query()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Names and values of what a new search leaves as it is."""
        return parse_qsl(self.chosen.without("q").as_query())

    @property
    def place(self) -> str:
        """The query string of this very page."""
        return _joined(self.query, self.before)

    @property
    def older(self) -> str:
        """The query string of the next page, "" where the list ends."""
        return _joined(self.query, self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def newer(self) -> str:
        """The query string of the page before, "" at the beginning."""
        return _joined(self.query, self.page.previous_cursor) if self.page.previous_cursor else ""

    @property
    def name_heading(self) -> Heading:
        return self._heading("Name", "name", "")

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column.label, column.sort, column.look) for column in self.columns]

    @property
    def orders(self) -> list[Order]:
        """Every order as a link, for windows without headings; the one it has turns it round."""
        now = self.chosen.sort.removeprefix("-")
        return [Order(one.label, self.chosen.sorted_by(name).as_query(), name == now) for name, one in SORTS.items()]

    @property
    def order(self) -> str:
        """The order in words."""
        words = SORTS[self.chosen.sort.removeprefix("-")].label
        return f"{words}, turned round" if self.chosen.sort.startswith("-") else words

    @property
    def quicker(self) -> str | None:
        """The same in the order that needs no sorting; None where it is that order already."""
        return None if self.chosen.sort == REGISTERED else self.chosen.sorted_by(REGISTERED).as_query()

    def _heading(self, label: str, sort: str, look: str) -> Heading:
        if not sort:
            return Heading(label, look, None, "")
        return Heading(label, look, self.chosen.sorted_by(sort).as_query(), self._way(sort))

    def _way(self, sort: str) -> str:
        if self.chosen.sort.removeprefix("-") != sort:
            return ""
        rises = not SORTS[sort].columns[0].startswith("-")
        return "ascending" if rises != self.chosen.sort.startswith("-") else "descending"


def read_listing(query: QueryDict, agent: Membership, *, at: datetime) -> Listing:
    """The page of customers a query string asks for."""
    chosen, before = CustomerFilter.parse(query), query.get("before", "")
    columns, chips = chosen_columns(agent, read_columns()), chips_of(chosen)
    try:
        page = _read_page(chosen, agent, columns, before)
    except TookTooLong:
        return Listing(chosen, Page((), None, None), (), columns, chips, before, took_too_long=True)
    rows = show_rows(page.rows, columns, reader=agent, at=at)
    return Listing(chosen, page, rows, columns, chips, before, is_cut=_is_cut(chosen, page))


def _is_cut(chosen: CustomerFilter, page: Page[Customer]) -> bool:
    """Asked only where the list ends and the search may have: fewer than a page of a mere search are all there are."""
    if not chosen.q or page.next_cursor is not None:
        return False
    is_mere = page.previous_cursor is None and chosen == CustomerFilter(q=chosen.q, sort=chosen.sort)
    return not is_mere and not search(chosen.q).is_whole


def _read_page(chosen: CustomerFilter, agent: Membership, columns: Sequence[Column], before: str) -> Page[Customer]:
    """Raises TookTooLong."""
    try:
        with bounded(seconds=QUICK):
            sections = sections_of(chosen, partial(narrow, chosen, agent))
            shown = [replace(one, rows=with_columns(one.rows, columns)) for one in sections]
            return read_sections(shown, cursor=before, size=PAGE_SIZE)
    except TookTooLong:
        log.info("customers.read_whole", query=chosen.as_query())
    with bounded(seconds=SECONDS):
        read_whole()
        sections = sections_of(chosen, partial(narrow, chosen, agent), as_whole=True)
        page = read_sections(sections, cursor=before, size=PAGE_SIZE)
    rows = with_columns(Customer.objects.filter(pk__in=[row.pk for row in page.rows]), columns).in_bulk()
    return replace(page, rows=tuple(rows[row.pk] for row in page.rows if row.pk in rows))


def list_url(query: str) -> str:
    """The page of the list that a filter's query string names."""
    return f"{reverse('customers:list')}{'?' if query else ''}{query}"


def _joined(query: str, before: str | None) -> str:
    return "&".join(part for part in (query, urlencode({"before": before}) if before else "") if part)
