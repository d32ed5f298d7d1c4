"""Compare after something happened: one customer after a change, all or some after an import."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from core.retry import Retryable
from customers.models import CustomerImport, ImportRow
from customers.services.suggesting import renewing, working
from events.models import Event
from events.services.reacting import Batch

# Imported customers who are compared one by one; of more, all customers of the workspace are.
SOME = 1_000
# Nothing that is compared has changed, and yet the two are suggested now, or no more.
SAID_OF_PAIR = frozenset({"suggestion.dismissed", "suggestion.taken_up", "customer.merged", "customer.unmerged"})


def work_batch(*, batch: Batch, at: datetime) -> None:
    """All customers of these events at once; each by themselves if that does not work."""
    is_done, busy = False, None
    for place, event in enumerate(batch.events):
        with batch.attempt(event):
            if busy is not None:
                raise busy
            try:
                if not is_done:
                    _compare([event] if place else batch.events, at)
                    is_done = not place
            except Retryable as error:
                busy = error
                raise


def follow_import(*, event: Event, at: datetime) -> None:
    """After an import has ended, or was undone."""
    with transaction.atomic():
        taken = CustomerImport.objects.filter(pk=event.subject_id).first()
        rows = ImportRow.objects.filter(customer_import=taken, customer__isnull=False)
        ids = set(rows.values_list("customer_id", flat=True)[: SOME + 1])
    if len(ids) > SOME or (ids and renewing.renew(ids=ids, at=at)):
        working.start(member=None)


def _compare(events: Collection[Event], at: datetime) -> None:
    ids = {one.customer_id for one in events if one.customer_id}
    of_pairs = {one.customer_id for one in events if one.customer_id and one.type in SAID_OF_PAIR}
    is_old = bool(ids) and renewing.renew(ids=ids, at=at)
    if of_pairs:
        renewing.compare_again(ids=of_pairs, at=at)
    if is_old:
        working.start(member=None)
