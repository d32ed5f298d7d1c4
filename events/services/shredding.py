"""Take out of events what they say of a person: the event stays, its personal keys are empty."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Func, JSONField, Q, QuerySet, Value

from core.database.windows import windows
from events.kinds import all_types
from events.models import Event


def shred_events(
    *, customer_ids: Collection[int], ticket_ids: Collection[int] = (), addresses: Collection[str] = ()
) -> int:
    """Empty the personal keys of customers' events, of their tickets' and of those about one of the addresses.

    Answers how many were found. With addresses it reads all events, some at a time; call inside a transaction.
    """
    theirs = Q(customer_id__in=list(customer_ids)) | Q(ticket_id__in=list(ticket_ids))
    personal = {one.name: sorted(one.personal) for one in all_types() if one.personal}
    shredded = sum(empty_keys(Event.objects.filter(theirs, type=name), *keys) for name, keys in personal.items())
    for events in windows(Event.objects.all()) if addresses else ():
        for name, keys in personal.items():
            about = reduce(or_, (Q(**{f"data__{key}__in": sorted(addresses)}) for key in keys))
            shredded += empty_keys(events.filter(about, type=name), *keys)
    return shredded


def empty_keys(events: QuerySet[Any, Any], *keys: str) -> int:
    """Empty these keys of all of the events, in one statement; answers of how many."""
    blank = Value(dict.fromkeys(keys, ""), output_field=JSONField())
    emptied = Func(F("data"), blank, arg_joiner=" || ", template="%(expressions)s", output_field=JSONField())
    return events.update(data=emptied)
