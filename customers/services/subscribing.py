"""Whether mailings may go to an e-mail address (F11, D25): one state per address, whoever holds it."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from customers.kinds import ContactKind, CustomerEvent, Subscription
from customers.models import Contact, CustomerContact
from events.services.recording import record


class NoMailbox(Exception):
    """Only e-mail addresses are subscribed."""


def set_subscription(*, contact: Contact, state: Subscription, actor: Actor, at: datetime) -> Contact:
    """Say it for an address. The later word counts: one from before the last is dropped, as late webhooks are.

    Raises NoMailbox.
    """
    if ContactKind(contact.kind) is not ContactKind.EMAIL:
        raise NoMailbox
    with transaction.atomic():
        contact = Contact.objects.locked(contact)
        is_late = contact.subscription_at is not None and at < contact.subscription_at
        if is_late or contact.subscription == state:
            return contact
        contact.mark_subscription(state=state, at=at, origin=actor.kind)
        for line in CustomerContact.objects.of_contact(contact):
            record(
                CustomerEvent.CONTACT_CHANGED,
                subject=line,
                actor=actor,
                data={"kind": contact.kind, "contact": contact.pk, "change": str(state) or "unknown"},
                customer_id=line.customer_id,
                at=at,
                live=[line.customer.live_name],
            )
    return contact
