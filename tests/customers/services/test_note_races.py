"""Two at one moment, on two connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

from accounts.kinds import ActorKind
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.models import Contact, Customer, CustomerNote, NoteDraft, NoteVersion
from customers.services import contacting, creating, identifying, noting
from tests.customers.actors import ADA, BELA, MINUTE, NOON
from tests.factories.customers import make_customer

T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(acme: Tenant) -> Callable[..., list[T]]:
    """Runs each call in a thread and a transaction of its own, all let go at the same moment."""

    def run(*calls: Callable[[], T]) -> list[T]:
        barrier = Barrier(len(calls))

        def one(call: Callable[[], T]) -> T:
            try:
                with tenant_scope(acme), transaction.atomic():
                    connection.ensure_connection()
                    barrier.wait(timeout=5)
                    return call()
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run


def test_two_first_saves_make_one_note_and_one_draft(acme: Tenant, at_once: Callable[..., list[noting.Saved]]) -> None:
    with tenant_scope(acme), transaction.atomic():
        customer = make_customer()

    saved = at_once(
        lambda: noting.save_note(customer=customer, text="Call after six", based_on=0, actor=ADA, at=NOON),
        lambda: noting.save_note(customer=customer, text="Hates calls", based_on=0, actor=BELA, at=NOON),
    )

    assert sorted(one.draft is None for one in saved) == [False, True]
    with tenant_scope(acme), transaction.atomic():
        assert CustomerNote.objects.get().version == 1
        assert {NoteVersion.objects.get().text, NoteDraft.objects.get().text} == {"Call after six", "Hates calls"}


def test_a_save_waits_for_the_one_before_it_and_is_late(
    acme: Tenant, at_once: Callable[..., list[noting.Saved]]
) -> None:
    with tenant_scope(acme), transaction.atomic():
        customer = make_customer()
        noting.save_note(customer=customer, text="Call", based_on=0, actor=ADA, at=NOON)
    has_saved = Event()

    def first() -> noting.Saved:
        saved = noting.save_note(customer=customer, text="Call after six", based_on=1, actor=ADA, at=NOON)
        has_saved.set()
        sleep(0.1)  # the second save begins before this one is committed
        return saved

    def second() -> noting.Saved:
        has_saved.wait(timeout=5)
        return noting.save_note(customer=customer, text="Hates calls", based_on=1, actor=BELA, at=NOON)

    saved = at_once(first, second)

    assert [one.draft is None for one in saved] == [True, False]
    assert saved[1].note.text == "Call after six"


def test_two_mails_from_a_new_address_make_one_customer(
    acme: Tenant, at_once: Callable[..., list[identifying.Resolution]]
) -> None:
    def resolve() -> identifying.Resolution:
        return identifying.resolve_sender(
            kind=ContactKind.EMAIL,
            typed="ana@post.example",
            name="Ana Lopes",
            origin=ActorKind.CUSTOMER,
            at=NOON,
            may_create=True,
        )

    found = at_once(resolve, resolve, resolve)

    assert sorted(one.is_new for one in found) == [False, False, True]
    with tenant_scope(acme), transaction.atomic():
        customer = Customer.objects.get()
        assert {one.customer for one in found} == {customer}
        assert customer.number == 1


def test_creating_by_hand_and_by_mail_do_not_wait_for_each_other(
    acme: Tenant, at_once: Callable[..., list[object]]
) -> None:
    new = creating.NewContact(ContactKind.EMAIL, "ana@post.example")

    at_once(
        lambda: creating.create_customer(actor=ADA, at=NOON, first_name="Ana", contacts=[new]),
        lambda: identifying.resolve_sender(
            kind=new.kind, typed=new.typed, name="", origin=ActorKind.CUSTOMER, at=NOON, may_create=True
        ),
    )

    with tenant_scope(acme), transaction.atomic():
        assert Contact.objects.get().holders.count() == Customer.objects.count()


def test_a_message_is_not_stopped_by_an_edit_of_its_senders_contacts(
    acme: Tenant, at_once: Callable[..., list[object]]
) -> None:
    """The edit holds the customer and wants the contact; the message holds the contact and points to the customer."""
    with tenant_scope(acme), transaction.atomic():
        customer = make_customer()
        line = contacting.add_contact(customer=customer, kind=ContactKind.EMAIL, typed="ana@post.example", actor=ADA)
    barrier = Barrier(2)

    def edit() -> None:
        with transaction.atomic():
            Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
            barrier.wait(timeout=5)
            contacting.remove_contact(line=line, actor=ADA)

    def write() -> None:
        found = identifying.resolve_sender(
            kind=ContactKind.EMAIL,
            typed="ana@post.example",
            name="",
            origin=ActorKind.CUSTOMER,
            at=NOON + MINUTE,
            may_create=True,
        )
        barrier.wait(timeout=5)
        assert found.customer
        noting.lock_note(customer=found.customer)  # any row that points to the customer

    at_once(edit, write)

    with tenant_scope(acme), transaction.atomic():
        assert CustomerNote.objects.get().customer == customer
