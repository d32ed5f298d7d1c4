"""Which tickets a list shows, in which order, and how that is said in words."""

from tickets.filters.describing import Chip, chips_of, describe
from tickets.filters.listing import Listing, ViewLink, counted_links, links_to_views, read_listing, title_of
from tickets.filters.ticket_filter import VIEWS, Assignee, Sort, TicketFilter, strangers_in

__all__ = [
    "VIEWS",
    "Assignee",
    "Chip",
    "Listing",
    "Sort",
    "TicketFilter",
    "ViewLink",
    "chips_of",
    "counted_links",
    "describe",
    "links_to_views",
    "read_listing",
    "strangers_in",
    "title_of",
]
