"""Merge one ticket into another."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from accounts.kinds import Actor
from events.services.recording import record
from tickets.kinds import TicketEvent
from tickets.models import Draft, DraftFile, Message, Participant, Ticket, TicketTag
from tickets.services.recounting import recount

Added = dict[str, list[int]]


class SameTicket(Exception):
    """A ticket cannot be merged into itself."""


class AlreadyMerged(Exception):
    """One of the two is merged into another ticket; `ticket` is that one."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(f"{ticket} is merged")
        self.ticket = ticket


def merge_tickets(*, source: Ticket, into: Ticket, actor: Actor, at: datetime) -> Ticket:
    """Move everything said on `source` to `into`, which is returned; `source` stays, closed and empty.

    Messages get new numbers behind the target's own and remember the old ones. When either is open, the result is.
    Raises SameTicket, AlreadyMerged.
    """
    if source.pk == into.pk:
        raise SameTicket
    with transaction.atomic():
        locked = Ticket.objects.locked_in_order(source, into)
        source, into = locked[source.pk], locked[into.pk]
        # Since a merged ticket takes part in no merge, no chain of merges can come back to where it began.
        for one in (source, into):
            if one.merged_into_id is not None:
                raise AlreadyMerged(one)
        moved = _move_messages(source, into)
        added = {**_join_participants(source, into), "tags": _join_tags(source, into)}
        _move_drafts(source, into, at)
        was_open, opened = source.is_open or source.is_snoozed, source.is_open and not into.is_open
        source.mark_merged(into=into, at=at)
        if opened:
            into.mark_open()
        recount(ticket=into)
        _record(source, into, actor, moved, {**added, "opened": opened}, was_open)
    return into


def _move_messages(source: Ticket, into: Ticket) -> int:
    """One statement, however many. What came from a third ticket keeps that as its origin."""
    return Message.objects.filter(ticket=source).update(
        ticket=into,
        number=F("number") + into.message_count,
        origin=Coalesce(F("origin"), Value(source.pk)),
        origin_number=Coalesce(F("origin_number"), F("number")),
    )


def _join_participants(source: Ticket, into: Ticket) -> Added:
    """The target's people and the source's, each once. The source keeps its own rows, for the way back."""
    here = {one.address: one for one in Participant.objects.filter(ticket=into)}
    there = list(Participant.objects.filter(ticket=source).order_by("pk"))
    rows = Participant.objects.bulk_create(
        Participant(
            ticket=into,
            address=one.address,
            name=one.name,
            customer_id=one.customer_id,
            origin_customer_id=one.origin_customer_id,
            has_written=one.has_written,
        )
        for one in there
        if one.address not in here
    )
    raised = [
        here[one.address].pk
        for one in there
        if one.has_written and one.address in here and not here[one.address].has_written
    ]
    Participant.objects.filter(pk__in=raised).update(has_written=True)
    return {"participants": [one.pk for one in rows], "writers": raised}


def _join_tags(source: Ticket, into: Ticket) -> list[int]:
    """Ids of the tags that the target did not have."""
    here = TicketTag.objects.filter(ticket=into).values("tag_id")
    tags = list(TicketTag.objects.filter(ticket=source).exclude(tag_id__in=here).values_list("tag_id", flat=True))
    TicketTag.objects.bulk_create((TicketTag(ticket=into, tag_id=tag) for tag in tags), ignore_conflicts=True)
    return tags


def _move_drafts(source: Ticket, into: Ticket, at: datetime) -> None:
    """What agents were writing goes along; where one wrote on both, the words stand below each other."""
    here = {(one.member_id, one.kind): one for one in Draft.objects.filter(ticket=into)}
    for draft in Draft.objects.filter(ticket=source):
        other = here.get((draft.member_id, draft.kind))
        if other is None:
            Draft.objects.filter(pk=draft.pk).update(ticket=into)
            continue
        kept = DraftFile.objects.filter(draft=other).values("file_id")
        DraftFile.objects.filter(draft=draft).exclude(file_id__in=kept).update(draft=other)
        html = f"{other.html}{draft.html}"
        Draft.objects.filter(pk=other.pk).update(html=html, version=F("version") + 1, updated_at=at)
        draft.delete()


def _record(source: Ticket, into: Ticket, actor: Actor, moved: int, added: dict[str, object], was_open: bool) -> None:
    merged = record(
        TicketEvent.MERGED,
        subject=into,
        actor=actor,
        data={"other": source.number, "messages": moved, "added": added},
        ticket_id=into.pk,
        customer_id=into.customer_id,
        live=(into.live_name, source.live_name, "inbox"),
    )
    record(
        TicketEvent.MERGED_AWAY,
        subject=source,
        actor=actor,
        data={"other": into.number, "messages": moved, "was_open": was_open},
        ticket_id=source.pk,
        customer_id=source.customer_id,
        cause=merged,
    )
