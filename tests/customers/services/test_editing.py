"""Who is writing the note."""

import time
from typing import Any

import pytest
import redis
from django.conf import settings

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import redis_client
from customers.models import Customer
from customers.services import editing
from tests.customers.actors import Told
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def test_editors_are_named_to_others_and_not_to_themselves(
    customer: Customer, ada: Membership, bela: Membership
) -> None:
    editing.start_editing(customer=customer, agent=bela)
    editing.start_editing(customer=customer, agent=ada)

    assert editing.read_editors(customer=customer) == ("Ada", "Bela")
    assert editing.read_editors(customer=customer, besides=ada) == ("Bela",)


def test_editors_are_told_when_they_come_and_go(customer: Customer, ada: Membership, told: Told) -> None:
    name = f"{customer.live_name}-note"

    assert told(lambda: editing.start_editing(customer=customer, agent=ada)) == [name]
    assert told(lambda: editing.start_editing(customer=customer, agent=ada)) == []
    assert told(lambda: editing.stop_editing(customer=customer, agent=ada)) == [name]
    assert told(lambda: editing.stop_editing(customer=customer, agent=ada)) == []
    assert editing.read_editors(customer=customer) == ()


def test_editors_are_forgotten_by_themselves(customer: Customer, ada: Membership, monkeypatch: Any) -> None:
    editing.start_editing(customer=customer, agent=ada)
    in_redis = redis.Redis.from_url(settings.REDIS_URL)
    (key,) = in_redis.keys("editing:*")
    assert 0 < in_redis.ttl(key) <= editing.LIVES

    later = time.time() + editing.LIVES + 1
    monkeypatch.setattr(time, "time", lambda: later)

    assert editing.read_editors(customer=customer) == ()


def test_editors_of_another_workspace_are_not_seen(customer: Customer, globex: Tenant, ada: Membership) -> None:
    editing.start_editing(customer=customer, agent=ada)

    with tenant_scope(globex):
        assert editing.read_editors(customer=customer) == ()


@pytest.fixture
def no_redis(settings: Any) -> Any:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    yield
    redis_client.forget_failure()


@pytest.mark.usefixtures("no_redis")
def test_editors_without_redis_are_nobody_and_no_error(customer: Customer, ada: Membership) -> None:
    editing.start_editing(customer=customer, agent=ada)
    editing.stop_editing(customer=customer, agent=ada)

    assert editing.read_editors(customer=customer) == ()
