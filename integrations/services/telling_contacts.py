"""With what orders were placed: kept beside them, told to whoever compares customers, and no contact of anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from accounts.kinds import SYSTEM, Actor
from core.database.among import Among
from core.database.windows import windows
from customers.kinds import ContactKind
from customers.models import CustomerContact
from customers.services.finding import spell
from customers.spelling import NotAnAddress
from events.models import Event
from events.services.recording import record
from integrations.kinds import OrderEvent
from integrations.models import Order, StoreCustomer

Said = set[tuple[str, str]]  # kinds and values


def spell_contact(kind: ContactKind, typed: str) -> str:
    """As contacts are; empty for what is no address, and for a number with an extension, which is an office's."""
    try:
        spelled = spell(kind=kind, typed=typed)
    except NotAnAddress:
        return ""
    return "" if spelled.extension else spelled.value


def read_contacts(ids: Collection[int]) -> dict[int, Said]:
    """By customer, of these customers' orders. One query."""
    rows = Order.objects.filter(Among("store_customer__customer", ids)).exclude(email="", phone="")
    found: dict[int, Said] = {}
    for customer_id, email, phone in rows.values_list("store_customer__customer_id", "email", "phone").distinct():
        found.setdefault(customer_id, set()).update(_said(email, phone))
    return found


def tell_changed(
    *, link: StoreCustomer, before: Collection[Order], now: Iterable[Order], actor: Actor, cause: Event | None
) -> None:
    """Have the customer compared anew where their orders say other contacts than before. An order may also have been
    another customer's. Call inside a transaction.
    """
    others = {old.store_customer_id: old for old in before if old.store_customer_id != link.pk}
    changed = _of_all(now) ^ _of_all(old for old in before if old.store_customer_id == link.pk)
    if changed and not changed <= _held(link.customer_id, changed):
        tell(link, actor=actor, cause=cause)
    for old in others.values():
        tell(old.store_customer, actor=actor, cause=cause)


def tell(link: StoreCustomer, *, actor: Actor, cause: Event | None = None) -> None:
    """Call inside a transaction."""
    record(OrderEvent.CONTACTS_CHANGED, subject=link, actor=actor, customer_id=link.customer_id, cause=cause)


def forget_contacts(*, customer_ids: Collection[int], values: Collection[str]) -> None:
    """Of orders that these customers, who are being erased, placed for others: those are compared anew, and what is
    kept of them for it goes, too. Call outside a transaction.
    """
    theirs = Q(email__in=values) | Q(phone__in=values)
    for rows in windows(Order.objects.exclude(store_customer__customer__in=customer_ids)):
        with transaction.atomic():
            ids = list(rows.filter(theirs).values_list("pk", flat=True))
        for pk in ids:
            # One at a time: a refresh locks orders in an order of its own.
            with transaction.atomic():
                _forget(pk, values)


def _forget(order_id: int, values: Collection[str]) -> None:
    rows = Order.objects.select_related("store_customer").select_for_update(of=("self",))
    order = rows.filter(pk=order_id).first()
    if order is not None:
        order.email, order.phone = ("" if one in values else one for one in (order.email, order.phone))
        order.save(update_fields=["email", "phone"])
        tell(order.store_customer, actor=SYSTEM)


def _of_all(orders: Iterable[Order]) -> Said:
    return {one for order in orders for one in _said(order.email, order.phone)}


def _said(email: str, phone: str) -> Said:
    said = ((ContactKind.EMAIL, email), (ContactKind.PHONE, phone))
    return {(str(kind), value) for kind, value in said if value}


def _held(customer_id: int, asked: Said) -> Said:
    """Of these contacts those that the customer has anyhow."""
    values = Q(contact__value__in=[value for _, value in asked])
    lines = CustomerContact.objects.filter(values, customer=customer_id)
    return set(lines.values_list("contact__kind", "contact__value"))
