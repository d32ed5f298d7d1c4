"""What each field of the filter leaves, and in which order it comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core.paging import read_sections
from customers.filters import CustomerFilter, narrow, narrowing
from customers.filters.sorting import sections_of
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Contact, Customer, CustomerSource, CustomerTag, CustomerTotals, Presence
from customers.services import defining, deleting, noting, setting_fields
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    """Ada in New York, with Ana, of whom all is known, Bruno, of whom something is, and Carla."""
    ada.time_zone = "America/New_York"
    with tenant_scope(acme):
        ana, bruno = make_customer("Ana", "Lopes"), make_customer("Bruno", "Lopes")
        make_customer("Carla", "")
        _know_all(ana, ada)
        _know_some(bruno)
        _define(ana)
        yield ada


def _know_all(ana: Customer, ada: Membership) -> None:
    _set(ana, is_vip=True, manager=ada, store_number=2, sex="female", supposed_sex="female", language="pt")
    _set(ana, preferred_channel="chat", location="Porto, PT", birthday=date(1990, 2, 28), personal_discount="7.5")
    _set(ana, time_zone="Europe/Lisbon", discount_card="C-17")
    noting.save_note(customer=ana, text="Call after six", based_on=0, actor=ADA, at=NOON)
    _set(ana, created_at=datetime(2026, 11, 2, 3, 0, tzinfo=UTC), origin="store", reference="R-17")
    make_contact(ana, "ana@post.example", is_primary=True)
    make_contact(ana, "+12025550101", ContactKind.PHONE)
    make_contact(ana, "anitta", ContactKind.HANDLE)
    Contact.objects.filter(value="ana@post.example").update(subscription="subscribed", bounced_at=NOON)
    for word in ("Press", "Wholesale"):
        CustomerTag.objects.create(customer=ana, name=word, name_folded=word.lower())
    Presence.objects.create(customer=ana, last_seen_at=datetime(2026, 11, 5, 4, 0, tzinfo=UTC), evidence="ping")
    CustomerTotals.objects.create(customer=ana, orders=3, spent=12_50, currency="EUR")
    CustomerSource.objects.create(customer=ana, source="Google", medium="cpc", campaign="Spring")


def _know_some(bruno: Customer) -> None:
    _set(bruno, is_bad=True, supposed_sex="male", created_at=datetime(2026, 10, 1, tzinfo=UTC))
    make_contact(bruno, "bruno@post.example")
    Contact.objects.filter(value="bruno@post.example").update(subscription="unsubscribed")
    CustomerTag.objects.create(customer=bruno, name="Press", name_folded="press")
    noting.lock_note(customer=bruno)  # a note of which nothing was written
    Presence.objects.create(customer=bruno, last_seen_at=datetime(2026, 11, 9, tzinfo=UTC), evidence="ping")
    CustomerTotals.objects.create(customer=bruno, orders=1, spent=9000, currency="JPY")


def _define(ana: Customer) -> None:
    for name, kind, typed in (("Size", FieldKind.STRING, "Large"), ("Weight", FieldKind.NUMBER, "2.5")):
        draft = defining.FieldDraft(name, code=name.lower())
        defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, actor=ADA)
        setting_fields.set_fields(customer=ana, typed={name.lower(): typed}, zone=ZoneInfo("UTC"), actor=ADA)


def _set(customer: Customer, **fields: Any) -> None:
    Customer.objects.filter(pk=customer.pk).update(**fields)


def found(query: str, agent: Membership) -> list[str]:
    return sorted(narrow(CustomerFilter.parse(query), agent).values_list("first_name", flat=True))


ANA, BRUNO, CARLA = ["Ana"], ["Bruno"], ["Carla"]
CASES = [
    ("", [*ANA, *BRUNO, *CARLA]),
    ("mark=vip", ANA),
    ("mark=bad", BRUNO),
    ("mark=none", CARLA),
    ("manager=me", ANA),
    ("manager=1", ANA),
    ("manager=77", []),
    ("manager=none", [*BRUNO, *CARLA]),
    ("store=2", ANA),
    ("store=3", []),
    ("store=none", [*BRUNO, *CARLA]),
    ("tag=PRESS", [*ANA, *BRUNO]),
    ("tag=press&tag=wholesale", ANA),
    ("sex=female", ANA),
    ("sex=none", [*BRUNO, *CARLA]),
    ("supposed_sex=male", BRUNO),
    ("supposed_sex=none", CARLA),
    ("language=pt", ANA),
    ("language=none", [*BRUNO, *CARLA]),
    ("time_zone=Europe/Lisbon", ANA),
    ("time_zone=none", [*BRUNO, *CARLA]),
    ("note=yes", ANA),
    ("note=no", [*BRUNO, *CARLA]),
    ("note_has=AFTER+six", ANA),
    ("note_has=no", []),
    ("card=yes", ANA),
    ("card=no", [*BRUNO, *CARLA]),
    ("card_number=c-17", ANA),
    ("card_number=C", []),
    ("channel=chat", ANA),
    ("channel=none", [*BRUNO, *CARLA]),
    ("location=porto", ANA),
    ("location=PT", []),
    ("email=yes", [*ANA, *BRUNO]),
    ("email=no", CARLA),
    ("phone=yes", ANA),
    ("bounced=yes", ANA),
    ("bounced=no", [*BRUNO, *CARLA]),
    ("subscription=subscribed", ANA),
    ("subscription=unsubscribed", BRUNO),
    ("subscription=none", CARLA),
    ("birth_month=2", ANA),
    ("birth_month=3", []),
    ("born_from=1990-02-28&born_to=1990-02-28", ANA),
    ("born_from=1990-03-01", []),
    # 3:00 UTC is the day before in New York.
    ("registered_from=2026-11-01&registered_to=2026-11-01", ANA),
    ("registered_to=2026-10-31", BRUNO),
    ("seen=ever", [*ANA, *BRUNO]),
    ("seen=never", CARLA),
    ("seen_from=2026-11-05", BRUNO),
    ("seen_to=2026-11-04", ANA),
    ("orders_from=2", ANA),
    ("orders_from=0", [*ANA, *BRUNO, *CARLA]),
    ("orders_to=1", [*BRUNO, *CARLA]),
    ("orders_to=0", CARLA),
    # Yen have no smaller unit.
    ("spent_from=12.5&spent_to=12.5", ANA),
    ("spent_from=12.51", BRUNO),
    ("spent_to=100", [*ANA, *CARLA]),
    ("spent_from=9000", BRUNO),
    ("discount_from=7.5&discount_to=7.5", ANA),
    ("discount_from=8", []),
    ("source=google&medium=CPC&campaign=spring", ANA),
    ("source=goo", []),
    ("origin=store", ANA),
    ("f.size=lar", ANA),
    ("f.size=arge", []),
    ("f.weight.from=2&f.weight.to=3", ANA),
    ("f.size=.none", [*BRUNO, *CARLA]),
    ("f.nothing=1", []),
    ("deleted=yes", []),
    ("q=lopes", [*ANA, *BRUNO]),
    ("q=lopes&mark=bad", BRUNO),
]


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_filter_leaves_whom_it_names(agent: Membership, query: str, expected: list[str]) -> None:
    assert found(query, agent) == expected


@pytest.mark.parametrize("query", ["tag=press&tag=wholesale", "tag=press"])
def test_tag_that_many_carry_is_asked_for_another_way(
    agent: Membership, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(narrowing, "MANY", 0)

    assert found(query, agent) == (ANA if "wholesale" in query else [*ANA, *BRUNO])


def test_deleted_customers_are_in_their_own_list_only(agent: Membership) -> None:
    deleting.delete_customer(customer=Customer.objects.get(first_name="Ana"), actor=ADA, at=NOON)

    assert found("", agent) == [*BRUNO, *CARLA]
    assert found("q=lopes", agent) == BRUNO
    assert found("deleted=yes", agent) == ANA


SORTS = [
    ("", "Dora Carla Bruno Ana"),
    ("-registered", "Ana Bruno Carla Dora"),
    ("name", "Ana Bruno Carla Dora"),
    ("-name", "Dora Carla Bruno Ana"),
    ("seen", "Bruno Ana Dora Carla"),
    ("-seen", "Ana Bruno Dora Carla"),
    ("spent", "Bruno Ana Dora Carla"),
    ("-spent", "Ana Bruno Dora Carla"),
    ("orders", "Ana Bruno Dora Carla"),
    ("-orders", "Bruno Ana Dora Carla"),
    ("seen&seen=ever", "Bruno Ana"),
    ("seen&seen=never", "Dora Carla"),
    ("seen&seen_from=2026-11-01", "Bruno Ana"),
    ("orders&orders_from=2", "Ana"),
    ("spent&manager=none", "Bruno Dora Carla"),
    ("name&q=lopes", "Ana Bruno"),
]


@pytest.mark.parametrize(("query", "expected"), SORTS)
@pytest.mark.parametrize("size", [1, 2, 10])
def test_lists_come_in_their_order_page_by_page(agent: Membership, query: str, expected: str, size: int) -> None:
    make_customer("Dora", "")
    chosen = CustomerFilter.parse(f"sort={query}")
    names, cursor = [], ""

    for _ in range(10):
        page = read_sections(sections_of(chosen, partial(narrow, chosen, agent)), cursor=cursor, size=size)
        names += [customer.first_name for customer in page.rows]
        cursor = page.next_cursor or ""
        if not cursor:
            break

    assert " ".join(names) == expected
