"""Put tags on tickets and take them off; make tags as they are typed."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction

from accounts.kinds import SYSTEM, Actor
from accounts.services.numbering import next_number
from core.text import clean_text, fold
from events.services.recording import record
from tickets.kinds import TagEvent, TicketEvent
from tickets.models import Tag, Ticket, TicketTag

MOST = 20  # tags on one ticket
LONGEST, LONGEST_FOLDED = 50, 60  # characters; folding may lengthen a name
OFFERED = 500  # tags in the picker; others are still found by typing their whole name


class TooManyTags(Exception):
    """A ticket carries at most twenty tags."""


class BadName(Exception):
    """Empty, or longer than 50 characters."""


def tag_ticket(*, ticket: Ticket, add: Sequence[Tag], remove: Sequence[Tag], actor: Actor) -> Ticket:
    """Tags already there, already gone, or deleted meanwhile change nothing. Raises TooManyTags."""
    with transaction.atomic():
        ticket = Ticket.objects.locked(ticket)
        carried = set(TicketTag.objects.filter(ticket=ticket).values_list("tag_id", flat=True))
        gone = {tag.pk: tag for tag in remove if tag.pk in carried}
        new = {tag.pk: tag for tag in _kept(add) if tag.pk not in carried}
        if not (gone or new):
            return ticket
        if len(carried) - len(gone) + len(new) > MOST:
            raise TooManyTags
        TicketTag.objects.filter(ticket=ticket, tag__in=gone).delete()
        TicketTag.objects.bulk_create(TicketTag(ticket=ticket, tag=tag) for tag in new.values())
        names = {"added": _names(new.values()), "removed": _names(gone.values())}
        record(
            TicketEvent.TAGGED,
            subject=ticket,
            actor=actor,
            data=names,
            ticket_id=ticket.pk,
            customer_id=ticket.customer_id,
            live=(ticket.live_name, "inbox"),
        )
    return ticket


def find_or_make_tag(*, name: str, actor: Actor = SYSTEM) -> Tag:
    """The tag of this name in any spelling, made when there is none. Raises BadName."""
    name = clean_name(name)
    if tag := Tag.objects.filter(name_folded=fold(name)).first():
        return tag
    try:
        with transaction.atomic():
            tag = Tag.objects.create(number=next_number("tag"), name=name, name_folded=fold(name))
            record(TagEvent.CREATED, subject=tag, actor=actor, data={"name": name})
            return tag
    except IntegrityError:
        # A colleague made it a moment ago; theirs is committed, or the insert would still wait.
        return Tag.objects.get(name_folded=fold(name))


def clean_name(name: str) -> str:
    """As a tag is written: one line, no outer blanks. Raises BadName."""
    name = " ".join(clean_text(name).split())
    if not fold(name) or len(name) > LONGEST or len(fold(name)) > LONGEST_FOLDED:
        raise BadName
    return name


def read_tags(*, ticket: Ticket | None = None) -> list[Tag]:
    """By name: those of a ticket, or those of the workspace that a picker offers."""
    if ticket is None:
        return list(Tag.objects.order_by("name_folded")[:OFFERED])
    return list(ticket.tags.order_by("name_folded"))


def _kept(tags: Sequence[Tag]) -> list[Tag]:
    """Those that still exist, and will until the end of the transaction."""
    if not tags:
        return []
    rows = Tag.objects.select_for_update(no_key=True).filter(pk__in=[tag.pk for tag in tags]).order_by("pk")
    return list(rows)


def _names(tags: Iterable[Tag]) -> list[str]:
    return sorted(tag.name for tag in tags)
