"""One worker at a time compares and writes a link's note: a lease in its row, since no transaction spans a call."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from core.retry import Retryable
from integrations.models import StoreCustomer

# Longer than the calls of one pass may take; shorter than a reaction's lease, so that the next worker of a killed
# one's reaction finds this one over as well.
LEASE = timedelta(seconds=20)


class Busy(Retryable):
    """Another worker is at this very note."""

    after = 1.0


@contextmanager
def leased(link: StoreCustomer) -> Iterator[uuid.UUID]:
    """Hold the link's lease within the block, for LEASE at most; gives its token. Raises Busy."""
    lease = uuid.uuid4()
    rows = StoreCustomer.objects.filter(pk=link.pk)
    with transaction.atomic():
        # The database's clock, so that workers whose clocks differ agree about what is over.
        free = rows.filter(Q(leased_until=None) | Q(leased_until__lt=Now()))
        won = free.update(lease=lease, leased_until=Now() + LEASE)
    if not won:
        raise Busy("another worker is at this note")
    try:
        yield lease
    finally:
        with transaction.atomic():
            rows.filter(lease=lease).update(lease=None, leased_until=None)
