"""Take out of events what they say of a person: the event stays, its personal keys are empty."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from events.kinds import all_types
from events.models import Event

READ = 500  # events at a time


def shred_events(*, customer_id: int, ticket_ids: Collection[int] = (), addresses: Collection[str] = ()) -> int:
    """Empty the personal keys of a customer's events, of their tickets' and of those about one of the addresses.

    Answers how many. Reads all events of the types that have such keys; call inside a transaction.
    """
    keys = {one.name: one.personal for one in all_types() if one.personal}
    theirs = Q(customer_id=customer_id) | Q(ticket_id__in=list(ticket_ids))
    for key in {key for personal in keys.values() for key in personal}:
        theirs |= Q(**{f"data__{key}__in": sorted(addresses)})
    shredded = 0
    for event in Event.objects.filter(theirs, type__in=list(keys)).iterator(chunk_size=READ):
        blank = {key: "" for key in keys[event.type] if event.data.get(key)}
        if blank:
            Event.objects.filter(pk=event.pk).update(data={**event.data, **blank})
            shredded += 1
    return shredded
