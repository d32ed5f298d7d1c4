"""Read the events of several customers that are one person by now as if they were one's."""

from collections.abc import Callable, Collection

from django.db.models import QuerySet

from events.models import Event
from events.models.event import EventQuerySet

Narrow = Callable[[EventQuerySet], QuerySet[Event, Event]]


def read_newest(*, customer_ids: Collection[int], narrow: Narrow, size: int) -> list[Event]:
    """Of those that are left after narrowing, the newest first, in one query.

    Each customer's own newest are read first, along their index: of an `IN` PostgreSQL would sort everything that ever
    happened to any of them.
    """
    parts = [narrow(Event.objects.for_customer(one)).order_by("-pk")[:size] for one in customer_ids]
    return list(parts[0].union(*parts[1:], all=True).order_by("-pk")[:size] if len(parts) > 1 else parts[0])
