"""Shared fixtures: real PostgreSQL and Redis, two tenants, three people, the app role, no scope left open."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import settings

from accounts.kinds import Role
from accounts.models import Membership, Tenant
from accounts.services.opening import add_member, open_workspace
from accounts.tenancy import tenant_scope
from core.database.roles import as_owner
from core.database.session import active_tenant
from tests.network import loopback_only

PASSWORD = "a long enough password"  # of people who exist in tests only


# Property tests try the same examples in each ordinary run, other ones in `make soak`.
settings.register_profile("fixed", derandomize=True)
if not os.environ.get("SOAK"):
    settings.load_profile("fixed")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: long, or one of many browser walks; left to `make soak` (SOAK=1)")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    if not os.environ.get("SOAK"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="long: make soak"))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Create and migrate the test database as the owner; the tests themselves connect as the app role."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock(), as_owner():
        databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    yield
    with django_db_blocker.unblock(), as_owner():
        teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_as_owner() -> Iterator[None]:
    """Transactional tests empty the tables afterwards, which the app role may not."""
    case_type: Any = TransactionTestCase
    original: Callable[[Any], None] = case_type._fixture_teardown

    def teardown(case: Any) -> None:
        with as_owner():
            original(case)

    case_type._fixture_teardown = teardown
    yield
    case_type._fixture_teardown = original


@pytest.fixture(autouse=True)
def _clean_surroundings() -> Iterator[None]:
    """Each test starts with an empty Redis and ends without an open scope."""
    redis.Redis.from_url(django_settings.REDIS_URL).flushdb()
    yield
    left = active_tenant.get()
    active_tenant.set("")
    assert left == "", "the test left a tenant scope open"


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickArgon2PasswordHasher"]


@pytest.fixture
def acme(db: None) -> Tenant:
    return open_workspace(slug="acme", name="Acme")


@pytest.fixture
def globex(db: None) -> Tenant:
    return open_workspace(slug="globex", name="Globex")


@pytest.fixture
def ada(acme: Tenant) -> Membership:
    """Owner of acme."""
    return add_member(tenant=acme, email="ada@acme.example", name="Ada", role=Role.OWNER, password=PASSWORD)


@pytest.fixture
def bela(acme: Tenant) -> Membership:
    """Agent of acme."""
    return add_member(tenant=acme, email="bela@acme.example", name="Bela", password=PASSWORD)


@pytest.fixture
def cleo(globex: Tenant) -> Membership:
    """Owner of globex: must see nothing of acme."""
    return add_member(tenant=globex, email="cleo@globex.example", name="Cleo", role=Role.OWNER, password=PASSWORD)


@pytest.fixture
def sign_in() -> Callable[[Membership], Client]:
    """A browser of the given member, with CSRF checks as for real people left to tests that name them."""

    def make(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return make


@pytest.fixture
def in_acme(acme: Tenant) -> Iterator[Tenant]:
    """The scope of acme, for tests of services."""
    with tenant_scope(acme):
        yield acme


@pytest.fixture
def run_on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """`with run_on_commit():` runs what was left for after the commit, as a real request would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def current_role(db: None) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])
