"""Notify members of events, as each of them wants it, never twice."""

from collections.abc import Iterable
from datetime import datetime

from accounts.kinds import ActorKind
from accounts.models import Membership
from events.models import Event, Notification, NotificationPreference
from events.models.notification import NotificationKind
from events.services.announcing import announce


def notify(*, event: Event, kind: NotificationKind, members: Iterable[Membership]) -> int:
    """Notify members who want to hear of this kind in the page; returns how many are new to it.

    The one who did it is never told of it. Call inside a transaction.
    """
    others = [one for one in members if not (event.actor_kind == ActorKind.AGENT and event.actor_id == one.pk)]
    told = Notification.objects.filter(event=event, member__in=others).values_list("member_id", flat=True)
    deaf = NotificationPreference.objects.filter(kind=kind, in_page=False, member__in=others)
    silent = {*told, *deaf.values_list("member_id", flat=True)}
    new = [one for one in others if one.pk not in silent]
    rows = (Notification(event=event, member=one, kind=kind) for one in new)
    # Should the event be worked twice at once, the second finds the rows that the first is about to commit.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    announce(*(one.live_name for one in new))
    return len(new)


def mark_read(*, member: Membership, up_to_id: int, at: datetime) -> int:
    """Mark a member's notifications up to one of them as read; returns how many were unread."""
    unread = Notification.objects.of_member(member.pk).unread().filter(pk__lte=up_to_id)
    count = unread.update(read_at=at)
    announce(member.live_name)
    return count


def set_preference(*, member: Membership, kind: NotificationKind, in_page: bool, by_email: bool) -> None:
    """Remember how a member wants to hear of one kind of thing."""
    wish = {"in_page": in_page, "by_email": by_email}
    NotificationPreference.objects.update_or_create(member=member, kind=kind, defaults=wish)


def read_preferences(*, member: Membership) -> dict[str, tuple[bool, bool]]:
    """Kind -> (in the page, by e-mail), defaults filled in."""
    rows = NotificationPreference.objects.filter(member=member)
    chosen = {row.kind: (row.in_page, row.by_email) for row in rows}
    return {kind.value: chosen.get(kind.value, (True, False)) for kind in NotificationKind}
