"""Last seen moves forward only."""

from datetime import timedelta

import pytest

from accounts.models import Tenant
from customers.kinds import Evidence
from customers.models import Customer, Presence
from customers.services.seeing import see
from tests.customers.actors import MINUTE, NOON, Told
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def test_see_keeps_when_and_by_what(customer: Customer) -> None:
    assert see(customer=customer, evidence=Evidence.PING, at=NOON)
    assert see(customer=customer, evidence=Evidence.MESSAGE, at=NOON + MINUTE)

    row = Presence.objects.get()
    assert (row.customer, row.last_seen_at, row.evidence) == (customer, NOON + MINUTE, "message")


def test_see_never_moves_backward(customer: Customer) -> None:
    see(customer=customer, evidence=Evidence.MESSAGE, at=NOON)

    assert not see(customer=customer, evidence=Evidence.PING, at=NOON - MINUTE)
    assert not see(customer=customer, evidence=Evidence.PING, at=NOON)
    assert Presence.objects.get().evidence == "message"


def test_see_tells_pages_only_when_the_dot_turns(customer: Customer, told: Told) -> None:
    def ping(minutes: float) -> list[str]:
        moment = NOON + timedelta(minutes=minutes)
        return told(lambda: see(customer=customer, evidence=Evidence.PING, at=moment))

    assert ping(0) == [customer.live_name]
    assert ping(2) == []
    assert ping(4) == []
    assert ping(20) == [customer.live_name]
