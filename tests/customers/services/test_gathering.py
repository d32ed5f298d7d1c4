"""Everything about one customer as a file: rows of every app, and the files themselves."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.models import RawMail
from customers.kinds import ContactKind, CustomerEvent
from customers.models import Customer, CustomerExport
from customers.services import gathering
from customers.services.gathering import start_person_export, write_person
from customers.services.knowing import read_person
from customers.services.noting import save_note
from events.models import Event
from files.services.storing import read, store
from jobs.models import Job
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def gathered(customer: Customer, agent: Membership) -> ZipFile:
    export = start_person_export(agent=agent, customer=customer, at=NOON)
    write_person(export_id=export.pk, at=NOON)
    file = CustomerExport.objects.select_related("file").get(pk=export.pk).file
    assert file is not None
    return ZipFile(io.BytesIO(read(file)))


def part(archive: ZipFile, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(archive.read(f"{name}.json"))
    return found


def test_rows_of_every_app_and_files_are_in_it(agent: Membership) -> None:
    ana = make_customer("Ana", "Lopes", location="Porto")
    make_contact(ana, "ana@post.example")
    save_note(customer=ana, text="likes blue", based_on=0, actor=ADA, at=NOON)
    make_link(make_connection(), ana, display_name="Ana at the shop")
    inbox = make_inbox()
    ticket = make_ticket(inbox, customer=ana, subject="Where is my parcel?")
    message = make_message(ticket, "Hello", author_customer=ana)
    picture = store(name="../a:b.png", content_type="image/png", content=b"\x89PNG")
    Attachment.objects.create(message=message, file=picture, position=1)
    letter = store(name="mail.eml", content_type="message/rfc822", content=b"From: ana@post.example")
    RawMail.objects.create(number=1, inbox=inbox, file=letter, received_at=NOON, message=message)

    archive = gathered(ana, agent)

    assert archive.testzip() is None
    assert [row["location"] for row in part(archive, "customer")] == ["Porto"]
    assert [row["value"] for row in part(archive, "addresses they are reached by")] == ["ana@post.example"]
    assert [row["text"] for row in part(archive, "note, versions")] == ["likes blue"]
    assert [row["display_name"] for row in part(archive, "stores")] == ["Ana at the shop"]
    assert [row["subject"] for row in part(archive, "tickets")] == ["Where is my parcel?"]
    assert [row["text"] for row in part(archive, "messages")] == ["Hello"]
    assert archive.read(f"attachments/{picture.pk}-_a_b.png") == b"\x89PNG"
    assert archive.read(f"mails/{letter.pk}-mail.eml") == b"From: ana@post.example"


def test_nothing_of_anybody_else_is_in_it(agent: Membership) -> None:
    ana, bruno = make_customer("Ana"), make_customer("Bruno")
    make_contact(ana, "shared@post.example")
    make_contact(bruno, "shared@post.example")
    save_note(customer=bruno, text="SECRET", based_on=0, actor=ADA, at=NOON)
    make_message(make_ticket(make_inbox(), customer=bruno, subject="SECRET"), "SECRET", author_customer=bruno)

    archive = gathered(ana, agent)

    for name in archive.namelist():
        assert b"SECRET" not in archive.read(name), name
        assert b"Bruno" not in archive.read(name), name


def test_no_row_says_whose_workspace_it_is(agent: Membership) -> None:
    archive = gathered(make_customer(), agent)

    lists = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
    assert lists
    assert all("tenant_id" not in row for rows in lists for row in rows)


def test_it_says_first_what_is_in_it(agent: Membership) -> None:
    ana = make_customer("Ana", "Lopes")
    ana.photo = store(name="a.png", content_type="image/png", content=b"\x89PNG")
    ana.save()

    said = gathered(ana, agent).read("READ ME FIRST.txt").decode()

    assert said.startswith(
        "Everything that Acme knows about Ana Lopes\nCustomer 1, as of 23 November 2026, 12:00 UTC\n"
    )
    assert re.search(r"^  customer +1 entry$", said, re.MULTILINE)
    assert re.search(r"^  photos +1 file$", said, re.MULTILINE)


def test_lost_file_does_not_stop_the_rest(agent: Membership) -> None:
    ana = make_customer()
    ana.photo = store(name="a.png", content_type="image/png", content=b"\x89PNG")
    ana.save()
    default_storage.delete(ana.photo.path)

    archive = gathered(ana, agent)

    assert part(archive, "customer")
    assert Job.objects.get().report["summary"].endswith("0 files")


def test_planning_is_an_audited_event_of_the_customer(agent: Membership) -> None:
    ana = make_customer()

    export = start_person_export(agent=agent, customer=ana, at=NOON)

    event = Event.objects.get(type=CustomerEvent.FILE_PLANNED.name)
    assert (event.audit_group, event.customer_id, event.data) == ("privacy", ana.pk, {"export": export.pk})


def test_who_was_erased_is_not_gathered(agent: Membership) -> None:
    ana = make_customer()
    export = start_person_export(agent=agent, customer=ana, at=NOON)
    ana.erased_at = NOON
    ana.save()

    write_person(export_id=export.pk, at=NOON)

    assert Job.objects.get().report["summary"] == "Stopped: the customer was erased."
    with pytest.raises(gathering.Erased):
        start_person_export(agent=agent, customer=ana, at=NOON)


def test_addresses_of_before_are_known(agent: Membership) -> None:
    ana = make_customer()
    line = make_contact(ana, "old@post.example")
    make_contact(ana, "+351911234567", ContactKind.PHONE)
    line.delete()

    assert read_person(customer=ana).addresses == {"old@post.example", "+351911234567"}


@pytest.mark.django_db(transaction=True)
def test_worker_that_is_in_no_transaction_writes_it(acme: Tenant, ada: Membership) -> None:
    """Outside one PostgreSQL knows no workspace, and refuses whatever is asked."""
    with tenant_scope(acme):
        with transaction.atomic():
            export = start_person_export(agent=ada, customer=make_customer(), at=NOON)

        write_person(export_id=export.pk, at=NOON)

        with transaction.atomic():
            assert Job.objects.get().state == "done"
