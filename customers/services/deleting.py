"""Delete customers, and bring them back. Erasing a person's data for good is another thing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.kinds import Actor
from customers.kinds import CustomerEvent
from customers.models import Contact, Customer, CustomerContact
from customers.services import finding
from customers.services.contacting import MOST_TOLD
from events.services.recording import record

# Marks the contacts that went with their customer, so that they come back with them and no others do.
REASON = "customer deleted"
KEPT = ("origin_customer_id", "typed", "tag", "extension", "is_primary", "verified_at", "claimed_at", "origin")


class AlreadyDeleted(Exception):
    """A colleague was first."""


class NotDeleted(Exception):
    """There is nothing to bring back: a colleague was first."""


class WasMerged(NotDeleted):
    """The profile is part of another one, `into`: it comes back by undoing the merge."""

    def __init__(self, into: Customer) -> None:
        super().__init__(f"The customer was merged into customer {into.number}.")
        self.into = into


def delete_customer(*, customer: Customer, actor: Actor, at: datetime) -> Customer:
    """Take a profile out of lists, searches and matching; its tickets, note and history stay, and say whose they are.

    Its addresses are free at once: who writes from one of them is somebody new. Raises AlreadyDeleted.
    """
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        if customer.is_deleted:
            raise AlreadyDeleted
        lines = list(CustomerContact.objects.filter(customer=customer).select_related("contact"))
        _lock(line.contact for line in lines)
        # In the order in which they come back.
        for line in sorted(lines, key=lambda one: (one.position, one.pk)):
            line.sign(actor, reason=REASON)
            line.delete()
        _mark(customer, at, actor)
        _record(customer, actor, [line.contact for line in lines])
    return customer


def restore_customer(*, customer: Customer, actor: Actor) -> Customer:
    """Bring a deleted profile back with the addresses it had; whoever holds them since holds them too.

    Raises NotDeleted, WasMerged.
    """
    with transaction.atomic():
        customer = Customer.objects.locked(customer)
        if customer.is_merged:
            raise WasMerged(Customer.objects.top_of(customer.pk))
        if customer.deleted_at is None or customer.is_erased:
            raise NotDeleted
        gone = list(_gone_with(customer, customer.deleted_at))
        _lock(line.contact for line in gone)
        _mark(customer, None, actor)
        for position, line in enumerate(gone):
            _bring_back(customer, line, position, actor)
        _record(customer, actor, [line.contact for line in gone])
    return customer


def _gone_with(customer: Customer, at: datetime) -> QuerySet[Any, Any]:
    """What history knows of the contacts that went with it, in their order."""
    gone: QuerySet[Any, Any] = CustomerContact.history.filter(
        customer_id=customer.pk, history_type="-", history_change_reason=REASON, history_date__gte=at
    )
    return gone.select_related("contact").order_by("history_id")


def _bring_back(customer: Customer, gone: Any, position: int, actor: Actor) -> None:
    """As it was, proven or not; no event of its own tells of it: that the customer is back says all."""
    # The same row again: merges remember by its id what to say of it when they are undone.
    line = CustomerContact(pk=gone.id, customer=customer, contact=gone.contact, position=position)
    for name in KEPT:
        setattr(line, name, getattr(gone, name))
    line.sign(actor)
    line.save(force_insert=True)


def _lock(contacts: Iterable[Contact]) -> None:
    for contact in sorted(contacts, key=lambda one: (one.kind, one.value)):
        finding.lock_contact(kind=contact.kind, value=contact.value)


def _mark(customer: Customer, at: datetime | None, actor: Actor) -> None:
    customer.deleted_at = at
    customer.sign(actor)
    customer.save(update_fields=["deleted_at"])


def _record(customer: Customer, actor: Actor, contacts: Sequence[Contact]) -> None:
    # Who holds the same address sees on their own page that somebody else does.
    others = Customer.objects.filter(contacts__contact__in=contacts).exclude(pk=customer.pk).distinct()
    record(
        CustomerEvent.DELETED if customer.is_deleted else CustomerEvent.RESTORED,
        subject=customer,
        actor=actor,
        customer_id=customer.pk,
        live=[customer.live_name, "customers", *(one.live_name for one in others.order_by("pk")[:MOST_TOLD])],
    )
