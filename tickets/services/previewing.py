"""What a merge would do, and which ticket may be meant, read before anybody decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from accounts.models import Membership
from tickets.models import Draft, Message, Participant, Tag, Ticket, TicketTag
from tickets.services.searching import search

OFFERED = 20  # tickets to choose from


@dataclass(frozen=True)
class MergePreview:
    """`sources` in the order of their numbers. People and tags are those that `into` does not have."""

    into: Ticket
    sources: Sequence[Ticket]
    messages: int
    people: Sequence[str]
    tags: Sequence[str]
    drafts: int

    @property
    def has_other_customers(self) -> bool:
        """Whether what one customer wrote would stand beside what another did."""
        return any(one.customer_id != self.into.customer_id for one in self.sources)

    @property
    def has_other_inboxes(self) -> bool:
        return any(one.inbox_id != self.into.inbox_id for one in self.sources)

    @property
    def opens(self) -> bool:
        return self.into.is_closed and any(one.is_open for one in self.sources)


def preview_merge(*, sources: Collection[Ticket], into: Ticket) -> MergePreview:
    """In four queries, however many tickets."""
    ids = [one.pk for one in sources]
    here = Participant.objects.filter(ticket=into).values("address")
    people = Participant.objects.filter(ticket_id__in=ids).exclude(address__in=here)
    tags = Tag.objects.filter(pk__in=TicketTag.objects.filter(ticket_id__in=ids).values("tag_id"))
    tags = tags.exclude(pk__in=TicketTag.objects.filter(ticket=into).values("tag_id"))
    return MergePreview(
        into=into,
        sources=sorted(sources, key=lambda one: one.number),
        messages=Message.objects.filter(ticket_id__in=ids).count(),
        people=sorted(set(people.values_list("address", flat=True))),
        tags=list(tags.order_by("name_folded").values_list("name", flat=True)),
        drafts=Draft.objects.filter(ticket_id__in=ids, discarded_at=None).count(),
    )


def find_targets(*, ticket: Ticket, reader: Membership, words: str) -> Sequence[Ticket]:
    """Tickets to merge this one into: what the words find, else the newest of its customer, that `reader` sees."""
    tickets = Ticket.objects.visible_to(reader).unmerged()
    if words:
        tickets = search(tickets, words)
    elif ticket.customer_id is not None:
        tickets = tickets.for_customer(ticket.customer_id)
    else:
        return []
    return list(tickets.exclude(pk=ticket.pk).with_people().order_by("-last_message_at", "-id")[:OFFERED])
