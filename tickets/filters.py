"""Which tickets a list shows: a frozen object that parses itself and narrows a queryset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from accounts.models import Membership
from core.text import clean_text
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.services.searching import search

Narrow = Callable[[TicketQuerySet, Membership], TicketQuerySet]

VIEWS: dict[str, Narrow] = {
    "open": lambda tickets, agent: tickets.open(),
    "mine": lambda tickets, agent: tickets.open().assigned_to(agent),
    "unassigned": lambda tickets, agent: tickets.open().unassigned(),
    "closed": lambda tickets, agent: tickets.closed(),
    "all": lambda tickets, agent: tickets,
}


@dataclass(frozen=True)
class TicketFilter:
    """A view by name, or a search through all tickets. An unknown name is the open tickets."""

    view: str = "open"
    words: str = ""

    @classmethod
    def parse(cls, query: QueryDict) -> TicketFilter:
        view, words = query.get("view", "open"), clean_text(query.get("q", "")).strip()
        if words:
            return cls("all", words)
        return cls(view if view in VIEWS else "open")

    def apply(self, agent: Membership) -> TicketQuerySet:
        """The tickets of this view that the agent may see, with people."""
        tickets = VIEWS[self.view](Ticket.objects.visible_to(agent), agent)
        return search(tickets, self.words).with_people()
