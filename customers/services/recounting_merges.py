"""What a customer's timeline says of merges: who went into whom, under the name they have now."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from customers.kinds import CustomerEvent
from customers.models import Customer
from events.links import Link
from events.models import Event

AWAY = CustomerEvent.MERGED_AWAY.name
TYPES = frozenset({CustomerEvent.MERGED.name, AWAY, CustomerEvent.UNMERGED.name})


def told_of(customer: Customer) -> Q:
    """Condition on events: that a profile went into this one is told by this one's own line."""
    return ~Q(type=AWAY) | Q(customer_id=customer.pk)


def merge_places(customer: Customer, events: Collection[Event]) -> dict[int, Link]:
    """Event's id -> the other profile; one query where there are such lines.

    One that stands by itself has a page; of one that has none the history tells.
    """
    told = {one.pk: _other(one, customer) for one in events if one.type in TYPES}
    rows = Customer.objects.filter(number__in=set(told.values())) if told else ()
    links = {one.number: _link(one, customer) for one in rows}
    return {event: links[number] for event, number in told.items() if number in links}


def _other(event: Event, customer: Customer) -> int:
    survivor, other = event.data["survivor"], event.data["other"]
    return int(survivor if other == customer.number else other)


def _link(other: Customer, customer: Customer) -> Link:
    page = reverse("customers:history", args=[customer.number]) if other.is_merged else other.get_absolute_url()
    return Link(page, f"{other.display_name} (#{other.number})")
