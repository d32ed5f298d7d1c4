"""Work out anew what a ticket says of its messages, after some came from another ticket or went to one."""

from __future__ import annotations

from django.db.models import Max, Min, Q

from core.text import excerpt
from tickets.kinds import Direction
from tickets.models import Message, Ticket

PREVIEW = 200  # characters


def recount(*, ticket: Ticket) -> Ticket:
    """Preview, last message, first reply and whether it waits for one, from its messages. The row must be locked.

    Internal notes are no part of the conversation, our acknowledgements are no answers, and automatic answers wait for
    none. A ticket without any of it left says nothing and waits for nothing.
    """
    messages = Message.objects.filter(ticket=ticket)
    said = messages.exclude(direction=Direction.NOTE).exclude(direction=Direction.OUT, is_automatic=True)
    said = said.only("text", "created_at", "direction", "is_automatic").order_by("-created_at", "-number")
    last = person = said.first()
    if last and last.is_automatic:
        person = said.filter(is_automatic=False).first()
    replied = Min("created_at", filter=Q(direction=Direction.OUT, is_automatic=False))
    facts = messages.aggregate(most=Max("number"), replied=replied)
    ticket.mark_recounted(
        preview=excerpt(last.text, PREVIEW) if last else "",
        last_message_at=last.created_at if last else ticket.created_at,
        awaits_reply=person.is_inbound if person else False,
        first_replied_at=facts["replied"],
        most=facts["most"] or 0,
    )
    return ticket
