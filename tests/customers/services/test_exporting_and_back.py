"""What was exported is imported again as what it was: nothing changes, whatever stands in the cells."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.filters.export_columns import read_export_columns, usual_columns
from customers.filters.exporting import read_export
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer, CustomerAddress, CustomerExport, CustomerImport
from customers.models.customer_import import ImportMatch
from customers.services import contacting, defining, exporting, setting_fields
from customers.services.importing import uploading, working
from customers.services.importing.mapping import read_mapping
from customers.services.noting import save_note
from files.services.storing import read
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_customer

pytestmark = pytest.mark.django_db

NASTY = st.text(alphabet="=+-@\t\"'\n;,|\\ aÉß漢\u202e🙂0%_", min_size=1, max_size=12)
WORDS = NASTY.map(lambda text: " ".join(text.split())).filter(bool)
LINES = NASTY.map(str.strip).filter(bool)
KINDS = (FieldKind.STRING, FieldKind.TEXT, FieldKind.NUMBER, FieldKind.FLAG, FieldKind.DATE, FieldKind.MOMENT)

people = st.fixed_dictionaries(
    {
        "first_name": WORDS,
        "last_name": WORDS,
        "note": LINES,
        "street": WORDS,
        "company": WORDS,
        "string": WORDS,
        "text": LINES,
        "number": st.decimals(-1000, 1000, places=3).map(lambda number: format(number.normalize(), "f")),
        "flag": st.sampled_from(["yes", "no"]),
        "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
        "emails": st.lists(st.sampled_from(["a@x.example", "b+c@y.example", "ü@z.example"]), unique=True, max_size=3),
        "phone": st.sampled_from(["", "+351911234567", "+442079460018 ext. 7"]),
    }
)


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        for kind in KINDS:
            draft = defining.FieldDraft(kind.label, code=kind.value)
            defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, actor=ADA)
        yield ada


def make(number: int, said: Mapping[str, Any]) -> Customer:
    """As agents make them."""
    names = {
        "first_name": said["first_name"],
        "last_name": said["last_name"],
        "birthday": date(1990, 1, number % 28 + 1),
    }
    customer = make_customer(**names, reference=f"R-{number}", sex="female")
    for email in said["emails"]:
        contacting.add_contact(customer=customer, kind=ContactKind.EMAIL, typed=f"{number}{email}", actor=ADA)
    if said["phone"]:
        contacting.add_contact(customer=customer, kind=ContactKind.PHONE, typed=said["phone"], actor=ADA)
    contacting.add_contact(customer=customer, kind=ContactKind.HANDLE, typed=f"@ana{number}", tag="twitter", actor=ADA)
    save_note(customer=customer, text=said["note"], based_on=0, actor=ADA, at=NOON)
    place = {"street": said["street"], "company": said["company"], "country": "PT", "city": "Porto"}
    CustomerAddress.objects.create(customer=customer, is_main=True, **place)
    typed = {name: said[name] for name in ("string", "text", "number", "flag", "date")}
    setting_fields.set_fields(customer=customer, typed=typed, zone=ZoneInfo("UTC"), actor=ADA)
    return customer


def export(agent: Membership) -> bytes:
    columns = usual_columns(read_export_columns())
    made = exporting.start_list_export(agent=agent, query="sort=registered", columns=columns, at=NOON)
    exporting.write_list(export_id=made.pk, read=read_export, at=NOON)
    file = CustomerExport.objects.select_related("file").get(pk=made.pk).file
    assert file is not None
    return read(file)


def import_again(agent: Membership, table: bytes) -> CustomerImport:
    taken = uploading.take_file(agent=agent, name="customers.csv", file=io.BytesIO(table))
    taken = uploading.choose(taken=taken, mapping=read_mapping(taken.mapping), match=ImportMatch.REFERENCE, agent=agent)
    for _ in working.work_through(job=working.begin_import(taken=taken, agent=agent), at=NOON):
        pass
    taken.refresh_from_db()
    return taken


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(said=st.lists(people, min_size=1, max_size=4))
def test_exported_file_changes_nothing(agent: Membership, said: Sequence[Mapping[str, Any]]) -> None:
    with transaction.atomic():
        for number, one in enumerate(said, start=1):
            make(number, one)
        table = export(agent)

        taken = import_again(agent, table)

        counts = (taken.created, taken.updated, taken.unchanged, taken.refused)
        problems = [(row.problem, row.cells) for row in taken.rows.all() if row.problem]
        assert (counts, problems) == ((0, 0, len(said), 0), [])
        assert export(agent) == table
        transaction.set_rollback(True)


def test_spreadsheet_calculates_nothing(agent: Membership) -> None:
    words = dict.fromkeys(("first_name", "last_name", "note", "street", "company", "string", "text"), "=1+1")
    make(1, words | {"number": "-1", "flag": "yes", "date": "2026-01-01", "emails": [], "phone": "+351911234567"})

    cells = next(csv.DictReader(io.StringIO(export(agent).decode("utf-8-sig"))))

    begin = {name for name, cell in cells.items() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))}
    assert begin == {"f.number"}  # a number
