"""Saved views: keep a filter under a name, and count what lists hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, JSONField, Q, QuerySet
from django.db.models.expressions import RawSQL

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership, TeamMember
from accounts.services.numbering import next_number
from customers.services.showing_fields import facts_of
from events.services.recording import record
from tickets.kinds import ViewEvent
from tickets.models import SavedView, Ticket
from tickets.models.ticket import TicketQuerySet

MOST_VIEWS = 50  # of a member, and of the workspace
LONGEST_QUERY = SavedView._meta.get_field("query").max_length or 0
COUNTED = 9_999  # tickets of a view are counted up to here
# What rows show besides their own columns. Written out: the ORM takes as long to put these together as PostgreSQL to
# answer. Lists of at most one, not EXISTS: PostgreSQL would rather read every file and message once than look for 50.
TAGS = """ARRAY(
    SELECT jsonb_build_object('name', tag.name, 'color', tag.color)
    FROM tickets_tickettag link JOIN tickets_tag tag ON tag.id = link.tag_id
    WHERE link.tenant_id = tickets_ticket.tenant_id AND link.ticket_id = tickets_ticket.id ORDER BY tag.name_folded)"""
FILES = """ARRAY(
    SELECT file.id FROM tickets_attachment file JOIN tickets_message message ON message.id = file.message_id
    WHERE file.tenant_id = tickets_ticket.tenant_id AND NOT file.is_inline
    AND message.ticket_id = tickets_ticket.id LIMIT 1)"""
DRAFTS = """ARRAY(
    SELECT draft.id FROM tickets_draft draft
    WHERE draft.tenant_id = tickets_ticket.tenant_id AND draft.member_id = %s
    AND draft.ticket_id = tickets_ticket.id LIMIT 1)"""


class TooManyViews(Exception):
    """There are fifty already."""


class TooLong(Exception):
    """The filter asks for more than a view can keep."""


def views_of(*, member: Membership) -> list[SavedView]:
    """The workspace's views, then the member's own, each in the order people gave them."""
    mine = SavedView.objects.filter(Q(member=None) | Q(member=member))
    return list(mine.order_by(F("member").asc(nulls_first=True), "position", "pk"))


def save_view(*, name: str, query: str, member: Membership | None, actor: Actor = SYSTEM) -> SavedView:
    """Keep a filter's canonical query string as the last view of the member; None for the workspace.

    Raises TooManyViews, TooLong.
    """
    if len(query) > LONGEST_QUERY:
        raise TooLong
    with transaction.atomic():
        siblings = _siblings(member)
        if len(siblings) >= MOST_VIEWS:
            raise TooManyViews
        last = max((view.position for view in siblings), default=0)
        number = next_number("saved_view")
        view = SavedView.objects.create(number=number, name=name, query=query, member=member, position=last + 1)
        if view.is_shared:
            record(ViewEvent.SHARED, subject=view, actor=actor, data={"name": name})
    return view


def rename_view(*, view: SavedView, name: str, actor: Actor = SYSTEM) -> SavedView:
    with transaction.atomic():
        before, view.name = view.name, name
        view.save(update_fields=["name"])
        if view.is_shared and before != name:
            record(ViewEvent.RENAMED, subject=view, actor=actor, data={"before": before, "after": name})
    return view


def move_view(*, view: SavedView, by: int) -> SavedView:
    """Move it `by` places down, or up when negative; beyond the ends it stays there."""
    with transaction.atomic():
        rows = _siblings(view.member)
        place = next(index for index, row in enumerate(rows) if row.pk == view.pk)
        moved = rows.pop(place)
        rows.insert(max(0, place + by), moved)
        for position, row in enumerate(rows, start=1):
            row.position = position
        SavedView.objects.bulk_update(rows, ["position"])
    return moved


def delete_view(*, view: SavedView, actor: Actor = SYSTEM) -> None:
    with transaction.atomic():
        if view.is_shared:
            record(ViewEvent.DELETED, subject=view, actor=actor, data={"name": view.name})
        view.delete()


def has_teams(member: Membership) -> bool:
    return TeamMember.objects.filter(member=member).exists()


def with_marks(tickets: TicketQuerySet, reader: Membership) -> TicketQuerySet:
    """With what only rows show, in the same query: tags, what custom fields say, whether files came along, whether the
    reader has a draft.
    """
    return tickets.annotate(
        tag_list=_tags(),
        has_files=RawSQL(FILES, (), output_field=ArrayField(BigIntegerField())),  # noqa: S611  no value of anybody's
        listed_fields=facts_of(Ticket, zone=ZoneInfo(reader.time_zone), listed=True),
        has_draft=RawSQL(DRAFTS, (reader.pk,), output_field=ArrayField(BigIntegerField())),  # noqa: S611  likewise
    )


def with_tags(tickets: TicketQuerySet) -> TicketQuerySet:
    """With the tags as `tag_list` (name, color), in the same query."""
    return tickets.annotate(tag_list=_tags())


def _tags() -> RawSQL:
    return RawSQL(TAGS, (), output_field=ArrayField(JSONField()))  # noqa: S611  no value of anybody's


def count_each(lists: Sequence[QuerySet[Any]]) -> list[str]:
    """How many rows each list has, in one query: exact up to 9,999, then "9,999+"."""
    parts, values = ["0"], list[Any]()
    for rows in lists:
        try:
            sql, params = rows.order_by().values("pk")[: COUNTED + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  SQL of the ORM, values apart
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        counts = cursor.fetchone()[1:]
    return [f"{count:,}" if count <= COUNTED else f"{COUNTED:,}+" for count in counts]


def _siblings(member: Membership | None) -> list[SavedView]:
    rows = SavedView.objects.filter(member=member).order_by("position", "pk")
    return list(rows.select_for_update(no_key=True))
