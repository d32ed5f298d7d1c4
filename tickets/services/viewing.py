"""Saved views: keep a filter under a name, and count what lists hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from accounts.models import Membership, TeamMember
from accounts.services.numbering import next_number
from tickets.models import Attachment, Draft, SavedView, TicketTag
from tickets.models.ticket import TicketQuerySet

MOST_VIEWS = 50  # of a member, and of the workspace
COUNTED = 9_999  # tickets of a view are counted up to here


class TooManyViews(Exception):
    """There are fifty already."""


def views_of(*, member: Membership) -> list[SavedView]:
    """The workspace's views, then the member's own, each in the order people gave them."""
    mine = SavedView.objects.filter(Q(member=None) | Q(member=member))
    return list(mine.order_by(F("member").asc(nulls_first=True), "position", "pk"))


def save_view(*, name: str, query: str, member: Membership | None) -> SavedView:
    """Keep a filter's canonical query string as the last view of the member; None for the workspace.

    Raises TooManyViews.
    """
    with transaction.atomic():
        siblings = _siblings(member)
        if len(siblings) >= MOST_VIEWS:
            raise TooManyViews
        last = max((view.position for view in siblings), default=0)
        number = next_number("saved_view")
        return SavedView.objects.create(number=number, name=name, query=query, member=member, position=last + 1)


def rename_view(*, view: SavedView, name: str) -> SavedView:
    view.name = name
    view.save(update_fields=["name"])
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


def delete_view(*, view: SavedView) -> None:
    view.delete()


def has_teams(member: Membership) -> bool:
    return TeamMember.objects.filter(member=member).exists()


def with_marks(tickets: TicketQuerySet, reader: Membership) -> TicketQuerySet:
    """With what only rows show, in the same query: tags, whether files came along, whether the reader has a draft.

    Lists of at most one, not EXISTS: PostgreSQL would rather read every file and message once than look for fifty.
    """
    files = Attachment.objects.filter(message__ticket=OuterRef("pk"), is_inline=False)
    drafts = Draft.objects.filter(ticket=OuterRef("pk"), member=reader)
    return with_tags(tickets).annotate(
        has_files=ArraySubquery(files.values("pk")[:1]),
        has_draft=ArraySubquery(drafts.values("pk")[:1]),
    )


def with_tags(tickets: TicketQuerySet) -> TicketQuerySet:
    """With the tags as `tag_list` (name, color), in the same query."""
    tags = TicketTag.objects.filter(ticket=OuterRef("pk")).order_by("tag__name_folded")
    return tickets.annotate(tag_list=ArraySubquery(tags.values(shown=JSONObject(name="tag__name", color="tag__color"))))


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
