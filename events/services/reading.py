"""What the bell shows."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership
from core.paging import read_page
from events.links import Link, find_links
from events.models import Notification

PAGE = 30
MOST_COUNTED = 10  # the badge says "9+" from here on


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
    has_unread: bool


def read_notices(*, member: Membership, cursor: str | None = None) -> Notices:
    """A page of the member's notices, in a constant number of queries."""
    mine = Notification.objects.of_member(member.pk).in_page().select_related("event")
    page = read_page(mine, order=("-id",), cursor=cursor, size=PAGE)
    links = find_links(member, [row.event for row in page.rows])
    rows = tuple(_notice(row, links.get(row.event_id)) for row in page.rows)
    return Notices(
        rows=rows,
        newest_id=rows[0].id if rows else 0,
        next_cursor=page.next_cursor,
        has_unread=any(row.is_unread for row in rows),
    )


def count_unread(*, member: Membership) -> int:
    """How many the bell shows, at most MOST_COUNTED: counting on costs time and says nothing more."""
    return Notification.objects.of_member(member.pk).unread().in_page()[:MOST_COUNTED].count()


def find_link(*, member: Membership, notice_id: int) -> Link | None:
    """Where one of the member's notices leads; None for what they may no longer see, or for somebody else's."""
    row = Notification.objects.of_member(member.pk).select_related("event").filter(pk=notice_id).first()
    return find_links(member, [row.event]).get(row.event_id) if row else None


def _notice(row: Notification, link: Link | None) -> Notice:
    by = row.event.actor_name if link else ""
    return Notice(
        id=row.pk,
        kind=row.kind,
        words=row.words if by else row.bare_words,
        by=by,
        link=link,
        at=row.created_at,
        is_unread=row.read_at is None,
    )
