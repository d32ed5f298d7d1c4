"""Who is looking and who is typing."""

import time
from typing import Any

import pytest
import redis
from django.conf import settings

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from tests.broken_redis import dead_redis, hung_redis  # noqa: F401  fixtures
from tests.customers.actors import Told
from tests.customers.conftest import told  # noqa: F401  a fixture
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.services import looking


@pytest.fixture
def ticket(in_acme: Tenant) -> Ticket:
    return make_ticket()


def look(ticket: Ticket, agent: Membership, *, is_typing: bool = False) -> None:
    looking.mark_looking(ticket=ticket, agent=agent, is_typing=is_typing)


def seen(ticket: Ticket, by: Membership) -> list[tuple[str, bool]]:
    return [(person.name, person.is_typing) for person in looking.read_people(ticket=ticket, besides=by)]


def test_people_are_shown_to_others_and_never_to_themselves(ticket: Ticket, ada: Membership, bela: Membership) -> None:
    look(ticket, ada)
    look(ticket, bela, is_typing=True)

    assert seen(ticket, ada) == [("Bela", True)]
    assert seen(ticket, bela) == [("Ada", False)]


def test_people_on_other_tickets_are_not_shown(ticket: Ticket, ada: Membership, bela: Membership) -> None:
    look(make_ticket(ticket.inbox), bela)

    assert seen(ticket, ada) == []


def test_people_of_another_workspace_are_not_shown(
    ticket: Ticket, globex: Tenant, ada: Membership, cleo: Membership
) -> None:
    look(ticket, ada)

    with tenant_scope(globex):
        assert seen(ticket, cleo) == []


def test_open_pages_are_told_only_of_changes(ticket: Ticket, bela: Membership, told: Told) -> None:  # noqa: F811
    name = [f"{ticket.live_name}-people"]

    assert told(lambda: look(ticket, bela)) == name
    assert told(lambda: look(ticket, bela)) == []
    assert told(lambda: look(ticket, bela, is_typing=True)) == name
    assert told(lambda: look(ticket, bela, is_typing=True)) == []
    assert told(lambda: look(ticket, bela)) == name
    assert told(lambda: looking.mark_gone(ticket=ticket, agent=bela)) == name
    assert told(lambda: looking.mark_gone(ticket=ticket, agent=bela)) == []


def test_people_are_forgotten_by_themselves(
    ticket: Ticket, ada: Membership, bela: Membership, monkeypatch: Any
) -> None:
    look(ticket, bela, is_typing=True)
    in_redis: Any = redis.Redis.from_url(settings.REDIS_URL)
    assert {key.split(b":")[0]: in_redis.ttl(key) for key in in_redis.keys("*ing:*")} == {b"looking": 30, b"typing": 8}

    start = time.time()
    monkeypatch.setattr(time, "time", lambda: start + 9)
    assert seen(ticket, ada) == [("Bela", False)]
    monkeypatch.setattr(time, "time", lambda: start + 31)
    assert seen(ticket, ada) == []


@pytest.mark.parametrize("broken", ["dead_redis", "hung_redis"])
def test_without_redis_nobody_is_shown_and_nothing_waits(
    ticket: Ticket, ada: Membership, bela: Membership, broken: str, request: Any
) -> None:
    request.getfixturevalue(broken)
    begun = time.monotonic()

    look(ticket, bela, is_typing=True)
    looking.mark_gone(ticket=ticket, agent=bela)

    assert seen(ticket, ada) == []
    assert time.monotonic() - begun < 0.5
