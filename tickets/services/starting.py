"""Start a ticket: an agent writes first."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from accounts.models import Membership
from customers.kinds import ContactKind
from customers.models import Customer
from customers.services import identifying
from tickets.addresses import Person, Recipients
from tickets.bodies import Body
from tickets.models import Inbox, Message, Participant, Ticket
from tickets.services import addressing, assigning, carrying, opening, replying


class NoSubject(Exception):
    """A first letter without a subject looks like a mistake, or like spam."""


def start_ticket(
    *,
    inbox: Inbox,
    subject: str,
    body: Body,
    recipients: Recipients,
    agent: Membership,
    at: datetime,
    customer: Customer | None = None,
    files: Sequence[carrying.Carried] = (),
) -> Message:
    """Open a ticket with a first message to the customer, assigned to its author.

    The customer is who holds the first address, made if nobody does; of several the one given as `customer`. Raises
    NoSubject, and what replying.reply raises.
    """
    subject = " ".join(subject.split())
    if not subject:
        raise NoSubject
    if not body.text:
        raise replying.EmptyText
    addressing.check_recipients(recipients)
    actor = agent.as_actor()
    with transaction.atomic():
        found, reason = _find_customer(recipients.to[0], customer, actor, at)
        ticket = opening.open_ticket(
            inbox=inbox, subject=subject, customer=found, customer_reason=reason, actor=actor, at=at
        )
        _add_first(ticket, recipients.to[0], found)
        ticket = assigning.assign_ticket(ticket=ticket, assignee=agent, actor=actor)
        return replying.reply(ticket=ticket, body=body, agent=agent, at=at, recipients=recipients, files=files)


def _find_customer(to: Person, wanted: Customer | None, actor: Actor, at: datetime) -> tuple[Customer | None, str]:
    if wanted and wanted.contacts.filter(contact__kind=ContactKind.EMAIL, contact__value=to.address).exists():
        return wanted, "Chosen by the agent who wrote first."
    found = identifying.resolve_recipient(typed=to.address, name=to.name, actor=actor, at=at)
    return found.customer, found.reason


def _add_first(ticket: Ticket, to: Person, customer: Customer | None) -> None:
    Participant.objects.create(ticket=ticket, address=to.address, name=to.name, customer=customer)
