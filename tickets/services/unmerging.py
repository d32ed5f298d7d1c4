"""Undo the merge of a ticket: what came with it goes back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from accounts.kinds import Actor
from events.models import Event
from events.services.recording import record
from tickets.kinds import Direction, TicketEvent
from tickets.models import Message, Participant, Ticket, TicketTag
from tickets.services.recounting import recount


class NotMerged(Exception):
    """The ticket stands by itself; a colleague was faster."""


def unmerge_ticket(*, ticket: Ticket, actor: Actor) -> Ticket:
    """Give back to a merged ticket what was said on it before, under the old numbers; returns it.

    What was said since stays on the ticket it was merged into, and so does what somebody split off. Raises NotMerged.
    """
    with transaction.atomic():
        ticket, holder = _lock(ticket)
        away = _last(TicketEvent.MERGED_AWAY.name, ticket)
        below = Ticket.objects.merged_below(ticket)
        path = _path(ticket)
        moved = _return_messages(ticket, holder, below)
        ticket.mark_unmerged()
        if away and away.data["was_open"]:
            ticket.mark_open()
        for step in path:
            _take_back(ticket, step)
        _close_again(ticket, holder)
        recount(ticket=ticket)
        recount(ticket=holder)
        for one, other in ((holder, ticket), (ticket, holder)):
            _record(one, other, actor, moved)
    return ticket


def _lock(ticket: Ticket) -> tuple[Ticket, Ticket]:
    """The ticket and the one that holds its messages, both locked: the top of a chain of merges."""
    while True:
        savepoint = transaction.savepoint()
        holder = Ticket.objects.locked_where_messages_go(ticket)
        transaction.savepoint_rollback(savepoint)
        savepoint = transaction.savepoint()
        locked = Ticket.objects.locked_in_order(ticket, holder)
        if locked[ticket.pk].merged_into_id is None:
            raise NotMerged
        if locked[holder.pk].merged_into_id is None:
            transaction.savepoint_commit(savepoint)
            return locked[ticket.pk], locked[holder.pk]
        # The holder was merged away between our two looks: let go of both and look again.
        transaction.savepoint_rollback(savepoint)


def _path(ticket: Ticket) -> list[Ticket]:
    """The tickets it was merged into, one into the other, the last of which holds the messages."""
    path: list[Ticket] = []
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
        path.append(ticket)
    return path


def _return_messages(ticket: Ticket, holder: Ticket, below: dict[int, int]) -> int:
    held = Message.objects.filter(ticket=holder)
    own = held.filter(origin=ticket).update(ticket=ticket, number=F("origin_number"), origin=None, origin_number=None)
    # Of tickets merged into this one: their numbers here were not kept, so they come behind its own.
    others = held.filter(origin_id__in=below).update(ticket=ticket, number=F("number") + ticket.message_count)
    return own + others


def _take_back(ticket: Ticket, holder: Ticket) -> None:
    """People and tags that only merging brought there leave again, if nothing that stays speaks for them."""
    added = [one.data["added"] for one in _merges(holder)]
    still = [*Ticket.objects.merged_below(holder)]
    gone = Participant.objects.filter(ticket=ticket).values("address")
    staying = Participant.objects.filter(ticket_id__in=still)
    wrote = Message.objects.filter(ticket=holder, direction=Direction.IN).values("author_address")
    people = Participant.objects.filter(ticket=holder, address__in=gone).exclude(address__in=wrote)
    joined = people.filter(pk__in=_ids(added, "participants")).exclude(address__in=staying.values("address"))
    joined.delete()
    raised = people.filter(pk__in=_ids(added, "writers"))
    raised.exclude(address__in=staying.filter(has_written=True).values("address")).update(has_written=False)
    tags = TicketTag.objects.filter(ticket=holder, tag_id__in=_ids(added, "tags"))
    tags = tags.filter(tag_id__in=TicketTag.objects.filter(ticket=ticket).values("tag_id"))
    tags.exclude(tag_id__in=TicketTag.objects.filter(ticket_id__in=still).values("tag_id")).delete()


def _close_again(ticket: Ticket, holder: Ticket) -> None:
    """A closed ticket that was opened by this merge alone closes again, unless something was said on it since."""
    merge = next((one for one in _merges(holder) if one.data["other"] == ticket.number), None)
    if merge is None or not merge.data["added"]["opened"] or not holder.is_open:
        return
    if not Message.objects.filter(ticket=holder, created_at__gt=merge.created_at).exists():
        holder.mark_closed(at=merge.created_at)


def _merges(holder: Ticket) -> list[Event]:
    """Merges into this ticket, the newest first."""
    events = Event.objects.for_ticket(holder.pk).filter(type=TicketEvent.MERGED.name)
    return list(events.order_by("-pk"))


def _last(kind: str, ticket: Ticket) -> Event | None:
    event: Event | None = Event.objects.for_ticket(ticket.pk).filter(type=kind).order_by("-pk").first()
    return event


def _ids(added: list[dict[str, list[int]]], key: str) -> set[int]:
    return {pk for one in added for pk in one[key]}


def _record(ticket: Ticket, other: Ticket, actor: Actor, moved: int) -> None:
    record(
        TicketEvent.UNMERGED,
        subject=ticket,
        actor=actor,
        data={"other": other.number, "messages": moved},
        ticket_id=ticket.pk,
        customer_id=ticket.customer_id,
        live=(ticket.live_name, "inbox"),
    )
