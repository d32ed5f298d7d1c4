"""Keyset pages: complete, in order, by index, and deaf to bad cursors."""

import base64
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core.paging import BadCursor, Page, Section, _Part, _read, read_page, read_sections
from customers.models import Customer, Presence
from jobs.models import Job
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Ticket

ORDER = ("-last_message_at", "-id")
START = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)


def fill(count: int, same_moment: int = 1) -> list[int]:
    """Tickets, `same_moment` of them at each moment; their numbers, newest first."""
    inbox = make_inbox()
    moments = [START + timedelta(minutes=index // same_moment) for index in range(count)]
    return [make_ticket(inbox, last_message_at=moment).number for moment in moments][::-1]


def page(cursor: str | None = None, size: int = 2) -> Page[Ticket]:
    return read_page(Ticket.objects.all(), order=ORDER, cursor=cursor, size=size)


def numbers(found: Page[Ticket]) -> list[int]:
    return [ticket.number for ticket in found.rows]


@pytest.mark.parametrize("same_moment", [1, 3, 7])
def test_pages_forward_hold_every_row_once(in_acme: Tenant, same_moment: int) -> None:
    expected = fill(7, same_moment)

    seen, found = [], page()
    seen += numbers(found)
    while found.next_cursor:
        found = page(found.next_cursor)
        seen += numbers(found)

    assert seen == expected


def test_pages_backward_are_the_pages_forward(in_acme: Tenant) -> None:
    fill(6, same_moment=4)
    first = page()
    second = page(first.next_cursor)
    third = page(second.next_cursor)

    back = page(third.previous_cursor)

    assert numbers(back) == numbers(second)
    assert numbers(page(back.previous_cursor)) == numbers(first)
    assert numbers(page(back.next_cursor)) == numbers(third)


def test_ends_of_the_list_have_no_cursor(in_acme: Tenant) -> None:
    fill(4)

    first = page()
    last = page(first.next_cursor)

    assert first.previous_cursor is None
    assert last.next_cursor is None
    assert page(last.previous_cursor).previous_cursor is None


def test_new_row_does_not_shift_the_next_page(in_acme: Tenant) -> None:
    expected = fill(4)
    first = page()
    make_ticket(last_message_at=START + timedelta(days=1))

    assert numbers(page(first.next_cursor)) == expected[2:]


def test_page_whose_rows_are_gone_is_the_first_page(in_acme: Tenant) -> None:
    newest, oldest = fill(2)
    cursor = page(size=1).next_cursor
    Ticket.objects.filter(number=oldest).delete()

    assert numbers(page(cursor)) == [newest]


def test_rising_order(in_acme: Tenant) -> None:
    jobs = [Job.objects.create(kind=kind) for kind in "abc"]

    first = read_page(Job.objects.all(), order=("kind", "id"), size=2)
    second = read_page(Job.objects.all(), order=("kind", "id"), size=2, cursor=first.next_cursor)

    assert [*first.rows, *second.rows] == jobs


def test_mixed_order_is_refused(in_acme: Tenant) -> None:
    with pytest.raises(ValueError, match="all fall or all rise"):
        read_page(Job.objects.all(), order=("kind", "-id"))


def encoded(parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


BAD_CURSORS = [
    "x",
    "é",
    "%00",
    "A" * 5000,
    encoded([]),
    encoded({"a": 1}),
    encoded(["a", "2026-11-01T12:00:00+00:00"]),
    encoded(["a", "2026-11-01T12:00:00+00:00", "1", "1"]),
    encoded(["z", "2026-11-01T12:00:00+00:00", "1"]),
    encoded(["a", "2026-11-01T12:00:00", "1"]),
    encoded(["a", "yesterday", "1"]),
    encoded(["a", "2026-11-01T12:00:00+00:00", "one"]),
    encoded(["a", "2026-11-01T12:00:00+00:00", "9" * 30]),
    encoded(["a", "2026-11-01T12:00:00+00:00", "9" * 1500]),
    encoded(["a", "2026-11-01T12:00:00+00:00", 1]),
    encoded([["a"], None, None]),
]


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_bad_cursor_means_the_first_page(in_acme: Tenant, cursor: str) -> None:
    expected = fill(3)

    assert numbers(page(cursor)) == expected[:2]


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a" * 900])
def test_bad_text_in_a_cursor_means_the_first_page(in_acme: Tenant, text: str) -> None:
    job = Job.objects.create(kind="import")

    found = read_page(Job.objects.all(), order=("kind", "id"), cursor=encoded(["a", text, "1"]))

    assert found.rows == (job,)


@pytest.fixture
def seen(in_acme: Tenant) -> list[str]:
    """Customers by when they were seen, those never seen after them, the newest first; their names in that order."""
    people = {name: make_customer(name, "") for name in ("Ana", "Bruno", "Carla", "Dora", "Emil", "Fani")}
    for name, minutes in (("Bruno", 5), ("Emil", 5), ("Ana", 9)):
        at = START + timedelta(minutes=minutes)
        Presence.objects.create(customer=people[name], last_seen_at=at, evidence="ping")
    return ["Ana", "Emil", "Bruno", "Fani", "Dora", "Carla"]


def people(cursor: str | None = None, size: int = 2) -> Page[Customer]:
    known = Customer.objects.filter(presence_row__isnull=False).select_related("presence_row")
    order = ("-presence_row__last_seen_at", "-presence_row__customer_id")
    sections = [Section(known, order), Section(Customer.objects.filter(presence_row=None), ("-number",))]
    return read_sections(sections, cursor=cursor, size=size)


def names(found: Page[Customer]) -> list[str]:
    return [customer.first_name for customer in found.rows]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_sections_follow_each_other_forward_and_back(seen: list[str], size: int) -> None:
    pages = [people(size=size)]
    while pages[-1].next_cursor:
        pages.append(people(pages[-1].next_cursor, size))
    back = [pages[-1]]
    while len(back) < len(pages) and back[-1].previous_cursor:
        back.append(people(back[-1].previous_cursor, size))

    assert [name for page in pages for name in names(page)] == seen
    assert [names(page) for page in back][::-1] == [names(page) for page in pages]


def test_only_the_sections_that_are_needed_are_read(seen: list[str]) -> None:
    with CaptureQueriesContext(connection) as short:
        people(size=2)
    with CaptureQueriesContext(connection) as long:
        people(size=3)

    assert (len(short), len(long)) == (1, 2)


@pytest.mark.parametrize("head", ["a2", "a-1", "ax", "a9999999999999999999999", "b1.0", "1"])
def test_cursor_of_a_section_that_is_none_means_the_first_page(seen: list[str], head: str) -> None:
    assert names(people(encoded([head, "6"]))) == seen[:2]


def test_cursor_of_one_section_does_not_fit_the_other(seen: list[str]) -> None:
    assert names(people(encoded(["a1", START.isoformat(), "6"]))) == seen[:2]
    assert names(people(encoded(["a", "6"]))) == seen[:2]


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_cursor_breaks_the_reader(text: str) -> None:
    with suppress(BadCursor):
        _read(text, [_Part(QuerySet(Ticket), ("last_message_at", "id"), True)])


def test_cursor_of_another_tenant_shows_nothing_of_it(acme: Tenant, globex: Tenant) -> None:
    with tenant_scope(globex):
        fill(3)
        foreign = page().next_cursor

    with tenant_scope(acme):
        expected = fill(1)
        assert numbers(page(foreign)) == expected


def test_next_page_is_one_index_scan_under_row_level_security(in_acme: Tenant) -> None:
    fill(3)
    cursor = page(size=1).next_cursor
    with connection.cursor() as statement:
        for way in ("seqscan", "bitmapscan", "sort"):
            statement.execute(f"SET LOCAL enable_{way} = off")

    with connection.execute_wrapper(_explained := Explained()):
        page(cursor, size=1)

    assert "Index Cond" in _explained.plan
    assert "ROW(last_message_at, id) <" in _explained.plan
    assert "ticket_by_time" in _explained.plan
    assert "Sort" not in _explained.plan


class Explained:
    """Keeps the plan of the last query."""

    plan = ""

    def __call__(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        execute(f"EXPLAIN {sql}", params, many, context)
        self.plan = "\n".join(row[0] for row in context["cursor"].fetchall())
        return execute(sql, params, many, context)
