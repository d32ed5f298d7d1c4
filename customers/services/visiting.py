"""Read what is known of a customer's visits: when they were last there, and how the first visit came about."""

from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer, CustomerSource, Presence
from customers.presence import Sighting
from customers.services.reading import read_presence


@dataclass(frozen=True)
class Visits:
    """`last_seen_at` is None for somebody never seen on chat; `source` for whom no first visit is known of."""

    last_seen_at: datetime | None
    sighting: Sighting
    source: CustomerSource | None


def read_visits(*, customer: Customer, at: datetime) -> Visits:
    """Three or four queries."""
    seen = Presence.objects.filter(customer=customer).first()
    return Visits(
        last_seen_at=seen.last_seen_at if seen else None,
        sighting=read_presence(customer=customer, at=at),
        source=CustomerSource.objects.filter(customer=customer).first(),
    )
