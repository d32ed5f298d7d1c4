"""Rows written by statements that are at hand: as the ORM would write them, and refused where it would refuse."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import NoActiveTenant
from channels.models import MailTransport
from core.database import rows
from customers.models import Contact, Customer
from tickets.models import Inbox, Ticket
from tickets.services.creating_inbox import create_inbox


@pytest.fixture
def inbox(in_acme: Tenant) -> Inbox:
    return create_inbox(name="Support", address="support@acme.example")


@pytest.fixture
def ticket(inbox: Inbox) -> Ticket:
    now = timezone.now()
    found: Ticket = Ticket.objects.create(number=1, inbox=inbox, created_at=now, last_message_at=now)
    return found


@pytest.fixture
def heard() -> Iterator[list[Any]]:
    """What is said of customers that were saved."""
    said: list[Any] = []

    def hear(instance: Customer, created: bool, update_fields: Any, **_: Any) -> None:
        said.append((instance.number, created, update_fields))

    post_save.connect(hear, sender=Customer)
    yield said
    post_save.disconnect(hear, sender=Customer)


def test_inserted_rows_are_what_was_asked_for(in_acme: Tenant) -> None:
    new = [Contact(kind="email", value=f"{n}'%s\"@x.example", is_shared=n == 1) for n in range(3)]

    rows.insert(new)

    stored = list(Contact.objects.order_by("pk"))
    assert [(one.pk, one.value, one.is_shared, one.tenant_id) for one in stored] == [
        (one.pk, one.value, one.is_shared, in_acme.pk) for one in new
    ]
    assert stored == new
    assert not any(one._state.adding for one in new)


def test_nothing_to_insert_asks_nothing(in_acme: Tenant, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        rows.insert([])
        assert rows.insert_missing([]) == []


def test_missing_ones_are_inserted_and_the_others_left(in_acme: Tenant) -> None:
    rows.insert([Contact(kind="email", value="a@x.example", is_shared=True)])

    new = rows.insert_missing([Contact(kind="email", value=f"{name}@x.example") for name in "ab"])

    assert [one.pk for one in Contact.objects.filter(value="b@x.example")] == new
    assert Contact.objects.get(value="a@x.example").is_shared


def test_single_missing_one_gets_its_id(in_acme: Tenant) -> None:
    first, second = Contact(kind="email", value="a@x.example"), Contact(kind="email", value="a@x.example")

    assert rows.insert_missing([first]) == [first.pk]
    assert rows.insert_missing([second]) == []
    assert second.pk is None


def test_row_that_is_there_is_changed(in_acme: Tenant) -> None:
    rows.insert([Contact(kind="email", value="a@x.example")])
    at = timezone.now()

    rows.insert_or_change(
        [Contact(kind="email", value="a@x.example", bounced_at=at, is_shared=True)],
        unique=("tenant", "kind", "value"),
        change=("is_shared",),
    )

    contact = Contact.objects.get()
    assert (contact.is_shared, contact.bounced_at) == (True, None)


def test_only_the_named_fields_are_written(ticket: Ticket) -> None:
    ticket.subject, ticket.preview = "New", "Unsaid"

    ticket.save(update_fields=["subject"])

    stored = Ticket.objects.get()
    assert (stored.subject, stored.preview) == ("New", "")


def test_row_that_is_gone_is_not_written_in_silence(in_acme: Tenant) -> None:
    contact = Contact.objects.create(kind="email", value="a@x.example")
    Contact.objects.all().delete()

    with pytest.raises(DatabaseError), transaction.atomic():
        contact.save(update_fields=["is_shared"])


def test_unknown_field_is_refused(ticket: Ticket) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        ticket.save(update_fields=["nonsense"])  # type: ignore[misc]  # that is the point


def test_refused_row_breaks_the_transaction_as_the_orm_does(in_acme: Tenant) -> None:
    Contact.objects.create(kind="email", value="a@x.example")

    with transaction.atomic():
        with pytest.raises(IntegrityError):
            Contact.objects.create(kind="email", value="a@x.example")
        assert connection.needs_rollback
        connection.set_rollback(True)


def test_expression_is_left_to_the_database(ticket: Ticket) -> None:
    ticket.message_count = F("message_count") + 2
    ticket.save(update_fields=["message_count"])

    assert Ticket.objects.get().message_count == 2


def test_who_listens_hears_of_new_and_changed(in_acme: Tenant, heard: list[Any]) -> None:
    customer = Customer.objects.create(number=7)
    customer.is_vip = True
    customer.save(update_fields=["is_vip"])
    customer.save()

    assert heard == [(7, True, None), (7, False, frozenset({"is_vip"})), (7, False, None)]
    assert customer.history.count() == 3


def test_values_of_special_fields_are_written(inbox: Inbox) -> None:
    MailTransport.objects.create(inbox=inbox, kind="smtp", secret="hush", options={"ports": [25, 587]})

    stored = MailTransport.objects.get()
    assert (stored.secret, stored.options) == ("hush", {"ports": [25, 587]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM channels_mailtransport")
        assert "hush" not in cursor.fetchone()[0]


def test_saving_asks_once(ticket: Ticket) -> None:
    with CaptureQueriesContext(connection) as asked:
        ticket.save(update_fields=["subject"])

    assert len(asked) == 1


def test_nothing_is_inserted_without_a_workspace(acme: Tenant) -> None:
    with pytest.raises(NoActiveTenant):
        rows.insert([Contact(kind="email", value="a@x.example")])
