"""The filter of a list: reads any query string without harm, says itself in one way, narrows, and says so in words."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Tenant
from tests.factories.accounts import make_team
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_tag, make_ticket
from tickets.filters import VIEWS, Chip, TicketFilter, chips_of, describe, strangers_in
from tickets.filters.ticket_filter import FIELDS, ORDERS
from tickets.kinds import Topic
from tickets.models import Draft, Ticket, TicketTag

NASTY = (
    *("'", '"', ")", "--", "'; DROP TABLE tickets_ticket; --", "1 OR 1=1", "%", "\\", "{}", "[]", "\x00", "\ud800"),
    *("0", "-1", "00", "1e9", "9" * 40, "NaN", "١٢", "²", "0001-01-01", "9999-12-31", "2026-02-30", "2026-11-01"),
    *("me", "nobody", "yes", "open", "all", "priority", "vip", "", " ", "password", "user__password", "pk__in"),
)
NAMES = (
    *FIELDS,
    "view",
    "before",
    "selected",
    "pk",
    "assignee__user__password__startswith",
    "order_by",
    "__proto__[x]",
)

days = st.dates(date(1990, 1, 1), date(2199, 12, 31))
numbers = st.integers(1, 2**31 - 1)
somebody = st.sampled_from(["", "me", "nobody"]) | numbers.map(str)
filters = st.builds(
    TicketFilter,
    status=st.sampled_from(["open", "closed", "snoozed", "all"]),
    assignee=somebody,
    team=somebody,
    tag=st.sets(numbers, max_size=4).map(lambda found: tuple(sorted(found))),
    topic=st.sampled_from(["", "none", *Topic.values]),
    channel=st.sampled_from(["", "email", "chat"]),
    inbox=st.none() | numbers,
    priority=st.sampled_from(["", "low", "urgent"]),
    mark=st.sampled_from(["", "vip", "bad"]),
    customer=st.none() | numbers,
    created_from=st.none() | days,
    created_to=st.none() | days,
    active_from=st.none() | days,
    active_to=st.none() | days,
    draft=st.booleans(),
    q=st.sampled_from(["", "where is it", "a&b=c", "+1 %20", "как", "view=all"]),
    sort=st.just("newest"),
)
hostile = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NASTY) | st.text(max_size=20)), max_size=8)


def query_of(pairs: list[tuple[str, str]]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query


def numbers_of(query: str, agent: Membership) -> list[int]:
    return sorted(TicketFilter.parse(query).apply(agent).values_list("number", flat=True))


@settings(deadline=None)
@given(filters, st.sampled_from(sorted(ORDERS)))
def test_filter_is_read_back_as_it_was_written(chosen: TicketFilter, sort: str) -> None:
    ordered = TicketFilter.parse(f"{chosen.as_query()}&sort={sort}")

    assert TicketFilter.parse(chosen.as_query()) == chosen
    assert TicketFilter.parse(ordered.as_query()) == ordered
    assert not strangers_in(QueryDict(ordered.as_query()))


@settings(deadline=None)
@given(hostile)
def test_any_query_string_is_some_filter_of_one_spelling(pairs: list[tuple[str, str]]) -> None:
    chosen = TicketFilter.parse(query_of(pairs))

    assert TicketFilter.parse(chosen.as_query()) == chosen
    assert TicketFilter.parse(chosen.as_query()).as_query() == chosen.as_query()


@pytest.mark.parametrize("name", FIELDS)
def test_nasty_values_narrow_or_are_nothing(in_acme: Tenant, ada: Membership, name: str) -> None:
    make_ticket()

    for value in NASTY:
        chosen = TicketFilter.parse(query_of([(name, value), ("status", "open")]))
        list(chosen.apply(ada).order_by(*chosen.order)[:3])
        describe(chosen, ada)


@pytest.mark.parametrize("view", VIEWS)
def test_ready_views_have_short_addresses(view: str) -> None:
    assert VIEWS[view].as_query() == ("" if view == "open" else f"view={view}")
    assert TicketFilter.parse(f"view={view}").view == view


def test_words_alone_are_looked_for_in_all_tickets() -> None:
    assert TicketFilter.parse("q=cup").status == "all"
    assert TicketFilter.parse("q=cup&view=mine") == TicketFilter(assignee="me", q="cup")


def test_orders_other_than_by_time_are_for_open_tickets() -> None:
    assert TicketFilter.parse("sort=priority").order == ("-priority", "-last_message_at", "-id")
    assert TicketFilter.parse("sort=priority&status=closed").order == ("-last_message_at", "-id")


@pytest.fixture
def tickets(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    """1 is open and plain; each of the others has what its test asks for."""
    at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    first, other = make_inbox(), make_inbox("b@acme.example", name="Wholesale", kind="chat")
    times: dict[str, Any] = {"created_at": at, "last_message_at": at}
    make_ticket(first, awaits_reply=False)
    make_ticket(first, assignee=bela, customer=make_customer(is_vip=True), **times)
    make_ticket(other, team=make_team("Returns", bela), priority=4, topic="returns")
    make_ticket(first, status="closed", assignee=bela, customer=make_customer("Bo", "Li", is_bad=True))
    make_ticket(first, status="closed", snoozed_until=at)
    make_ticket(first, status="closed", merged_into=Ticket.objects.get(number=1))
    for tag, found in ((make_tag("return"), (1, 2)), (make_tag("refund"), (2, 3))):
        for number in found:
            TicketTag.objects.create(ticket=Ticket.objects.get(number=number), tag=tag)
    Draft.objects.create(ticket=Ticket.objects.get(number=3), member=bela, kind="reply", updated_at=at)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3]),
        ("view=mine", [2]),
        ("view=unassigned", [1, 3]),
        ("view=team", [3]),
        ("view=snoozed", [5]),
        ("view=closed", [4, 5]),
        ("view=all", [1, 2, 3, 4, 5]),
        ("assignee=2&status=all", [2, 4]),
        ("assignee=99", []),
        ("team=1", [3]),
        ("team=nobody", [1, 2]),
        ("tag=1", [1, 2]),
        ("tag=1&tag=2", [2]),
        ("tag=99", []),
        ("topic=returns", [3]),
        ("topic=none", [1, 2]),
        ("channel=chat", [3]),
        ("inbox=2", [3]),
        ("priority=urgent", [3]),
        ("mark=vip", [2]),
        ("mark=bad&status=all", [4]),
        ("customer=1", [2]),
        ("draft=yes", [3]),
        ("sort=waiting", [2, 3]),
        ("created_from=2026-11-20&created_to=2026-11-20", []),
        ("created_from=2026-11-21&created_to=2026-11-21", [2]),
        ("active_to=2026-11-21", [2]),
    ],
)
def test_each_field_narrows(tickets: None, bela: Membership, query: str, found: list[int]) -> None:
    bela.mark_time_zone(time_zone="Europe/Paris")  # 23:30 in UTC is the next day there

    assert numbers_of(query, bela) == found


def test_nothing_of_an_inbox_one_is_not_in_is_found(tickets: None, bela: Membership) -> None:
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    bela.refresh_from_db()

    assert [
        query for query in ("", "view=all", "inbox=1", "tag=1", "assignee=me", "q=order") if numbers_of(query, bela)
    ] == []


def test_filter_says_itself_in_words(tickets: None, ada: Membership) -> None:
    query = "assignee=2&team=1&mark=vip&tag=1&tag=2&topic=returns&priority=high&inbox=2&customer=1&sort=priority"

    words = describe(TicketFilter.parse(query), ada)

    assert words == (
        "Open · assigned to Bela · team Returns · VIP · tags refund, return · topic Returns/Delivered orders"
        " · priority high · inbox Wholesale · customer Ana Lopes · by priority"
    )


def test_what_is_gone_is_said_to_be_gone(in_acme: Tenant, ada: Membership) -> None:
    words = describe(TicketFilter.parse("assignee=9&team=9&tag=9&inbox=9&customer=9"), ada)

    assert words.count("no longer exists") == 5


def test_each_chip_leads_to_the_list_without_it(in_acme: Tenant, ada: Membership) -> None:
    chips = chips_of(TicketFilter.parse("mark=vip&assignee=me"), ada)

    assert chips == [Chip("assigned to me", "mark=vip"), Chip("VIP", "view=mine")]
