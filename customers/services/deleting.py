"""Delete customers, and bring them back. Erasing a person's data for good is another thing."""

from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from customers.kinds import CustomerEvent
from customers.models import Customer, CustomerContact
from customers.services import contacting, finding
from events.services.recording import record

# Marks the contacts that went with their customer, so that they come back with them and no others do.
REASON = "customer deleted"


class AlreadyDeleted(Exception):
    """A colleague was first."""


class NotDeleted(Exception):
    """There is nothing to bring back: a colleague was first."""


def delete_customer(*, customer: Customer, actor: Actor, at: datetime) -> Customer:
    """Take a profile out of lists, searches and matching; its tickets, note and history stay, and say whose they are.

    Its addresses are free at once: who writes from one of them is somebody new. Raises AlreadyDeleted.
    """
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if customer.is_deleted:
            raise AlreadyDeleted
        lines = CustomerContact.objects.filter(customer=customer).select_related("contact")
        for line in lines.order_by("contact__value"):
            finding.lock_contact(kind=line.contact.kind, value=line.contact.value)
            line.sign(actor, reason=REASON)
            line.delete()
        _mark(customer, at, actor)
        _record(customer, actor, deleted=True)
    return customer


def restore_customer(*, customer: Customer, actor: Actor) -> Customer:
    """Bring a deleted profile back with the addresses it had; whoever holds them since holds them too.

    Raises NotDeleted.
    """
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
        if customer.deleted_at is None:
            raise NotDeleted
        gone = CustomerContact.history.filter(
            customer_id=customer.pk,
            history_type="-",
            history_change_reason=REASON,
            history_date__gte=customer.deleted_at,
        )
        _mark(customer, None, actor)
        for line in gone.select_related("contact").order_by("contact__value"):
            contact = finding.lock_contact(kind=line.contact.kind, value=line.contact.value)
            held = contacting.hold(
                customer=customer,
                contact=contact,
                typed=line.typed,
                actor=actor,
                tag=line.tag,
                extension=line.extension,
            )
            if line.is_primary:
                contacting.make_primary(line=held, actor=actor)
        _record(customer, actor, deleted=False)
    return customer


def _mark(customer: Customer, at: datetime | None, actor: Actor) -> None:
    customer.deleted_at = at
    customer.sign(actor)
    customer.save(update_fields=["deleted_at"])


def _record(customer: Customer, actor: Actor, *, deleted: bool) -> None:
    record(
        CustomerEvent.DELETED if deleted else CustomerEvent.RESTORED,
        subject=customer,
        actor=actor,
        customer_id=customer.pk,
        live=[customer.live_name, "customers"],
    )
