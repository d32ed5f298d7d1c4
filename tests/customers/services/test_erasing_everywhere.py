"""An erased customer is looked for in every table, every file and every key, and is nowhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.kinds import Way
from channels.models import RawMail
from channels.services import receiving
from channels.services.reparsing import reparse_mail
from channels.services.unwrapping import unwrapped
from core.retry import Retryable
from customers.filters.exporting import read_export
from customers.kinds import CustomerEvent
from customers.models import Customer, CustomerExport, CustomerFieldValue, CustomerImport, CustomerNote
from customers.services import erasing, exporting, gathering
from customers.services.erasing import erase_customer, plan_erasure
from customers.services.merging.parting import NotUndoable
from customers.services.noting import save_note
from events.models import Event
from files.services.storing import read
from integrations.models import Connection, StoreCustomer
from integrations.services import linking
from integrations.types import StoreCustomerFacts
from tests.customers.actors import ADA, NOON
from tests.customers.looking import found_anywhere
from tests.customers.marked import MAIL, NAME, PHONE, Marked, mark_everything
from tests.customers.merged import merge, split
from tests.factories.customers import make_contact, make_customer
from tickets.models import Message, SavedView, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def marked(acme: Tenant, ada: Membership) -> Iterator[Marked]:
    with tenant_scope(acme):
        yield mark_everything(ada)


def erase(marked: Marked) -> None:
    plan_erasure(customer=marked.ana, actor=ADA, at=NOON)
    cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)
    erase_customer(customer_id=marked.ana.pk, at=NOON, cause=cause)


def found(marked: Marked) -> set[str]:
    return found_anywhere(marked.words, tenant_id=marked.tenant_id)


def test_she_is_nowhere(acme: Tenant, ada: Membership, run_on_commit: Any) -> None:
    with tenant_scope(acme):
        with run_on_commit():
            marked = mark_everything(ada)
        before = found(marked)
        missed = {word for word in marked.words if not any(one.endswith(f": {word}") for one in before)}
        assert sorted(missed) == []  # each would be found

        with run_on_commit():
            erase(marked)

        assert sorted(found(marked)) == []


def test_merged_into_somebody_she_goes_with_them_and_cannot_be_split_off(
    acme: Tenant, ada: Membership, run_on_commit: Any
) -> None:
    with tenant_scope(acme):
        with run_on_commit():
            marked = mark_everything(ada)
            carla = make_customer("Carla", "Vaz")
            merged = merge(carla, marked.ana)
            split(merge(carla, marked.bruno))
            plan_erasure(customer=carla, actor=ADA, at=NOON)
        with run_on_commit():
            cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)
            erase_customer(customer_id=carla.pk, at=NOON, cause=cause)

        assert sorted(found(marked)) == []
        assert not Customer.objects.get(pk=marked.bruno.pk).is_erased
        assert Customer.objects.get(pk=marked.ana.pk).is_erased
        with pytest.raises(NotUndoable):
            split(merged)


def test_file_about_a_survivor_tells_what_was_known_of_the_other(acme: Tenant, ada: Membership) -> None:
    with tenant_scope(acme):
        marked = mark_everything(ada)
        carla = make_customer("Carla", "Vaz")
        merge(carla, marked.ana)
        export = gathering.start_person_export(agent=ada, customer=carla, at=NOON)
        gathering.write_person(export_id=export.pk, at=NOON)
        export.refresh_from_db()

        assert sorted(missing_in(export, marked.words - marked.untold)) == []


def test_file_about_her_that_was_planned_before_a_merge_is_the_survivors(acme: Tenant, ada: Membership) -> None:
    with tenant_scope(acme):
        ana, carla = make_customer(), make_customer("Carla", "Vaz")
        export = gathering.start_person_export(agent=ada, customer=ana, at=NOON)
        merge(carla, ana)
        gathering.write_person(export_id=export.pk, at=NOON)
        export.refresh_from_db()

        assert export.file is not None
        assert export.file.name == f"customer-{carla.number}.zip"


def test_file_with_everything_about_her_has_each_of_her_words(marked: Marked) -> None:
    export = CustomerExport.objects.select_related("file").get(kind="person")

    assert sorted(missing_in(export, marked.words - marked.untold)) == []


def missing_in(export: CustomerExport, words: set[str]) -> set[str]:
    assert export.file is not None
    with ZipFile(io.BytesIO(read(export.file))) as archive:
        parts = [text for name in archive.namelist() for text in (name, *unwrapped(archive.read(name)))]
    told = "\n".join(parts).casefold()
    return {word for word in words if word.casefold() not in told}


def test_what_others_said_and_have_stays_without_her_addresses(marked: Marked) -> None:
    erase(marked)

    theirs = Ticket.objects.get(customer=marked.bruno, number=2)
    told = list(Message.objects.filter(ticket=theirs).order_by("number").values_list("author_name", "text"))
    assert told[:3] == [
        ("Bruno Silva", "Where?"),
        ("Erased customer", "Erased."),
        ("Bruno", "As [erased] or [erased] said"),
    ]
    assert (theirs.subject, theirs.preview) == ("Parcel", "Erased.")
    assert CustomerNote.objects.get(customer=marked.bruno).text == "Married to [erased], [erased]"
    assert CustomerFieldValue.objects.get(customer=marked.bruno).text == "see [erased]"
    assert Customer.objects.get(pk=marked.bruno.pk).display_name == "Bruno Silva"
    assert Ticket.objects.filter(customer=marked.ana).count() > 0
    assert SavedView.objects.get(member=None).name == "Erased customer"


def test_letter_that_named_her_stays_as_it_was_read(marked: Marked) -> None:
    erase(marked)
    copied = Message.objects.get(text="Please")
    mail = RawMail.objects.select_related("file").get(message=copied)

    assert (mail.sender, mail.file.size) == ("bruno@silva.example", 0)
    assert reparse_mail(mail_id=mail.pk) is False
    assert Message.objects.get(pk=copied.pk).text == "Please"


def test_other_workspace_keeps_its_own(marked: Marked, cleo: Membership) -> None:
    with tenant_scope(cleo.tenant):
        namesake = make_customer("Zyxana", "Qwormark", reference=marked.ana.reference)
        make_contact(namesake, MAIL)
        save_note(customer=namesake, text=f"Write to {MAIL}", based_on=0, actor=ADA, at=NOON)
        before = sorted(found_anywhere({MAIL, "Qwormark"}, tenant_id=cleo.tenant.pk))

    erase(marked)

    with tenant_scope(cleo.tenant):
        assert sorted(found_anywhere({MAIL, "Qwormark"}, tenant_id=cleo.tenant.pk)) == before
        assert CustomerNote.objects.get().text == f"Write to {MAIL}"


@pytest.mark.parametrize("place", ["strike_everywhere", "_drop_exports", "_destroy"])
def test_worker_that_dies_is_followed_by_another(
    acme: Tenant, ada: Membership, monkeypatch: pytest.MonkeyPatch, run_on_commit: Any, place: str
) -> None:
    with tenant_scope(acme):
        with run_on_commit():
            marked = mark_everything(ada)
        plan_erasure(customer=marked.ana, actor=ADA, at=NOON)
        cause = Event.objects.get(type=CustomerEvent.ERASURE_PLANNED.name)

        def die(*_: Any, **__: Any) -> None:
            raise OSError("killed")

        with monkeypatch.context() as patched, pytest.raises(OSError, match="killed"), transaction.atomic():
            patched.setattr(erasing, place, die)
            erase_customer(customer_id=marked.ana.pk, at=NOON, cause=cause)
        with run_on_commit():
            erase_customer(customer_id=marked.ana.pk, at=NOON, cause=cause)

        assert sorted(found(marked)) == []


def test_import_that_names_her_is_waited_for(marked: Marked) -> None:
    taken = CustomerImport.objects.get(name="waiting.csv")
    CustomerImport.objects.filter(pk=taken.pk).update(state="running")

    with pytest.raises(Retryable, match="its file names the customer"):
        erase(marked)

    assert not Customer.objects.get(pk=marked.ana.pk).is_erased


def test_mail_that_waited_makes_a_new_customer(marked: Marked) -> None:
    waiting = receiving.store_mail(inbox=marked.inbox, raw=marked.letter("waited"), way=Way.SMTP, at=NOON)
    erase(marked)

    receiving.work_stored(mail_id=waiting.pk, at=NOON)

    message = Message.objects.select_related("ticket", "author_customer").get(text__contains="zqwaitedtextqz")
    assert message.author_customer not in (None, marked.ana)
    assert message.ticket.customer != marked.ana
    assert Customer.objects.get(pk=marked.ana.pk).display_name == "Erased customer"


def test_export_in_a_workers_hands_keeps_nothing(marked: Marked) -> None:
    export = exporting.start_list_export(agent=marked.agent, query="", columns=["email"], at=NOON)

    def overtaken(query: str, columns: Any, member: Membership) -> Any:
        erase(marked)
        return read_export(query, columns, member)

    exporting.write_list(export_id=export.pk, read=overtaken, at=NOON)

    assert CustomerExport.objects.get(pk=export.pk).file is None


def test_store_that_was_asked_before_brings_nothing_back(marked: Marked) -> None:
    shop = Connection.objects.get()
    facts = StoreCustomerFacts(
        remote_id="778800",
        note="zqlateqz",
        updated_at=NOON,
        first_name="Zyxana",
        last_name="Qwormark",
        display_name=NAME,
        emails=(MAIL,),
        phones=(PHONE,),
        location="",
        language="",
        orders_count=1,
        spent=(),
        admin_url="",
    )
    erase(marked)

    with pytest.raises(linking.ErasedMeanwhile):
        linking.link_customer(connection=shop, customer=marked.ana, facts=facts, actor=ADA, at=NOON)

    assert not StoreCustomer.objects.filter(customer=marked.ana).exists()
