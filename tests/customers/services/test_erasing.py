"""An erased customer is looked for in every table, every file and every key, and is nowhere."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction

from accounts.kinds import Actor, ActorKind
from accounts.models import Membership, Tenant
from accounts.services.numbering import next_number
from accounts.tenancy import tenant_scope
from channels.kinds import CallPurpose, MailEvent, Outcome
from channels.models import (
    BlockedSender,
    Delivery,
    MailKey,
    MailReference,
    ProviderCall,
    ProviderHook,
    RawMail,
    Unsubscribed,
)
from customers.filters.exporting import read_export
from customers.kinds import ContactKind, CustomerEvent, FieldKind, FieldTarget
from customers.models import (
    Contact,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerExport,
    CustomerImport,
    CustomerSource,
    CustomField,
    ImportRow,
    LegalDetails,
    NoteDraft,
)
from customers.services import (
    defining,
    deleting,
    erasing,
    exporting,
    gathering,
    setting_fields,
    tagging_customer,
    timeline_noting,
)
from customers.services.erasing import AlreadyErased, erase_customer, plan_erasure
from customers.services.noting import save_note
from events.models import Event
from events.services.recording import record
from files.models import StoredFile
from files.services.storing import read, store
from integrations.models import InboundWebhook, Order, OrderFieldValue, StoreCustomer
from jobs.models import Job
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link, make_webhook
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tests.house.world import tenant_tables
from tickets.kinds import TicketEvent
from tickets.models import (
    Attachment,
    Draft,
    DraftFile,
    Message,
    Participant,
    Recipient,
    SavedView,
    Ticket,
    TicketFieldValue,
)

pytestmark = pytest.mark.django_db

MARK = "zyxmark"
MAIL = f"{MARK}@post.example"
PHONE = "+351911234567"
THEM = Actor(ActorKind.CUSTOMER, None, f"Ana {MARK}")


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def erased(customer: Customer) -> Customer:
    plan_erasure(customer=customer, actor=ADA, at=NOON)
    cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)
    erase_customer(customer_id=customer.pk, at=NOON, cause=cause)
    return Customer.objects.get(pk=customer.pk)


def found_in_tables(*texts: str) -> list[str]:
    """The tables a row of which has one of the texts in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in (*tenant_tables(), "events_reaction", "django_session"):
            for text in texts:
                hexed = text.encode().hex()
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s OR t::text LIKE %s',
                    (f"%{text}%", f"%{hexed}%"),
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}: {text}")
    return found


def found_in_files(text: str) -> list[str]:
    found = []
    for stored in StoredFile.objects.all():
        content = read(stored)
        if content[:2] == b"PK":
            with ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        if text.encode() in content:
            found.append(stored.name)
    return found


def known_everywhere(agent: Membership) -> Customer:
    """A customer whose mark stands wherever something of a customer can stand."""
    ana = make_customer(
        "Ana", MARK, reference=f"R-{MARK}", location=MARK, discount_card=MARK, birthday=date(1990, 2, 3)
    )
    ana.photo = store(name=f"{MARK}.png", content_type="image/png", content=b"\x89PNG" + MARK.encode())
    ana.fallback_name = MAIL
    ana.save()
    make_contact(ana, MAIL, is_primary=True)
    make_contact(ana, PHONE, ContactKind.PHONE)
    make_contact(ana, f"old-{MAIL}").delete()
    _profile(ana, agent)
    _store(ana)
    ticket = _ticket(ana, agent)
    _mails(ticket)
    _files_of_admins(ana, agent)
    return ana


def _profile(ana: Customer, agent: Membership) -> None:
    for text in (MARK, f"{MARK} again"):
        note = save_note(customer=ana, text=text, based_on=0, actor=ADA, at=NOON).note
    NoteDraft.objects.create(note=note, text=MARK, based_on=0, created_at=NOON, author_kind="agent")
    timeline_noting.add_timeline_note(customer=ana, html=f"<p>{MARK}</p>", actor=ADA, at=NOON)
    CustomerAddress.objects.create(customer=ana, city=MARK, text=MARK)
    LegalDetails.objects.create(customer=ana, legal_name=MARK)
    CustomerSource.objects.create(customer=ana, campaign=MARK)
    tagging_customer.tag_customer(customer=ana, add=[MARK], actor=ADA)
    _define("size", FieldTarget.CUSTOMER)
    setting_fields.set_fields(customer=ana, typed={"size": MARK}, zone=ZoneInfo("UTC"), actor=ADA)
    Job.objects.create(kind="customer_batch", cursor={"verb": "field"}, report={"befores": [[ana.pk, MARK], [0, "x"]]})


def _define(name: str, target: FieldTarget) -> CustomField:
    draft = defining.FieldDraft(name)
    return defining.define_field(target=target, kind=FieldKind.STRING, draft=draft, actor=ADA)


def _store(ana: Customer) -> None:
    shop = make_connection()
    link = make_link(shop, ana, display_name=MARK, remote_text=MARK, base_text=MARK, sent_text=MARK)
    facts = {"name": "#1", "name_folded": "#1", "placed_at": NOON, "details": {"to": MARK}}
    order = Order.objects.create(connection=shop, store_customer=link, remote_id="7", **facts)
    OrderFieldValue.objects.create(order=order, field=_define("gift", FieldTarget.ORDER), text=MARK)
    make_webhook(shop, {"X": "1"}, json.dumps({"email": MAIL}).encode())
    make_webhook(shop, {}, json.dumps({"id": 1001, "first_name": MARK}).encode())


def _ticket(ana: Customer, agent: Membership) -> Ticket:
    inbox = make_inbox()
    ticket = make_ticket(inbox, customer=ana, subject=MARK, customer_reason=MARK)
    said: dict[str, Any] = {
        "author_name": MARK,
        "author_address": MAIL,
        "quoted": MARK,
        "html": MARK,
        "author_customer": ana,
    }
    message = make_message(ticket, MARK, joined_because=MARK, warning=MARK, **said)
    answer = make_message(ticket, f"Dear {MARK}", direction="out", author_member=agent, author_name="Ada")
    make_message(ticket, f"Is {MARK} right?", direction="note", author_member=agent, author_name="Ada")
    letter = store(name=f"{MARK}.txt", content_type="text/plain", content=MARK.encode())
    Attachment.objects.create(message=message, file=letter, position=1)
    Participant.objects.create(ticket=ticket, customer=ana, address=MAIL, name=MARK)
    Recipient.objects.create(message=answer, kind="to", address=MAIL, name=MARK)
    Delivery.objects.create(message=answer, recipient=MAIL, mail_id=f"<1-{MAIL}>", error=MARK)
    MailReference.objects.create(digest="1", message_id=f"<{MAIL}>", of_message=message)
    draft = Draft.objects.create(member=agent, ticket=ticket, kind="reply", html=MARK, to=MAIL, updated_at=NOON)
    DraftFile.objects.create(draft=draft, file=store(name="b", content_type="text/plain", content=MARK.encode()))
    Draft.objects.create(member=agent, ticket=None, kind="reply", to=f"Ana <{MAIL}>", updated_at=NOON)
    field = _define("about", FieldTarget.TICKET)
    TicketFieldValue.objects.create(ticket=ticket, field=field, text=MARK)
    names = {"from": f"About {MARK}", "to": "Parcel"}
    record(TicketEvent.RENAMED, subject=ticket, actor=THEM, data=names, ticket_id=ticket.pk, customer_id=ana.pk)
    SavedView.objects.create(number=next_number("saved_view"), name="Theirs", query=f"q={MARK}%40post.example")
    return ticket


def _mails(ticket: Ticket) -> None:
    raw = store(name="mail.eml", content_type="message/rfc822", content=f"From: {MAIL}".encode())
    facts = {"inbox": ticket.inbox, "received_at": NOON}
    message = Message.objects.get(ticket=ticket, number=1)
    kept = RawMail.objects.create(number=1, file=raw, sender=MAIL, subject=MARK, message=message, **facts)
    MailKey.objects.create(inbox=ticket.inbox, key="digest", mail=kept)
    other = store(name="other.eml", content_type="message/rfc822", content=MARK.encode())
    RawMail.objects.create(number=2, file=other, sender=MAIL, subject=MARK, outcome=Outcome.QUARANTINED, **facts)
    hook = ProviderHook.objects.create(inbox=ticket.inbox, provider="postmark")
    call = store(name="call", content_type="application/json", content=f'{{"From": "{MAIL.upper()}"}}'.encode())
    ProviderCall.objects.create(hook=hook, purpose=CallPurpose.INBOUND, file=call, received_at=NOON)
    blocked = BlockedSender.objects.create(number=next_number("blocked_sender"), address=MAIL)
    record(MailEvent.SENDER_BLOCKED, subject=blocked, actor=ADA, data={"address": MAIL})
    Unsubscribed.objects.create(address=MAIL)


def _files_of_admins(ana: Customer, agent: Membership) -> None:
    listed = exporting.start_list_export(agent=agent, query=f"q={MARK}%40post.example", columns=["email"], at=NOON)
    exporting.write_list(export_id=listed.pk, read=read_export, at=NOON)
    person = gathering.start_person_export(agent=agent, customer=ana, at=NOON)
    gathering.write_person(export_id=person.pk, at=NOON)
    table = store(name="in.csv", content_type="text/csv", content=MAIL.encode())
    taken = CustomerImport.objects.create(number=1, name="in.csv", file=table, state="done")
    ImportRow.objects.create(customer_import=taken, line=2, outcome="refused", problem="Bad", cells=[MAIL.upper()])
    ImportRow.objects.create(customer_import=taken, line=3, outcome="created", customer=ana, cells=[MARK])


def test_erased_customer_is_nowhere(agent: Membership, run_on_commit: Any) -> None:
    ana = known_everywhere(agent)
    assert len(found_in_tables(MARK)) > 25  # it would be found
    assert len(found_in_files(MARK)) > 6
    paths = [stored.path for stored in StoredFile.objects.all() if stored.name in found_in_files(MARK)]

    with run_on_commit():
        erased(ana)

    assert found_in_tables(MARK, PHONE) == []
    assert found_in_files(MARK) == []
    assert [path for path in paths if default_storage.exists(path)] == []
    client: Any = redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)
    assert [key for key in client.keys("*") if MARK in key] == []


def test_row_of_another_with_a_remark_loses_their_addresses_and_can_be_undone(agent: Membership) -> None:
    ana, bruno = make_customer("Ana", "A"), make_customer("Bruno", "B")
    make_contact(ana, MAIL)
    taken = CustomerImport.objects.create(number=1, name="in.csv", state="done")
    told = {"customer_import": taken, "outcome": "updated", "problem": "Left out.", "beginning": f"Bo · {MAIL}"}
    ImportRow.objects.create(line=2, customer=bruno, cells={"reference": "C-1"}, **told)
    ImportRow.objects.create(line=3, customer=ana, cells={"reference": "C-1"}, **told)
    ImportRow.objects.create(line=4, **told)

    erased(ana)

    rows = ImportRow.objects.order_by("line").values_list("problem", "beginning", "cells")
    assert list(rows) == [("Left out.", "Bo · [erased]", {"reference": "C-1"}), ("", "", None), ("", "", None)]


def test_ticket_stays_without_words(agent: Membership) -> None:
    ana = known_everywhere(agent)
    before = Ticket.objects.get()

    after = erased(ana)

    ticket = Ticket.objects.select_related("customer").get()
    assert (ticket.number, ticket.status, ticket.created_at) == (before.number, before.status, before.created_at)
    assert ticket.customer == after and after.display_name == "Erased customer"
    told = list(Message.objects.order_by("number").values_list("author_name", "text", "direction"))
    assert told == [("Erased customer", "Erased.", "in"), ("Ada", "Erased.", "out"), ("Ada", "Erased.", "note")]


def test_what_others_have_stays(agent: Membership) -> None:
    ana, bruno = make_customer("Ana", "A"), make_customer("Bruno", "B")
    for one in (ana, bruno):
        make_contact(one, "shared@post.example")
        save_note(customer=one, text="A note", based_on=0, actor=ADA, at=NOON)
    ticket = make_ticket(make_inbox(), customer=bruno, subject="Parcel")
    shared = {"author_name": "Bruno", "author_address": "shared@post.example"}
    make_message(ticket, "Hello", author_customer=bruno, **shared)
    Participant.objects.create(ticket=ticket, customer=bruno, address="shared@post.example", name="Bruno")
    Unsubscribed.objects.create(address="shared@post.example")
    make_message(ticket, "Me too", author_customer=ana, author_name="Ana")

    erased(ana)

    assert CustomerContact.objects.get().customer == bruno
    assert Contact.objects.get().value == "shared@post.example"
    assert Customer.history.filter(id=bruno.pk).exists()
    assert Ticket.objects.get().subject == "Parcel"
    assert Message.objects.get(number=1).author_name == Participant.objects.get().name == "Bruno"
    assert Unsubscribed.objects.exists()
    assert list(Message.objects.order_by("number").values_list("text", flat=True)) == ["Hello", "Erased."]


def test_addresses_that_only_contain_theirs_are_others(agent: Membership) -> None:
    ana = make_customer()
    make_contact(ana, "ana@post.example")
    make_contact(ana, "ana", ContactKind.HANDLE, tag="twitter")
    shop = make_connection()
    make_webhook(shop, {}, b'{"email": "joana@post.example"}')
    make_webhook(shop, {}, b'{"email": "ana@post.example"}')
    draft = {"member": agent, "ticket": None, "kind": "reply", "updated_at": NOON}
    Draft.objects.create(to="Joana <joana@post.example>", **draft)
    SavedView.objects.create(number=1, name="Other", query="q=joana%40post.example")

    erased(ana)

    bodies = InboundWebhook.objects.order_by("pk").values_list("body", flat=True)
    assert [bytes(body) for body in bodies] == [b'{"email": "joana@post.example"}', b"{}"]
    assert Draft.objects.exists()
    assert SavedView.objects.get().query == "q=joana%40post.example"


def test_customer_restored_meanwhile_is_erased_and_gone(agent: Membership) -> None:
    ana = plan_erasure(customer=make_customer(), actor=ADA, at=NOON)
    deleting.restore_customer(customer=ana, actor=ADA)

    erase_customer(customer_id=ana.pk, at=NOON, cause=Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name))

    assert Customer.objects.get().deleted_at == NOON


def test_same_mail_is_not_taken_twice(agent: Membership) -> None:
    erased(known_everywhere(agent))

    assert MailKey.objects.get().mail.number == 1
    assert read(RawMail.objects.get(number=1).file) == b""


def test_events_say_who_erased_and_nothing_of_whom(agent: Membership) -> None:
    ana = make_customer()

    erased(ana)

    told = Event.objects.filter(customer_id=ana.pk, audit_group="privacy").order_by("pk")
    assert [(one.type, one.actor_name) for one in told] == [
        ("customer.erasure_planned", "Ada"),
        ("customer.erased", "Ada"),
    ]


def test_planning_takes_the_customer_out_at_once(agent: Membership) -> None:
    ana = make_customer()
    make_contact(ana, MAIL)

    plan_erasure(customer=ana, actor=ADA, at=NOON)

    assert Customer.objects.get().is_deleted
    assert not CustomerContact.objects.exists()


def test_deleted_customer_is_erased_with_the_addresses_of_before(agent: Membership) -> None:
    ana = make_customer()
    make_contact(ana, MAIL)
    deleting.delete_customer(customer=ana, actor=ADA, at=NOON)
    Unsubscribed.objects.create(address=MAIL)

    erased(ana)

    assert found_in_tables(MARK) == []


def test_erasing_again_changes_nothing(agent: Membership) -> None:
    ana = erased(make_customer())
    cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)

    erase_customer(customer_id=ana.pk, at=NOON, cause=cause)

    assert Event.objects.filter(type=CustomerEvent.ERASED.name).count() == 1
    with pytest.raises(AlreadyErased):
        plan_erasure(customer=ana, actor=ADA, at=NOON)
    with pytest.raises(deleting.NotDeleted):
        deleting.restore_customer(customer=ana, actor=ADA)


def test_running_export_is_stopped(agent: Membership) -> None:
    ana = make_customer()
    exporting.start_list_export(agent=agent, query="", columns=["email"], at=NOON)

    erased(ana)

    export = CustomerExport.objects.select_related("job").get()
    assert export.job is not None and export.job.report["summary"] == erasing.STOPPED


def test_given_up_erasure_is_in_the_audit(agent: Membership) -> None:
    ana = plan_erasure(customer=make_customer(), actor=ADA, at=NOON)
    cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)

    erasing.fail_erasure(customer_id=ana.pk, reason="The disk is full.", cause=cause)

    assert Event.objects.get(type=CustomerEvent.ERASURE_FAILED.name).data == {"reason": "The disk is full."}


def test_links_with_stores_are_gone(agent: Membership) -> None:
    erased(known_everywhere(agent))

    assert not StoreCustomer.objects.exists()
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_worker_that_is_in_no_transaction_erases(acme: Tenant, ada: Membership) -> None:
    """Outside one PostgreSQL knows no workspace, and refuses whatever is asked."""
    with tenant_scope(acme):
        with transaction.atomic():
            ana = plan_erasure(customer=known_everywhere(ada), actor=ADA, at=NOON)
            cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)

        erase_customer(customer_id=ana.pk, at=NOON, cause=cause)

        with transaction.atomic():
            assert found_in_tables(MARK) == []
