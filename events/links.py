"""Where an event leads: apps above say which page shows its subject, and only to members who may see it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Membership
from events.models import Event


@dataclass(frozen=True)
class Link:
    """A page and what it is called; `excerpt` is the beginning of what was written, where something was."""

    url: str
    title: str
    excerpt: str = ""


# Event's id -> link, for those of the events it knows that the member may see, in a constant number of queries.
Finder = Callable[[Membership, Collection[Event]], Mapping[int, Link]]

# The same events without those whose subject the member may not see; events of other subjects stay.
Sight = Callable[[Membership, QuerySet[Event]], QuerySet[Event]]

_finders: list[Finder] = []
_sights: list[Sight] = []


def register(finder: Finder) -> None:
    """Ask this finder too. Apps above register theirs at start-up."""
    if finder not in _finders:
        _finders.append(finder)


def find_links(member: Membership, events: Collection[Event]) -> dict[int, Link]:
    """Links of the events that lead somewhere this member may go."""
    found: dict[int, Link] = {}
    for finder in _finders:
        found.update(finder(member, events))
    return found


def register_sight(sight: Sight) -> None:
    """Ask this one too, of what a member may see. Apps above register theirs at start-up."""
    if sight not in _sights:
        _sights.append(sight)


def seen_by(member: Membership, events: QuerySet[Event]) -> QuerySet[Event]:
    """The events whose subjects the member may see."""
    for sight in _sights:
        events = sight(member, events)
    return events
