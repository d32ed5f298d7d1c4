"""One page of a list, and the links to every other view."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.models import Membership
from core.paging import Page, read_page
from tickets.filters.describing import Chip, chips_of
from tickets.filters.ticket_filter import VIEWS, Sort, TicketFilter
from tickets.models import Ticket
from tickets.services.permitting import has_inbox
from tickets.services.viewing import count_each, has_teams, views_of, with_marks

PAGE_SIZE = 50
TEAM = "team"  # a view for those who are in one


@dataclass(frozen=True)
class ViewLink:
    """`count` is "" where none is shown: only open work is counted."""

    name: str
    query: str
    is_current: bool
    is_saved: bool = False
    count: str = ""


@dataclass(frozen=True)
class Listing:
    """What the list column shows. `query` is the filter's own; `place` says where in the list, too."""

    chosen: TicketFilter
    page: Page[Ticket]
    chips: Sequence[Chip]
    title: str
    is_a_view: bool  # False: it may be saved as one
    before: str
    selected: int | None
    has_inbox: bool  # False: the list is empty because the agent may see no inbox at all

    @cached_property
    def query(self) -> str:
        return self.chosen.as_query()

    @property
    def view(self) -> str:
        return self.chosen.view

    @property
    def is_by_topic(self) -> bool:
        return self.chosen.sort == Sort.TOPIC

    @cached_property
    def place(self) -> str:  # asked for by every row
        return _joined(self.query, before=self.before)

    @property
    def older(self) -> str:
        """The query string of the next page, "" where the list ends."""
        return _joined(self.query, before=self.page.next_cursor) if self.page.next_cursor else ""

    @property
    def newer(self) -> str:
        """The query string of the page before, "" at the beginning."""
        return _joined(self.query, before=self.page.previous_cursor) if self.page.previous_cursor else ""

    @property
    def has_several_inboxes(self) -> bool:
        return len({ticket.inbox_id for ticket in self.page.rows}) > 1


def read_listing(query: QueryDict, agent: Membership) -> Listing:
    """The page of tickets a query string asks for."""
    chosen, before, selected = TicketFilter.parse(query), query.get("before", ""), query.get("selected", "")
    rows, saved = with_marks(chosen.apply(agent), agent), _saved_title(chosen, agent)
    page = read_page(rows, order=chosen.order, cursor=before, size=PAGE_SIZE)
    return Listing(
        chosen=chosen,
        page=page,
        chips=() if chosen in VIEWS.values() else chips_of(chosen, agent),
        title=saved or _title(chosen),
        is_a_view=chosen in VIEWS.values() or bool(saved),
        before=before,
        selected=int(selected) if selected.isdecimal() and len(selected) < 19 else None,
        has_inbox=bool(page.rows) or has_inbox(agent),
    )


def title_of(chosen: TicketFilter, agent: Membership) -> str:
    """The name of the view this is, whatever the order of a ready one; "" when it is none."""
    return _saved_title(chosen, agent) or _title(chosen)


def links_to_views(chosen: TicketFilter) -> list[ViewLink]:
    """The views that everybody has: the first answer asks nothing of the database for them."""
    return _ready_links(chosen, [name for name in VIEWS if name != TEAM or chosen.view == TEAM])


def counted_links(chosen: TicketFilter, agent: Membership) -> list[ViewLink]:
    """Every view of the agent, those of open work with their counts, in three queries."""
    ready = _ready_links(chosen, [name for name in VIEWS if name != TEAM or has_teams(agent)])
    links = [*ready, *_saved_links(chosen, agent)]
    views = {link.query: TicketFilter.parse(link.query) for link in links}
    counted = {query: view.apply(agent) for query, view in views.items() if view.is_work and not view.q}
    counts = dict(zip(counted, count_each(list(counted.values())), strict=True))
    return [replace(link, count=counts.get(link.query, "")) for link in links]


def _ready_links(chosen: TicketFilter, names: Iterable[str]) -> list[ViewLink]:
    return [ViewLink(_name(name), VIEWS[name].as_query(), chosen.view == name) for name in names]


def _saved_links(chosen: TicketFilter, agent: Membership) -> list[ViewLink]:
    # Read anew: what was saved may name fields in another order, or some that are no more.
    saved = [(view.name, TicketFilter.parse(view.query)) for view in views_of(member=agent)]
    return [ViewLink(name, one.as_query(), one == chosen, True) for name, one in saved]


def _saved_title(chosen: TicketFilter, agent: Membership) -> str:
    # The ready views, which are most of what is looked at, need no query.
    if chosen in VIEWS.values():
        return ""
    return next((link.name for link in _saved_links(chosen, agent) if link.is_current), "")


def _title(chosen: TicketFilter) -> str:
    return _name(chosen.view) if chosen.view else ""


def _name(view: str) -> str:
    return "My teams" if view == TEAM else view.capitalize()


def _joined(query: str, *, before: str) -> str:
    return "&".join(part for part in (query, urlencode({"before": before}) if before else "") if part)
