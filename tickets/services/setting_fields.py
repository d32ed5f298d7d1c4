"""Say what the custom fields of a ticket hold (F8)."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from customers.field_values import Value
from customers.kinds import FieldTarget
from customers.services.showing_fields import facts_of, has_fields
from customers.services.writing_fields import write_typed
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Ticket
from tickets.models.ticket import TicketQuerySet


def set_fields(
    *,
    ticket: Ticket,
    typed: Mapping[str, str],
    zone: ZoneInfo,
    actor: Actor,
    based_on: Mapping[str, Value] | None = None,
) -> frozenset[str]:
    """As writing_fields.write_typed, with the ticket locked and the change told; returns the codes that changed.

    Raises NotFitting, FieldsContested.
    """
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        changed = write_typed(ticket, typed=typed, zone=zone, actor=actor, based_on=based_on)
        if changed:
            record(
                TicketEvent.FIELDS_SET,
                subject=ticket,
                actor=actor,
                data={"fields": list(changed), "names": [field.name for field in changed.values()]},
                ticket_id=ticket.pk,
                customer_id=ticket.customer_id,
                live=(ticket.live_name, "inbox"),
            )
    return frozenset(changed)


def with_fields(tickets: TicketQuerySet, zone: ZoneInfo) -> TicketQuerySet:
    """With what is said as `field_list` (name, value, is_gone) and whether anything could be, as `has_fields`."""
    return tickets.annotate(field_list=facts_of(Ticket, zone=zone), has_fields=has_fields(FieldTarget.TICKET))
