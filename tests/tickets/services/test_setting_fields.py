"""Custom fields of tickets: said, told, filled at first, found, set on many (F8)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.kinds import SYSTEM
from accounts.models import Membership, Tenant
from customers.field_values import Value
from customers.kinds import FieldKind, FieldTarget
from customers.models import CustomField
from customers.services import defining
from customers.services.defining import FieldDraft, OptionDraft
from customers.services.writing_fields import FieldsContested, NotFitting, read_of
from events.models import Event
from tests.factories.tickets import make_inbox, make_ticket
from tickets.filters import TicketFilter, chips_of, describe, strangers_in
from tickets.models import Ticket, TicketFieldValue
from tickets.services import opening, setting_fields
from tickets.services.viewing import with_marks

UTC = ZoneInfo("UTC")
Define = Callable[..., CustomField]


@pytest.fixture
def define(in_acme: Tenant, ada: Membership) -> Define:
    def make(name: str, kind: FieldKind = FieldKind.STRING, **more: Any) -> CustomField:
        options = [OptionDraft("Small"), OptionDraft("Large")] if kind.has_options else []
        draft = FieldDraft(name, **more)
        return defining.define_field(
            target=FieldTarget.TICKET, kind=kind, draft=draft, options=options, actor=ada.as_actor()
        )

    return make


def fill(ticket: Ticket, by: Membership, based_on: dict[str, Value] | None = None, **typed: str) -> frozenset[str]:
    return setting_fields.set_fields(ticket=ticket, typed=typed, zone=UTC, actor=by.as_actor(), based_on=based_on)


def test_fields_are_said_and_told_with_their_names(define: Define, ada: Membership) -> None:
    define("Size", FieldKind.CHOICE)
    define("Color")
    ticket = make_ticket()

    assert fill(ticket, ada, color="red", size="large", shape="round") == {"size", "color"}

    assert read_of(ticket) == {"size": Value(options=("large",)), "color": Value(text="red")}
    event = Event.objects.get(type="ticket.fields_set")
    assert (event.ticket_id, event.data) == (ticket.pk, {"fields": ["size", "color"], "names": ["Size", "Color"]})
    assert set(TicketFieldValue.history.values_list("actor_name", flat=True)) == {ada.name}
    assert fill(ticket, ada, color="red") == frozenset()
    assert Event.objects.filter(type="ticket.fields_set").count() == 1


def test_field_of_customers_is_none_of_tickets(define: Define, ada: Membership) -> None:
    defining.define_field(
        target=FieldTarget.CUSTOMER, kind=FieldKind.STRING, draft=FieldDraft("Color"), actor=ada.as_actor()
    )

    assert fill(make_ticket(), ada, color="red") == frozenset()


def test_two_agents_and_one_field(define: Define, ada: Membership, bela: Membership) -> None:
    define("Color")
    define("Age", FieldKind.INTEGER)
    ticket = make_ticket()
    fill(ticket, ada, {}, color="red", age="")

    fill(ticket, bela, {}, color="", age="4")
    with pytest.raises(FieldsContested) as contested:
        fill(ticket, bela, {}, color="blue")
    with pytest.raises(NotFitting):
        fill(ticket, bela, age="old")

    assert contested.value.theirs == {"color": Value(text="red")}
    assert read_of(ticket)["color"].text == "red"


def test_new_ticket_says_what_an_admin_wants_to_stand_there_at_first(define: Define) -> None:
    define("Size", FieldKind.CHOICES, default="Large")
    define("Age", FieldKind.INTEGER, default="3")
    define("Due", FieldKind.MOMENT, default="2026-07-01T12:00:00+02:00")
    gone = define("Fit", FieldKind.CHOICE, default="Small")
    defining.set_options(field=gone, options=[OptionDraft("Large")])

    ticket = opening.open_ticket(
        inbox=make_inbox(), subject="Hi", customer=None, customer_reason="", actor=SYSTEM, at=timezone.now()
    )

    held = read_of(ticket)
    assert sorted(held) == ["age", "due", "size"]
    assert list(held["size"].options) == ["large"]
    assert held["age"].number == Decimal(3)
    assert held["due"].moment and held["due"].moment.hour == 10


def test_row_of_a_list_says_what_lists_show(define: Define, ada: Membership) -> None:
    define("Size", FieldKind.CHOICES, in_list=True)
    define("Color")
    for kind in (FieldKind.NUMBER, FieldKind.FLAG, FieldKind.DATE, FieldKind.MOMENT, FieldKind.TEXT):
        define(str(kind), kind, in_list=True)
    ticket = make_ticket()
    fill(ticket, ada, size="large;small", color="red", number="12.50", flag="no", date="2026-11-23")
    fill(ticket, ada, moment="2026-11-23T10:00", text="x" * 300)
    defining.set_options(field=CustomField.objects.get(code="size"), options=[OptionDraft("Large")])
    ada.mark_time_zone(time_zone="Europe/Berlin")

    row: Any = with_marks(Ticket.objects.filter(pk=ticket.pk), ada).get()

    assert [(one["name"], one["value"], one["is_gone"]) for one in row.listed_fields] == [
        ("Size", "Small, Large", True),
        ("number", "12.5", False),
        ("flag", "No", False),
        ("date", "2026-11-23", False),
        ("moment", "2026-11-23 11:00", False),
        ("text", "x" * 200, False),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("f.size=large", [1]),
        ("f.size=small&f.size=large", [1, 2]),
        ("f.age.from=3", [1]),
        ("f.color=.none&status=all", [2, 3]),
        ("f.shape=round", []),
        ("f.size=large&f.age.to=2", []),
    ],
)
def test_list_is_narrowed_by_fields(define: Define, ada: Membership, query: str, found: list[int]) -> None:
    define("Size", FieldKind.CHOICE)
    define("Age", FieldKind.INTEGER)
    define("Color")
    inbox = make_inbox()
    one, two, _ = (make_ticket(inbox) for _ in range(3))
    fill(one, ada, size="large", age="3", color="red")
    fill(two, ada, size="small")

    chosen = TicketFilter.parse(query)

    assert sorted(chosen.apply(ada).values_list("number", flat=True)) == found
    assert TicketFilter.parse(chosen.as_query()) == chosen


def test_field_that_narrows_is_told_and_taken_away(define: Define, ada: Membership) -> None:
    define("Size", FieldKind.CHOICE)
    chosen = TicketFilter.parse("mark=vip&f.size=large")

    assert describe(chosen, ada) == "Open · VIP · Size: Large"
    assert [chip.query for chip in chips_of(chosen, ada)] == ["f.size=large", "mark=vip"]


def test_strangers_are_names_that_no_field_could_have() -> None:

    assert strangers_in(QueryDict("f.size=1&f.size.from=2&f.Size=3&g.size=4&f.size.pk=5")) == {
        "f.Size",
        "g.size",
        "f.size.pk",
    }
