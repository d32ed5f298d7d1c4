"""The bell."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership
from accounts.tenancy import tenant_scope
from events import links
from events.links import Link
from events.models import Notification
from events.models.notification import NotificationKind
from events.services.notifying import mark_read_of_ticket, notify, set_preference
from events.services.recording import record
from tests.events.kinds import HAPPENED

SignIn = Callable[[Membership], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _found_everywhere(monkeypatch: pytest.MonkeyPatch, subscribed: None) -> None:
    """Every event leads to a page, for admins."""

    def find(member: Membership, events: Any) -> dict[int, Link]:
        return {event.pk: Link(f"/acme/things/{event.pk}/", "Where is <it>?") for event in events if member.is_admin}

    monkeypatch.setattr(links, "_finders", [find])


def tell(*members: Membership, actor: Actor = SYSTEM, ticket_id: int | None = None) -> None:
    with tenant_scope(members[0].tenant):
        event = record(HAPPENED, subject=members[0].tenant, actor=actor, data={"what": "rain"}, ticket_id=ticket_id)
        notify(event=event, kind=NotificationKind.ASSIGNED, members=members)


def unread(member: Membership) -> int:
    with tenant_scope(member.tenant):
        return Notification.objects.of_member(member.pk).unread().count()


def newest(member: Membership) -> int:
    with tenant_scope(member.tenant):
        return Notification.objects.of_member(member.pk).latest("pk").pk


def test_notices_show_what_happened_and_lead_there(sign_in: SignIn, ada: Membership) -> None:
    tell(ada, actor=Actor(ActorKind.CUSTOMER, 1, "Ana <b>"))

    content = sign_in(ada).get("/acme/notices/", headers=HTMX).content.decode()

    assert "assigned a ticket to you" in content
    assert "/open/" in content
    assert "Where is &lt;it&gt;?" in content
    assert "Ana &lt;b&gt;" in content
    assert "<html" not in content


def test_notices_are_a_page_without_scripts(sign_in: SignIn, ada: Membership) -> None:
    tell(ada)

    assert b"<html" in sign_in(ada).get("/acme/notices/").content


def test_notice_of_what_one_may_no_longer_see_tells_nothing(sign_in: SignIn, bela: Membership) -> None:
    tell(bela, actor=Actor(ActorKind.CUSTOMER, 1, "Ana"))

    content = sign_in(bela).get("/acme/notices/", headers=HTMX).content.decode()

    assert "A ticket was assigned to you" in content
    assert "Ana" not in content
    assert "/open/" not in content


def test_notices_are_ones_own(sign_in: SignIn, ada: Membership, bela: Membership) -> None:
    tell(bela)

    assert b"All quiet" in sign_in(ada).get("/acme/notices/", headers=HTMX).content


def test_bell_counts_what_is_unread(sign_in: SignIn, ada: Membership) -> None:
    tell(ada)
    tell(ada)

    content = sign_in(ada).get("/acme/notices/bell/", headers=HTMX).content.decode()

    assert ">2<" in content
    assert 'hx-trigger="live"' in content


def test_reading_marks_up_to_what_was_seen(sign_in: SignIn, ada: Membership) -> None:
    tell(ada)
    seen = newest(ada)
    tell(ada)

    response = sign_in(ada).post("/acme/notices/read/", {"up_to": seen}, headers=HTMX)

    assert unread(ada) == 1
    assert response.content.count(b"hx-swap-oob") == 2


def test_reading_without_scripts_leads_back(sign_in: SignIn, ada: Membership) -> None:
    tell(ada)

    response = sign_in(ada).post("/acme/notices/read/", {"up_to": newest(ada)})

    assert response["Location"] == "/acme/notices/"
    assert unread(ada) == 0


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 40, "\x00"])
def test_reading_nonsense_marks_nothing(sign_in: SignIn, ada: Membership, up_to: str) -> None:
    tell(ada)

    assert sign_in(ada).post("/acme/notices/read/", {"up_to": up_to}).status_code == 302
    assert unread(ada) == 1


def test_others_cannot_read_or_mark(sign_in: SignIn, ada: Membership, cleo: Membership) -> None:
    tell(ada)
    client = sign_in(cleo)

    assert client.get("/acme/notices/").status_code == 404
    assert client.get("/acme/notices/bell/").status_code == 404
    assert client.post("/acme/notices/read/", {"up_to": newest(ada)}).status_code == 404
    assert client.post("/globex/notices/read/", {"up_to": newest(ada)}).status_code == 302
    assert unread(ada) == 1


def test_notices_cost_the_same_queries_for_one_and_for_many(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)
    counts = []
    for _ in range(2):
        tell(ada)
        tell(ada, actor=Actor(ActorKind.CUSTOMER, 1, "Ana"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/acme/notices/", headers=HTMX)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_older_notices_are_on_the_next_page(sign_in: SignIn, ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.services.reading.PAGE", 2)
    for _ in range(3):
        tell(ada)
    client = sign_in(ada)

    first = client.get("/acme/notices/", headers=HTMX).content.decode()
    cursor = first.split("before=")[1].split('"')[0]
    second = client.get(f"/acme/notices/?before={cursor}", headers=HTMX).content.decode()

    assert first.count('id="notice-') == 2
    assert second.count('id="notice-') == 1


@pytest.mark.parametrize(("count", "shown"), [(9, ">9<"), (10, ">9+<"), (12, ">9+<")])
def test_bell_counts_no_further_than_nine(sign_in: SignIn, ada: Membership, count: int, shown: str) -> None:
    for _ in range(count):
        tell(ada)

    assert shown in sign_in(ada).get("/acme/notices/bell/", headers=HTMX).content.decode()


def test_bell_and_list_leave_out_what_goes_by_mail_only(sign_in: SignIn, ada: Membership) -> None:
    with tenant_scope(ada.tenant):
        set_preference(member=ada, kind=NotificationKind.ASSIGNED, in_page=False, by_email=True)
    tell(ada)
    client = sign_in(ada)

    assert b'class="badge"' not in client.get("/acme/notices/bell/", headers=HTMX).content
    assert b"All quiet" in client.get("/acme/notices/", headers=HTMX).content


def test_opening_marks_that_one_and_leads_there(sign_in: SignIn, ada: Membership) -> None:
    tell(ada)
    tell(ada)
    last = newest(ada)

    response = sign_in(ada).post(f"/acme/notices/{last}/open/")

    assert "/acme/things/" in response["Location"]
    assert unread(ada) == 1


def test_opening_by_a_link_marks_nothing(sign_in: SignIn, ada: Membership) -> None:
    tell(ada)

    assert sign_in(ada).get(f"/acme/notices/{newest(ada)}/open/").status_code == 405
    assert unread(ada) == 1


def test_opening_is_for_ones_own(sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership) -> None:
    tell(ada)
    path = f"notices/{newest(ada)}/open/"

    assert sign_in(bela).post(f"/acme/{path}").status_code == 404
    assert sign_in(cleo).post(f"/acme/{path}").status_code == 404
    assert sign_in(cleo).post(f"/globex/{path}").status_code == 404
    assert sign_in(ada).post(f"/acme/notices/{'9' * 30}/open/").status_code == 404
    assert unread(ada) == 1


def test_notice_of_what_one_may_no_longer_see_is_not_opened(sign_in: SignIn, bela: Membership) -> None:
    tell(bela)

    assert sign_in(bela).post(f"/acme/notices/{newest(bela)}/open/").status_code == 404


def test_ticket_before_ones_eyes_reads_its_notices(ada: Membership, bela: Membership) -> None:
    tell(ada, bela, ticket_id=7)
    tell(ada, ticket_id=7)
    tell(ada, ticket_id=8)

    with tenant_scope(ada.tenant):
        count = mark_read_of_ticket(member=ada, ticket_id=7, at=timezone.now())
        again = mark_read_of_ticket(member=ada, ticket_id=7, at=timezone.now())

    assert (count, again) == (2, 0)
    assert (unread(ada), unread(bela)) == (1, 1)
