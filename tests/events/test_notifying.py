"""Notices: once per member and event, as each wants it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event, Notification
from events.models.notification import NotificationKind
from events.services.notifying import mark_read, notify, read_preferences, set_preference
from events.services.recording import record
from tests.events.kinds import HAPPENED

Happen = Callable[[], Event]
ASSIGNED = NotificationKind.ASSIGNED


def members_told() -> list[int]:
    return sorted(Notification.objects.values_list("member_id", flat=True))


def test_notify_tells_each_member_once(happen: Happen, ada: Membership, bela: Membership) -> None:
    event = happen()

    notify(event=event, kind=ASSIGNED, members=[ada, bela])
    notify(event=event, kind=ASSIGNED, members=[ada, bela])

    assert members_told() == sorted([ada.pk, bela.pk])


def test_notify_says_how_many_are_new_to_it(happen: Happen, ada: Membership, bela: Membership) -> None:
    event = happen()

    assert notify(event=event, kind=ASSIGNED, members=[ada]) == 1
    assert notify(event=event, kind=ASSIGNED, members=[ada, bela]) == 1
    assert notify(event=event, kind=ASSIGNED, members=[]) == 0


def test_who_did_it_is_not_told(in_acme: Tenant, subscribed: None, ada: Membership, bela: Membership) -> None:
    event = record(HAPPENED, subject=in_acme, actor=ada.as_actor(), data={"what": "rain"})

    notify(event=event, kind=ASSIGNED, members=[ada, bela])

    assert members_told() == [bela.pk]


def test_who_does_not_want_it_is_not_told(happen: Happen, ada: Membership, bela: Membership) -> None:
    set_preference(member=ada, kind=ASSIGNED, in_page=False, by_email=False)

    notify(event=happen(), kind=ASSIGNED, members=[ada, bela])
    notify(event=happen(), kind=NotificationKind.REPLIED, members=[ada])

    assert members_told() == sorted([ada.pk, bela.pk])


def test_wishes_have_defaults(in_acme: Tenant, ada: Membership) -> None:
    set_preference(member=ada, kind=ASSIGNED, in_page=False, by_email=True)
    set_preference(member=ada, kind=ASSIGNED, in_page=True, by_email=True)

    wishes = read_preferences(member=ada)

    assert wishes[ASSIGNED] == (True, True)
    assert wishes[NotificationKind.MENTIONED] == (True, False)


def test_told_members_pages_are_announced(
    happen: Happen, ada: Membership, bela: Membership, run_on_commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr("core.live.publish", lambda tenant_id, names: told.extend(names))
    set_preference(member=bela, kind=ASSIGNED, in_page=False, by_email=False)

    with run_on_commit():
        notify(event=happen(), kind=ASSIGNED, members=[ada, bela])

    assert told == [ada.live_name]


def test_reading_leaves_what_came_later(happen: Happen, ada: Membership, bela: Membership) -> None:
    for _ in range(3):
        notify(event=happen(), kind=ASSIGNED, members=[ada, bela])
    second = Notification.objects.of_member(ada.pk).order_by("pk")[1]

    assert mark_read(member=ada, up_to_id=second.pk, at=timezone.now()) == 2
    assert Notification.objects.of_member(ada.pk).unread().count() == 1
    assert Notification.objects.of_member(bela.pk).unread().count() == 3
