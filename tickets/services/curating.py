"""The workspace's tags, as admins keep them in order: rename, color, merge, delete."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.kinds import SYSTEM, Actor
from core.text import fold
from events.services.announcing import announce
from events.services.recording import record
from tickets.kinds import TAG_COLORS, TagEvent
from tickets.models import Tag, TicketTag
from tickets.services.tagging import clean_name


class NameTaken(Exception):
    """Another tag has this name: `other`. They can be merged."""

    def __init__(self, other: Tag) -> None:
        super().__init__(other.name)
        self.other = other


def list_tags() -> Sequence[Tag]:
    """Every tag by name, each with `ticket_count`, in one query."""
    counted = TicketTag.objects.filter(tag=OuterRef("pk")).order_by().values("tag").annotate(count=Count("pk"))
    count = Coalesce(Subquery(counted.values("count")), 0)
    return list(Tag.objects.annotate(ticket_count=count).order_by("name_folded"))


def count_tickets(*, tag: Tag) -> int:
    return TicketTag.objects.filter(tag=tag).count()


def edit_tag(*, tag: Tag, name: str, color: int, actor: Actor = SYSTEM) -> Tag:
    """Raises tagging.BadName, and NameTaken for a name that another tag has in any spelling."""
    name = clean_name(name)
    if other := Tag.objects.filter(name_folded=fold(name)).exclude(pk=tag.pk).first():
        raise NameTaken(other)
    before, before_color = tag.name, tag.color
    tag.name, tag.name_folded, tag.color = name, fold(name), color
    try:
        with transaction.atomic():
            tag.save(update_fields=["name", "name_folded", "color"])
            _record_edited(tag, before, before_color, actor)
    except IntegrityError as error:
        raise NameTaken(Tag.objects.get(name_folded=fold(name))) from error
    announce("inbox")
    return tag


def merge_tags(*, tag: Tag, into: Tag, actor: Actor = SYSTEM) -> int:
    """Every ticket with `tag` carries `into` instead; `tag` is gone. Returns how many tickets it was on."""
    with transaction.atomic():
        # Both, in one order for everybody, so that nobody tags with one of them meanwhile.
        list(Tag.objects.select_for_update().filter(pk__in=(tag.pk, into.pk)).order_by("pk"))
        both = TicketTag.objects.filter(tag=into).values("ticket_id")
        count = TicketTag.objects.filter(tag=tag).count()
        TicketTag.objects.filter(tag=tag).exclude(ticket__in=both).update(tag=into)
        data = {"name": tag.name, "into": into.name, "tickets": count}
        record(TagEvent.MERGED, subject=into, actor=actor, data=data)
        tag.delete()
        announce("inbox")
    return count


def delete_tag(*, tag: Tag, actor: Actor = SYSTEM) -> None:
    """Takes it off every ticket."""
    with transaction.atomic():
        record(TagEvent.DELETED, subject=tag, actor=actor, data={"name": tag.name})
        tag.delete()
        announce("inbox")


def _record_edited(tag: Tag, before: str, before_color: int, actor: Actor) -> None:
    if tag.name != before:
        record(TagEvent.RENAMED, subject=tag, actor=actor, data={"before": before, "after": tag.name})
    if tag.color != before_color:
        data = {"name": tag.name, "before": TAG_COLORS[before_color], "after": TAG_COLORS[tag.color]}
        record(TagEvent.RECOLORED, subject=tag, actor=actor, data=data)
