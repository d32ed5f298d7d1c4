"""Four people of whom much is known, and a plain account of who owns what, to be compared with what merging makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.kinds import Actor, ActorKind
from customers.belongings import all_moved
from customers.kinds import FieldKind, FieldTarget
from customers.models import (
    Contact,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomerSource,
    CustomerTag,
    CustomerTotals,
    LegalDetails,
    NoteDraft,
    Presence,
)
from customers.services import contacting, defining, describing, noting, setting_fields, tagging_customer
from customers.services.merging.fields import read_said
from customers.services.timeline_noting import add_timeline_note
from customers.supposed_sex import suppose_sex
from files.services import storing
from integrations.models import Order, StoreCustomer
from integrations.services.tallying import write_totals
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Attachment, Message, Participant, Ticket

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ADA = Actor(ActorKind.AGENT, 1, "Ada")
PEOPLE = 4
# What each holds or carries: some their own, some with one other, some with all.
HELD = [{f"own{n}@a.example", f"with{n // 2}@a.example", f"odd{n % 2}@a.example", "all@a.example"} for n in range(4)]
TAGS = [{f"tag{n}", f"side{n // 2}", "everybody"} if n else {"everybody"} for n in range(4)]
FIRST, LAST = ("Ana", "Anna", "", "A"), ("Lopes", "", "", "Lopez")
PLACES = ("", "Porto", "", "Lisbon")


@dataclass(repr=False)
class Person:
    """What is somebody's own, whoever has it now. `at` is where they live."""

    row: Customer
    held: set[str]
    tags: set[str]
    at: str
    tickets: set[int] = field(default_factory=set)
    # Who was merged into them, and stands, in that order.
    below: list[Person] = field(default_factory=list)
    above: Person | None = None

    def __repr__(self) -> str:
        return f"{self.row.number}"

    @property
    def members(self) -> list[Person]:
        return [self, *(one for child in self.below for one in child.members)]

    @property
    def top(self) -> Person:
        return self.above.top if self.above else self

    @property
    def shown_at(self) -> str:
        return self.at or next((child.shown_at for child in self.below if child.shown_at), "")


def make_crowd() -> list[Person]:
    inbox, store = make_inbox(), make_connection()
    for kind, code in ((FieldKind.TEXT, "size"), (FieldKind.NUMBER, "height")):
        draft = defining.FieldDraft(code, code=code)
        defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, actor=ADA)
    crowd = [Person(make_customer(FIRST[n], LAST[n]), set(HELD[n]), set(TAGS[n]), PLACES[n]) for n in range(PEOPLE)]
    for n, person in enumerate(crowd):
        _say(n, person.row)
        _place(n, person.row)
        for position, value in enumerate(sorted(HELD[n])):
            proof: dict[str, Any] = {
                "verified_at": NOON + timedelta(n) if (n + position) % 3 == 0 else None,
                "claimed_at": NOON if (n + position) % 3 == 1 else None,
                "last_wrote_at": NOON - timedelta(hours=n * 3 % 4) if n else None,
            }
            make_contact(person.row, value, is_primary=position == 0, position=position, **proof)
        tagging_customer.tag_customer(customer=person.row, add=sorted(TAGS[n]), actor=ADA)
        ticket = make_ticket(inbox, customer=person.row)
        message = make_message(ticket, author_customer=person.row)
        file = storing.store(name="a.txt", content_type="text/plain", content=b"a")
        Attachment.objects.create(message=message, file=file, position=0)
        Participant.objects.create(ticket=ticket, customer=person.row, address=f"own{n}@a.example")
        link = make_link(store, person.row, f"{n}", display_name=f"Of store {n}")
        Order.objects.create(
            connection=store, store_customer=link, remote_id=f"{n}", name=f"#{n}", name_folded=f"#{n}", placed_at=NOON
        )
        write_totals(customer_id=person.row.pk)
        person.tickets.add(ticket.pk)
    return crowd


def _say(n: int, one: Customer) -> None:
    one.set_names(first=FIRST[n], last=LAST[n], supposed_sex=suppose_sex(first=FIRST[n], middle="", last=LAST[n]))
    one.save()
    if n % 2:
        said = describing.Details(
            first_name=FIRST[n], last_name=LAST[n], is_vip=n == 1, birthday=date(1990, 1, n), location=PLACES[n]
        )
        describing.describe_customer(customer=one, details=said, actor=ADA)
        noting.save_note(customer=one, text=f"Note {n}", based_on=0, actor=ADA, at=NOON)
        noting.save_note(customer=one, text=f"Too late {n}", based_on=0, actor=ADA, at=NOON)
        LegalDetails.objects.create(customer=one, legal_name=f"Company {n}")
    typed = {"size": f"{n} and more"} if n != 2 else {"height": "180"}
    setting_fields.set_fields(customer=one, typed=typed, zone=ZoneInfo("UTC"), actor=ADA)
    add_timeline_note(customer=one, html=f"<p>About {n}</p>", actor=ADA, at=NOON)
    if n > 1:
        CustomerSource.objects.create(customer=one, source=f"paper {n}", first_visit_at=NOON)
        Customer.objects.filter(pk=one.pk).update(
            photo=storing.store(name="a.png", content_type="image/png", content=b"a")
        )
    if n:
        Presence.objects.create(customer=one, last_seen_at=NOON - timedelta(hours=(n * 2) % 5), evidence="ping")


def _place(n: int, one: Customer) -> None:
    """The last of the crowd has one of theirs twice, and some have the like of another's."""
    for line in range(n):
        CustomerAddress.objects.create(customer=one, text=f"Street {n // 2} {line // 2}", is_main=not line)


def snapshot() -> dict[str, Any]:
    """Every row that belongs to somebody, in every column, and what each profile says."""
    models: list[Any] = [
        *(one.model for one in all_moved()),
        CustomerFieldValue,
        CustomerTotals,
        Presence,
        Order,
        Contact,
        Message,
    ]
    rows = {model._meta.label: sorted(map(repr, model._default_manager.values())) for model in models}
    people = {one.pk: (*_plain(one), read_said(one)) for one in Customer.objects.all()}
    drafts = sorted(NoteDraft.objects.unsettled().values_list("pk", "note", "text"))
    return {**rows, "people": people, "drafts": drafts}


def _plain(one: Customer) -> list[str]:
    return [f"{field.attname}={getattr(one, field.attname)}" for field in one._meta.concrete_fields]


def check(crowd: list[Person]) -> None:
    """Who stands by themselves has all that is theirs and their members', once, and nobody else has anything."""
    tops = [one for one in crowd if one.above is None]
    for one in tops:
        pk = one.row.pk
        assert _held(pk) == sorted(set().union(*(m.held for m in one.members))), "contacts"
        assert _carried(pk) == sorted(set().union(*(m.tags for m in one.members))), "tags"
        tickets = set(Ticket.objects.filter(customer=pk).values_list("pk", flat=True))
        assert tickets == set().union(*(m.tickets for m in one.members)), "tickets"
        row = Customer.objects.get(pk=pk)
        assert row.location == one.shown_at, "location"
        assert sorted(row.all_ids) == sorted(m.row.pk for m in one.members)
        assert CustomerContact.objects.filter(customer=pk, is_primary=True).count() == bool(_held(pk)), "main"
    alive = {one.row.pk for one in tops}
    assert set(Customer.objects.alive().values_list("pk", flat=True)) == alive
    for moved in all_moved():
        owners = set(moved.model._default_manager.values_list(moved.column, flat=True))
        assert owners - {None} <= alive, moved.name
    assert StoreCustomer.objects.count() == Order.objects.count() == PEOPLE


def _held(pk: int) -> list[str]:
    return sorted(CustomerContact.objects.filter(customer=pk).values_list("contact__value", flat=True))


def _carried(pk: int) -> list[str]:
    return sorted(CustomerTag.objects.filter(customer=pk).values_list("name", flat=True))


def take_off_contact(top: Person, value: str) -> None:
    line = CustomerContact.objects.filter(customer=top.row.pk, contact__value=value).first()
    if line is not None:
        contacting.remove_contact(line=line, actor=ADA)
        for one in top.members:
            one.held.discard(value)


def add_contact(top: Person, value: str) -> None:
    if value not in _held(top.row.pk):
        contacting.add_contact(customer=top.row, kind="email", typed=value, actor=ADA)
        top.held.add(value)


def take_off_tag(top: Person, name: str) -> None:
    if name in _carried(top.row.pk):
        tagging_customer.tag_customer(customer=top.row, add=(), remove=[name], actor=ADA)
        for one in top.members:
            one.tags.discard(name)


def add_tag(top: Person, name: str) -> None:
    if name not in _carried(top.row.pk):
        tagging_customer.tag_customer(customer=top.row, add=[name], actor=ADA)
        top.tags.add(name)


def move_to(top: Person, place: str) -> None:
    row = Customer.objects.get(pk=top.row.pk)
    said = describing.Details(**{**vars(describing.read_details(row)), "location": place})
    describing.describe_customer(customer=row, details=said, actor=ADA)
    top.at = place


def write_in(top: Person) -> None:
    inbox = Ticket.objects.all()[0].inbox
    ticket = make_ticket(inbox, customer=top.row, created_at=NOON + timedelta(hours=1))
    top.tickets.add(ticket.pk)
