"""Two merges, or a merge and its undoing, at the same moment."""

from __future__ import annotations

import threading
from functools import partial
from time import sleep
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Contact, Customer, CustomerContact, MergedAway
from customers.services import contacting, deleting
from customers.services.merging import locking, parting
from customers.services.merging.joining import NotThere
from customers.services.merging.parting import AlreadyUndone, undo_merge
from tests.customers.actors import ADA, NOON
from tests.customers.services.merging.at_once import ROUNDS, make_two, merge, stranded, together
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_merges_of_one_customer_one_wins(acme: Tenant) -> None:
    for _ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = make_two()
            third = make_customer("Third", "")

        raised = together(acme, partial(merge, one, other), partial(merge, third, other))

        assert [type(error) for error in raised] == [NotThere]


def test_two_merged_into_each_other_at_once_are_merged_once(acme: Tenant) -> None:
    for _ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = make_two()

        raised = together(acme, partial(merge, one, other), partial(merge, other, one))

        assert [type(error) for error in raised] == [NotThere]
        with tenant_scope(acme), transaction.atomic():
            assert Customer.objects.alive().filter(pk__in=[one.pk, other.pk]).count() == 1


def test_a_circle_of_merges_at_once_leaves_somebody_and_all_their_rows(acme: Tenant) -> None:
    for _ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            inbox = make_inbox(f"{_}@acme.example")
            people = [make_customer(f"P{n}", "") for n in range(4)]
            tickets = [make_ticket(inbox, customer=one).pk for one in people]

        circle = [partial(merge, people[n], people[(n + 1) % 4]) for n in range(4)]
        raised = together(acme, *circle)

        assert {type(error) for error in raised} <= {NotThere}
        with tenant_scope(acme), transaction.atomic():
            assert Customer.objects.alive().filter(pk__in=[one.pk for one in people]).exists()
            assert Ticket.objects.filter(pk__in=tickets, customer__merged_into=None).count() == 4


def test_undoing_beside_merging_onwards_loses_nothing(acme: Tenant) -> None:
    for _ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = make_two()
            third = make_customer("Third", "")
            ticket = make_ticket(make_inbox(f"u{_}@acme.example"), customer=other)
        with tenant_scope(acme):
            first = merge(one, other)

        undo = partial(undo_merge, merge=first, actor=ADA, at=NOON)
        raised = together(acme, undo, undo, partial(merge, third, one))

        assert [type(error) for error in raised] == [AlreadyUndone]
        with tenant_scope(acme), transaction.atomic():
            ticket.refresh_from_db()
            assert ticket.customer_id == other.pk
            assert set(Customer.objects.get(pk=third.pk).absorbed_ids) == {one.pk}
            assert stranded() == []


def test_undoing_two_below_one_holder_at_once_gives_each_their_own(acme: Tenant) -> None:
    for _ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            people = [make_customer(f"P{n}", "") for n in range(3)]
            for one in people:
                make_contact(one, f"all{_}@a.example", is_primary=True)
        with tenant_scope(acme):
            merges = [merge(people[0], other) for other in people[1:]]

        raised = together(acme, *(partial(undo_merge, merge=one, actor=ADA, at=NOON) for one in merges))

        assert raised == []
        with tenant_scope(acme), transaction.atomic():
            assert CustomerContact.objects.filter(customer__in=people).count() == 3


def test_who_undoes_what_a_colleague_has_just_undone_is_told(acme: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
    with tenant_scope(acme):
        merged = merge(one, other)
    original = locking.lock_way
    raised: list[BaseException] = []

    def undo() -> None:
        undo_merge(merge=merged, actor=ADA, at=NOON)

    def lock_late(customer_id: int) -> list[Customer]:
        monkeypatch.setattr(parting, "lock_way", original)
        raised.extend(together(acme, undo))
        return original(customer_id)

    monkeypatch.setattr(parting, "lock_way", lock_late)
    with tenant_scope(acme), pytest.raises(AlreadyUndone):
        undo()

    assert raised == []
    with tenant_scope(acme), transaction.atomic():
        assert Customer.objects.alive().count() == 2


def test_deleting_beside_merging_ends_with_one_of_both(acme: Tenant) -> None:
    for _ in range(ROUNDS):
        with tenant_scope(acme), transaction.atomic():
            one, other = make_two()

        raised = together(
            acme,
            partial(merge, one, other),
            partial(deleting.delete_customer, customer=other, actor=ADA, at=NOON),
            partial(contacting.add_contact, customer=one, kind="email", typed="x@a.example", actor=ADA),
        )

        assert len(raised) == 1
        assert isinstance(raised[0], NotThere | MergedAway)


def hold_one_after_the_other(first: Any, second: Any, is_held: threading.Event) -> None:
    """The second one is free as long as the first one is held: whoever wants both waits for the first."""
    with transaction.atomic():
        type(first).objects.select_for_update().get(pk=first.pk)
        is_held.set()
        sleep(0.3)
        type(second).objects.select_for_update(nowait=True).get(pk=second.pk)


@pytest.mark.parametrize("held", ["customers", "contacts"])
def test_who_locks_the_same_in_the_right_order_is_not_stopped_by_a_merge(acme: Tenant, held: str) -> None:
    with tenant_scope(acme), transaction.atomic():
        one, other = make_two()
        contacts = Contact.objects.order_by("pk")  # of "one…" and "other…"
        first, second = (one, other) if held == "customers" else contacts
    is_held = threading.Event()

    def merge_after() -> None:
        is_held.wait(timeout=10)
        merge(other, one)

    raised = together(acme, partial(hold_one_after_the_other, first, second, is_held), merge_after)

    assert raised == []
    with tenant_scope(acme), transaction.atomic():
        assert Customer.objects.get(pk=one.pk).merged_into_id == other.pk
