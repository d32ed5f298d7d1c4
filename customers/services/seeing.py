"""Remember when a customer was last seen on chat, and by what evidence (F63)."""

from datetime import datetime

from accounts.services.configuring import read_all
from customers.kinds import Evidence
from customers.models import Customer, Presence
from customers.options import cutoffs_of
from customers.presence import judge
from events.services.announcing import announce


def see(*, customer: Customer, evidence: Evidence, at: datetime) -> bool:
    """Move last seen forward to `at`; returns whether it moved. Signs that arrive late never move it back.

    Pages are told only when the dot turns: a ping every two minutes is no news.
    """
    customer = Customer.objects.top_of(customer.pk)
    before = Presence.objects.filter(customer=customer).values_list("last_seen_at", flat=True).first()
    if before is None:
        Presence.objects.bulk_create(
            [Presence(customer=customer, last_seen_at=at, evidence=evidence)], ignore_conflicts=True
        )
    # Also after an insert, which does nothing when another sign came first. One conditional update: of two signs at
    # one moment the later stays, whichever is written last.
    older = Presence.objects.filter(customer=customer, last_seen_at__lt=at)
    moved = older.update(last_seen_at=at, evidence=evidence)
    if before is not None and not moved:
        return False
    cutoffs = cutoffs_of(read_all())
    if judge(last_seen_at=before, evidence=evidence, at=at, cutoffs=cutoffs).state != "active":
        announce(customer.live_name)
    return True
