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
    before = Presence.objects.filter(customer=customer).values_list("last_seen_at", flat=True).first()
    if not (_move(customer, evidence, at) or (_insert(customer, evidence, at) or _move(customer, evidence, at))):
        return False
    cutoffs = cutoffs_of(read_all())
    if judge(last_seen_at=before, evidence=evidence, at=at, cutoffs=cutoffs).state != "active":
        announce(customer.live_name)
    return True


def _move(customer: Customer, evidence: Evidence, at: datetime) -> bool:
    # One conditional update: of two signs at one moment the later one stays, whichever is written last.
    older = Presence.objects.filter(customer=customer, last_seen_at__lt=at)
    return bool(older.update(last_seen_at=at, evidence=evidence))


def _insert(customer: Customer, evidence: Evidence, at: datetime) -> bool:
    row = Presence(customer=customer, last_seen_at=at, evidence=evidence)
    Presence.objects.bulk_create([row], ignore_conflicts=True)
    return Presence.objects.filter(customer=customer, last_seen_at=at, evidence=evidence).exists()
