"""What a file of customers says, in which order, and what it asks of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.filters.export_columns import OWN, USUAL, read_export_columns, usual_columns
from customers.filters.exporting import Export, read_export
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer, CustomerAddress, CustomerTag, CustomerTotals, LegalDetails, Presence
from customers.services import defining, deleting, setting_fields
from customers.services.noting import save_note
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    ada.time_zone = "America/New_York"
    with tenant_scope(acme):
        yield ada


def rows_of(export: Export) -> list[dict[str, Any]]:
    return [dict(zip(export.header, row, strict=True)) for row in export.rows(export.ids)]


def everything_about(customer: Customer, agent: Membership) -> dict[str, Any]:
    export = read_export("", list(read_export_columns()), agent)
    return next(row for row in rows_of(export) if row["number"] == customer.number)


def test_every_contact_is_said_the_main_one_first(agent: Membership) -> None:
    ana = make_customer()
    make_contact(ana, "old@post.example", position=1)
    make_contact(ana, "ana@post.example", is_primary=True, position=2)
    make_contact(ana, "+351911234567", ContactKind.PHONE, extension="12")
    make_contact(ana, "anitta", ContactKind.HANDLE, tag="twitter")
    make_contact(ana, "ana.l", ContactKind.HANDLE, tag="instagram")

    said = everything_about(ana, agent)

    assert said["email"] == "ana@post.example;old@post.example"
    assert said["phone"] == "+351911234567 ext. 12"
    assert (said["twitter"], said["handles"]) == ("anitta", "instagram:ana.l")


def test_own_columns_are_whole_and_moments_are_the_readers(agent: Membership) -> None:
    ana = make_customer(reference="R-1", birthday=date(1990, 2, 28), personal_discount=Decimal("7.50"), manager=agent)
    Customer.objects.filter(pk=ana.pk).update(created_at=datetime(2026, 11, 2, 3, 0, tzinfo=UTC), is_vip=True)
    save_note(customer=ana, text="Long " * 100, based_on=0, actor=ADA, at=NOON)

    said = everything_about(ana, agent)

    assert (said["reference"], said["birthday"], said["personal_discount"]) == ("R-1", "1990-02-28", Decimal("7.50"))
    assert (said["is_vip"], said["is_bad"], said["manager"]) == ("yes", "no", "ada@acme.example")
    assert said["created_at"] == "2026-11-01 22:00"
    assert said["note"].strip() == ("Long " * 100).strip()


def test_rows_of_other_tables_stand_beside(agent: Membership) -> None:
    ana = make_customer()
    CustomerTotals.objects.create(customer=ana, orders=3, spent=1250, currency="JPY")
    Presence.objects.create(customer=ana, last_seen_at=NOON, evidence="ping")
    LegalDetails.objects.create(customer=ana, contractor_type="legal_entity", legal_name="Lopes Lda", vat="PT123")
    CustomerAddress.objects.create(customer=ana, city="Faro")
    CustomerAddress.objects.create(customer=ana, city="Porto", street="Rua A", is_main=True, company="Lopes")
    for word in ("Press", "Friend"):
        CustomerTag.objects.create(customer=ana, name=word, name_folded=word.lower())

    said = everything_about(ana, agent)

    assert (said["orders"], said["spent"], said["currency"]) == (3, Decimal(1250), "JPY")
    assert said["last_seen"] == "2026-11-23 07:00"
    assert (said["contractor_type"], said["legal_name"], said["vat"]) == ("legal_entity", "Lopes Lda", "PT123")
    assert (said["city"], said["street"], said["company"]) == ("Porto", "Rua A", "Lopes")
    assert said["tags"] == "Friend;Press"


def test_who_has_nothing_leaves_empty_cells(agent: Membership) -> None:
    said = everything_about(make_customer(last_name=""), agent)

    filled = {name for name, cell in said.items() if cell not in ("", None)}
    assert filled == {"number", "first_name", "is_vip", "is_bad", "created_at", "origin"}


def test_custom_fields_are_written_as_an_import_reads_them(agent: Membership) -> None:
    ana = make_customer()
    texts = {"size": ("choice", "m"), "points": ("number", "-1.50"), "since": ("moment", "2026-11-02T05:00")}
    for name, (kind, typed) in texts.items():
        options = [defining.OptionDraft("Medium", code="m")] if kind == "choice" else ()
        _define(name, FieldKind(kind), options)
        setting_fields.set_fields(customer=ana, typed={name: typed}, zone=ZoneInfo(agent.time_zone), actor=ADA)

    said = everything_about(ana, agent)

    assert (said["size"], said["points"], said["since"]) == ("m", Decimal("-1.5"), "2026-11-02T05:00")


def test_custom_field_called_as_a_column_gets_a_mark(agent: Membership) -> None:
    _define("email", FieldKind.STRING)

    known = read_export_columns()

    assert (known["email"].label, known["f.email"].label) == ("E-mails", "email")
    assert usual_columns(known) == [*(name for name in OWN if name in USUAL), "f.email"]


def test_order_and_filter_are_those_of_the_list(agent: Membership) -> None:
    bruno, ana, carla = make_customer("Bruno", ""), make_customer("Ana", ""), make_customer("Carla", "")
    gone = make_customer("Dora", "")
    deleting.delete_customer(customer=gone, actor=ADA, at=NOON)
    CustomerTotals.objects.create(customer=ana, orders=1, spent=100, currency="EUR")
    CustomerTotals.objects.create(customer=bruno, orders=1, spent=500, currency="EUR")

    def names(query: str) -> list[str]:
        return [row["first_name"] for row in rows_of(read_export(query, ["first_name"], agent))]

    assert names("") == ["Carla", "Ana", "Bruno"]
    assert names("sort=name") == ["Ana", "Bruno", "Carla"]
    assert names("sort=spent") == ["Bruno", "Ana", "Carla"]
    assert names("orders_from=1&sort=-spent") == ["Ana", "Bruno"]
    assert names("deleted=yes") == ["Dora"]
    assert names("q=carla") == ["Carla"]
    assert carla.pk


def test_who_is_gone_meanwhile_is_left_out(agent: Membership) -> None:
    first, second = make_customer(), make_customer()
    export = read_export("", ["number", "no_such_column"], agent)
    Customer.objects.filter(pk=first.pk).delete()

    assert export.header == ["number"]
    assert export.rows(export.ids) == [[second.number]]


def test_queries_do_not_grow_with_the_rows(agent: Membership, django_assert_num_queries: Any) -> None:
    for number in range(5):
        customer = make_customer(f"C{number}")
        make_contact(customer, f"c{number}@post.example")
        CustomerAddress.objects.create(customer=customer, city="Faro")
    _define("size", FieldKind.STRING)
    export = read_export("", list(read_export_columns()), agent)
    export.rows(export.ids[:1])  # stores are read once for all

    with django_assert_num_queries(5):
        assert len(export.rows(export.ids)) == 5


def _define(name: str, kind: FieldKind, options: Any = ()) -> None:
    draft = defining.FieldDraft(name)
    defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, options=options, actor=ADA)
