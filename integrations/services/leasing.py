"""One worker at a time compares and writes a link's note: a lease in its row, since no transaction spans a call."""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from core.retry import Retryable
from events.models import Event
from integrations.models import StoreCustomer

# Longer than the calls of one pass may take together.
LEASE = timedelta(seconds=20)


class Busy(Retryable):
    """Another worker is at this very note."""

    after = 1.0


@contextmanager
def leased(link: StoreCustomer, *, cause: Event | None) -> Iterator[uuid.UUID]:
    """Hold the link's lease within the block, for LEASE at most; gives its token. Raises Busy.

    Who comes for the same event as the holder takes the lease over at once: they work the event's reaction, so the
    holder has lost it, most likely to a kill -9. Should the holder live after all, its token tells it to stop.
    """
    lease = _token(cause)
    rows = StoreCustomer.objects.filter(pk=link.pk)
    with transaction.atomic():
        # The database's clock, so that workers whose clocks differ agree about what is over.
        free = Q(leased_until=None) | Q(leased_until__lt=Now())
        own = Q(lease__gte=_first(cause), lease__lt=_first(cause, after=True)) if cause else Q(pk=None)
        won = rows.filter(free | own).update(lease=lease, leased_until=Now() + LEASE)
    if not won:
        raise Busy("another worker is at this note")
    try:
        yield lease
    finally:
        _release(rows, lease)


def _release(rows: QuerySet[StoreCustomer], lease: uuid.UUID) -> None:
    with transaction.atomic():
        rows.filter(lease=lease).update(lease=None, leased_until=None)


def _token(cause: Event | None) -> uuid.UUID:
    """Begins with the event's id; the rest is chance."""
    return uuid.UUID(int=_first(cause).int | secrets.randbits(64))


def _first(cause: Event | None, *, after: bool = False) -> uuid.UUID:
    """The least token of an event, or of the one after it."""
    return uuid.UUID(int=((cause.pk if cause else 0) + after) << 64)
