"""What the bell shows."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership
from core.paging import read_page
from events.links import Link, find_links
from events.models import Notification

PAGE = 30


@dataclass(frozen=True)
class Notice:
    """One line: what kind of thing, by whom, about what. `link` is None for what the member may no longer see."""

    id: int
    kind: str
    words: str
    by: str
    link: Link | None
    at: datetime
    is_unread: bool


@dataclass(frozen=True)
class Notices:
    """One page, newest first. `newest_id` is what "all read" refers to: what came later stays unread."""

    rows: tuple[Notice, ...]
    newest_id: int
    next_cursor: str | None


def read_notices(*, member: Membership, cursor: str | None = None) -> Notices:
    """A page of the member's notices, in a constant number of queries."""
    mine = Notification.objects.of_member(member.pk).select_related("event")
    page = read_page(mine, order=("-id",), cursor=cursor, size=PAGE)
    links = find_links(member, [row.event for row in page.rows])
    rows = tuple(_notice(row, links.get(row.event_id)) for row in page.rows)
    return Notices(rows=rows, newest_id=rows[0].id if rows else 0, next_cursor=page.next_cursor)


def count_unread(*, member: Membership) -> int:
    return Notification.objects.of_member(member.pk).unread().count()


def _notice(row: Notification, link: Link | None) -> Notice:
    return Notice(
        id=row.pk,
        kind=row.kind,
        words=row.get_kind_display(),
        by=row.event.actor_name if link else "",
        link=link,
        at=row.created_at,
        is_unread=row.read_at is None,
    )
