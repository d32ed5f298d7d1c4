"""Notify members of events, as each of them wants it, never twice."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.kinds import SYSTEM, ActorKind
from accounts.models import Membership
from core.database.queries import Query
from core.database.rows import insert_missing
from events.kinds import NoticeEvent
from events.models import Event, Notification, NotificationPreference
from events.models.notification import NotificationKind
from events.services.announcing import announce
from events.services.recording import record

# Long enough for somebody at the page to read the notice there, short enough for a mail to be of use.
MAIL_DELAY = timedelta(seconds=60)
# (in the page, by e-mail) of who has chosen nothing.
DEFAULT_WISH = (True, False)

_WISHES = Query(lambda kind, members: NotificationPreference.objects.filter(kind=kind, member_id__in=members))

_silence: ContextVar[bool] = ContextVar("silence", default=False)


@contextmanager
def silenced() -> Iterator[None]:
    """Inside the block `notify` tells nobody: of two hundred tickets given to one member they hear once."""
    token = _silence.set(True)
    try:
        yield
    finally:
        _silence.reset(token)


def notify(*, event: Event, kind: NotificationKind, members: Iterable[Membership]) -> int:
    """Notify members who want to hear of this kind, in the page or by e-mail; returns how many are new to it.

    The one who did it is never told of it. Mails go out a while later, by a reaction. Call inside a transaction.
    """
    if _silence.get():
        return 0
    others = [one for one in members if not (event.actor_kind == ActorKind.AGENT and event.actor_id == one.pk)]
    told = _told(event, others)
    rows = _rows(event, kind, [one for one in others if one.pk not in told])
    # Should the event be worked twice at once, the second finds the rows that the first is about to commit.
    insert_missing(rows)
    if any(row.by_email for row in rows):
        record(
            NoticeEvent.MAIL_PLANNED,
            subject=event,
            actor=SYSTEM,
            data={"event": event.pk},
            cause=event,
            react_at=timezone.now() + MAIL_DELAY,
        )
    announce(*(row.member.live_name for row in rows if row.in_page))
    return len(rows)


def mark_read(*, member: Membership, up_to_id: int, at: datetime) -> int:
    """Mark a member's notifications up to one of them as read; returns how many were unread."""
    unread = Notification.objects.of_member(member.pk).unread().filter(pk__lte=up_to_id)
    return _mark(member, unread.update(read_at=at))


def mark_read_one(*, member: Membership, notice_id: int, at: datetime) -> int:
    """Mark one notification of the member as read; returns 0 when it was read before or is somebody else's."""
    return _mark(member, Notification.objects.of_member(member.pk).unread().filter(pk=notice_id).update(read_at=at))


def mark_read_of_ticket(*, member: Membership, ticket_id: int, at: datetime) -> int:
    """Mark what the member was told of a ticket as read, since they have it before them; returns how many were unread.

    Two index scans, over the member's unread notices and the ticket's events; nothing is announced when nothing was.
    """
    of_ticket = Event.objects.for_ticket(ticket_id).values("pk")
    unread = Notification.objects.of_member(member.pk).unread().filter(event__in=of_ticket)
    return _mark(member, unread.update(read_at=at))


def set_preference(*, member: Membership, kind: NotificationKind, in_page: bool, by_email: bool) -> None:
    """Remember how a member wants to hear of one kind of thing."""
    wish = {"in_page": in_page, "by_email": by_email}
    NotificationPreference.objects.update_or_create(member=member, kind=kind, defaults=wish)


def read_preferences(*, member: Membership) -> dict[str, tuple[bool, bool]]:
    """Kind -> (in the page, by e-mail), defaults filled in."""
    rows = NotificationPreference.objects.filter(member=member)
    chosen = {row.kind: (row.in_page, row.by_email) for row in rows}
    return {kind.value: chosen.get(kind.value, DEFAULT_WISH) for kind in NotificationKind}


def _told(event: Event, members: Collection[Membership]) -> set[int]:
    """Who was notified of the event before."""
    if event.is_fresh:
        event.is_fresh = False
        return set()
    return set(Notification.objects.filter(event=event, member__in=members).values_list("member_id", flat=True))


def _rows(event: Event, kind: NotificationKind, members: Collection[Membership]) -> list[Notification]:
    """A row for each member who wants to hear of it in one way at least."""
    if not members:
        return []
    chosen = _WISHES.all(kind, [one.pk for one in members])
    wishes = {row.member_id: (row.in_page, row.by_email) for row in chosen}
    rows = []
    for member in members:
        in_page, by_email = wishes.get(member.pk, DEFAULT_WISH)
        if in_page or by_email:
            rows.append(Notification(event=event, member=member, kind=kind, in_page=in_page, by_email=by_email))
    return rows


def _mark(member: Membership, count: int) -> int:
    if count:
        announce(member.live_name)
    return count
