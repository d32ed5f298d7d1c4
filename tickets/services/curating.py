"""The workspace's tags, as admins keep them in order: rename, color, merge, delete."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from core.text import fold
from events.services.announcing import announce
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


def edit_tag(*, tag: Tag, name: str, color: int) -> Tag:
    """Raises tagging.BadName, and NameTaken for a name that another tag has in any spelling."""
    name = clean_name(name)
    if other := Tag.objects.filter(name_folded=fold(name)).exclude(pk=tag.pk).first():
        raise NameTaken(other)
    tag.name, tag.name_folded, tag.color = name, fold(name), color
    try:
        with transaction.atomic():
            tag.save(update_fields=["name", "name_folded", "color"])
    except IntegrityError as error:
        raise NameTaken(Tag.objects.get(name_folded=fold(name))) from error
    announce("inbox")
    return tag


def merge_tags(*, tag: Tag, into: Tag) -> int:
    """Every ticket with `tag` carries `into` instead; `tag` is gone. Returns how many tickets it was on."""
    with transaction.atomic():
        # Both, in one order for everybody, so that nobody tags with one of them meanwhile.
        list(Tag.objects.select_for_update().filter(pk__in=(tag.pk, into.pk)).order_by("pk"))
        both = TicketTag.objects.filter(tag=into).values("ticket_id")
        count = TicketTag.objects.filter(tag=tag).count()
        TicketTag.objects.filter(tag=tag).exclude(ticket__in=both).update(tag=into)
        tag.delete()
        announce("inbox")
    return count


def delete_tag(*, tag: Tag) -> None:
    """Takes it off every ticket."""
    with transaction.atomic():
        tag.delete()
        announce("inbox")
