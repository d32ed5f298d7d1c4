"""Read what the composer of a ticket begins with: the agent's drafts, and whom a reply goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import Membership
from tickets.addresses import Person, write_people
from tickets.bodies import Body
from tickets.kinds import DraftKind
from tickets.models import Draft, Ticket
from tickets.services import addressing, drafting, signing


@dataclass(frozen=True)
class Desk:
    """`to`, `cc` and `bcc` are as they stand in the fields; `people` are those to choose from.

    `signature` is what will stand below a reply.
    """

    reply: Draft | None
    note: Draft | None
    to: str
    cc: str
    bcc: str
    people: Sequence[Person]
    signature: Body


def read_desk(*, ticket: Ticket, member: Membership) -> Desk:
    """At most three queries. A draft without an address goes where the ticket's replies go."""
    drafts = drafting.read_drafts(member=member, ticket=ticket)
    reply, note = drafts.get(DraftKind.REPLY), drafts.get(DraftKind.NOTE)
    known: Any = _read(ticket, member)
    people = addressing.participants_of(known)
    signature = signing.signature_of(member=member, inbox=ticket.inbox, ticket=ticket, own=known.own_signature)
    if reply and reply.to:
        return Desk(reply, note, reply.to, reply.cc, reply.bcc, people, signature)
    usual = addressing.reply_recipients(known)
    to, cc, bcc = (write_people(one) for one in (usual.to, usual.cc, usual.bcc))
    return Desk(reply, note, to, (reply and reply.cc) or cc, (reply and reply.bcc) or bcc, people, signature)


def _read(ticket: Ticket, member: Membership) -> Ticket:
    """The ticket again with what only its composer needs, in one query."""
    rows = addressing.with_correspondence(Ticket.objects.filter(pk=ticket.pk))
    found = rows.annotate(own_signature=signing.own_signature(member)).get()
    found.customer, found.inbox = ticket.customer, ticket.inbox
    return found
