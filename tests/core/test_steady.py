"""Lists that stand still while they are read."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Tenant
from core.steady import Place, Steady, read_steady
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Inbox, Ticket


@pytest.fixture
def inbox(in_acme: Tenant) -> Inbox:
    return make_inbox()


def read(query: str = "", size: int = 2) -> Steady[Ticket]:
    place = Place.parse(QueryDict(query.removeprefix("?")))
    return read_steady(Ticket.objects.all(), order=("-id",), place=place, size=size)


def numbers(page: Steady[Ticket]) -> list[int]:
    return [one.number for one in page.rows]


def test_list_stands_still_and_counts_what_came(inbox: Inbox) -> None:
    for _ in range(3):
        make_ticket(inbox)
    first = read()
    for _ in range(2):
        make_ticket(inbox)

    again = read(first.again)
    older = read(again.next)

    assert (numbers(again), again.newer, again.again) == ([3, 2], 2, first.again)
    assert (numbers(older), older.newer, older.next) == ([1], 2, "")
    assert numbers(read(older.previous)) == [3, 2]
    assert numbers(read()) == [5, 4] and read().newer == 0


def test_empty_list_stands_still_too(inbox: Inbox) -> None:
    first = read()
    make_ticket(inbox)

    again = read(first.again)

    assert (numbers(again), again.newer, again.has_pages) == ([], 1, False)


def test_rows_are_counted_up_to_a_hundred_only(inbox: Inbox) -> None:
    first = read()
    now = timezone.now()
    rows = [Ticket(number=number, inbox=inbox, created_at=now, last_message_at=now) for number in range(150)]
    Ticket.objects.bulk_create(rows)

    assert read(first.again).newer == 100


@pytest.mark.parametrize("upto", ["", "x", "-1", "١٢", "9" * 40, "1e5", "\x00"])
def test_what_cannot_be_read_means_the_list_as_it_is_now(inbox: Inbox, upto: str) -> None:
    make_ticket(inbox)
    query = QueryDict(mutable=True)
    query["upto"] = upto

    assert numbers(read(query.urlencode())) == [1]
