"""Who changed a profile while somebody had it open in edit mode: told before they save, not only where both wrote."""

from datetime import datetime

from accounts.kinds import ActorKind
from accounts.models import Membership
from customers.kinds import CustomerEvent
from customers.models import Customer
from events.services.grouping import read_newest

NEWEST = 50  # events looked through
CHANGES = frozenset(
    str(type)
    for type in (
        CustomerEvent.EDITED,
        CustomerEvent.CONTACT_ADDED,
        CustomerEvent.CONTACT_REMOVED,
        CustomerEvent.CONTACT_CHANGED,
    )
)


def who_changed(*, customer: Customer, since: datetime, besides: Membership) -> tuple[str, ...]:
    """Their names, each once, whoever was first first."""
    me = besides.as_actor()
    newest = read_newest(customer_ids=customer.all_ids, narrow=lambda events: events, size=NEWEST)
    names = [
        event.actor_name or str(ActorKind(event.actor_kind).label)
        for event in newest
        if event.type in CHANGES and event.created_at > since and (event.actor_kind, event.actor_id) != (me.kind, me.id)
    ]
    return tuple(dict.fromkeys(reversed(names)))
