"""The threading guard (B16): a mail joins a ticket only with proof."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.tenancy import TenantQuerySet, active_tenant_id
from channels.models import MailReference
from channels.registry import channel
from channels.types import InboundMessage
from core.crypto import derived_keys
from core.database.queries import Query
from core.database.rows import insert_missing
from tickets.models import Inbox, Message, Participant, Ticket

KEY_PURPOSE = "mail-id"
# A thread that names more mails than this names its newest ones first and last; the rest prove nothing new.
REFERENCES_READ = 50
ROWS_READ = 200
_MESSAGES = Query(lambda ids: Message.objects.filter(pk__in=ids).select_related("ticket"))
_REFERENCES = Query(lambda digests: _references(digests).order_by("-pk")[:ROWS_READ])
_PLACES = Query(lambda tickets, address: Participant.objects.filter(ticket_id__in=tickets, address=address))


@dataclass(frozen=True)
class Joining:
    """Where a mail belongs. Without `ticket` it opens a new one, linked to `linked_to` when it answers something.

    `by_stranger`: it has our proof, and its sender is not on the ticket.
    """

    ticket: Ticket | None
    because: str
    linked_to: Ticket | None = None
    by_stranger: bool = False


def find_ticket(*, inbox: Inbox, parsed: InboundMessage) -> Joining:
    """By a signed address or id of ours, or by a known mail and a sender who already is on its ticket.

    A ticket number in the subject proves nothing.
    """
    signed = _signed(inbox, parsed)
    if signed is not None:
        by_stranger = _of_sender([signed], parsed) is None
        return Joining(signed, "Answers a message of ours (signed)", by_stranger=by_stranger)
    known = _known(parsed)
    if not known:
        return Joining(None, "Starts a conversation")
    if ticket := _of_sender(known, parsed):
        return Joining(ticket, "Answers a known message, from an address on this ticket")
    return Joining(None, "Answers a message of another ticket, but its sender is not on it", linked_to=known[0])


def remember(*, message: Message, mail_id: str) -> None:
    """Remember by which Message-ID a message is known."""
    if mail_id:
        insert_missing([MailReference(of_message=message, digest=digest(mail_id), message_id=mail_id)])


def find_message(mail_id: str) -> Message | None:
    """The newest message known by this Message-ID."""
    row = _references([digest(mail_id)]).order_by("-pk").first()
    return row.of_message if row else None


def _references(digests: Sequence[str]) -> TenantQuerySet[MailReference]:
    rows: TenantQuerySet[MailReference] = MailReference.objects.filter(digest__in=digests)
    return rows.select_related("of_message__ticket")


def digest(mail_id: str) -> str:
    return hashlib.sha256(mail_id.strip().encode("utf-8", "surrogatepass")).hexdigest()


def _signed(inbox: Inbox, parsed: InboundMessage) -> Ticket | None:
    """By the message it answers, wherever that stands by now, else by the ticket it was on when it was signed.

    A message may have been moved since, by a merge or a split; the newest reference says most.
    """
    read = channel(inbox.kind).read_proofs(parsed, keys=derived_keys(KEY_PURPOSE))
    proofs = [one for one in read if one.tenant_id == active_tenant_id()]
    if not proofs:
        return None
    answered = {one.pk: one.ticket for one in _MESSAGES.all([one.message_id for one in proofs])}
    if found := next((answered[one.message_id] for one in proofs if one.message_id in answered), None):
        return found
    ticket = Ticket.objects.filter(pk__in=[one.ticket_id for one in proofs]).order_by("-pk").first()
    return ticket.where_messages_go() if ticket else None


def _known(parsed: InboundMessage) -> list[Ticket]:
    """Tickets with a mail that this one names, newest mail first."""
    rows = _REFERENCES.all([digest(one) for one in _referenced(parsed)])
    return list({row.of_message.ticket_id: row.of_message.ticket for row in rows}.values())


def _referenced(parsed: InboundMessage) -> Sequence[str]:
    named = dict.fromkeys(one for one in (parsed.in_reply_to, *reversed(parsed.references)) if one)
    return list(named)[:REFERENCES_READ]


def _of_sender(tickets: Sequence[Ticket], parsed: InboundMessage) -> Ticket | None:
    """The one its sender is on. Where they wrote comes before where they were copied: a stranger may have given
    their own mail the same Message-ID, with somebody copied whose answers they would like to get.
    """
    if parsed.sender is None:
        return None
    places = _PLACES.all([one.pk for one in tickets], parsed.sender.email)
    wrote = {one.ticket_id: one.has_written for one in places}
    return min((one for one in tickets if one.pk in wrote), key=lambda one: not wrote[one.pk], default=None)
