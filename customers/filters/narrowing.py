"""Each field of a filter as a condition. Names in a query string choose among these; they never become lookups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.database.among import Among, Gathered
from core.money import MINOR_DIGITS
from core.text import fold
from customers.filters.customer_filter import ME, NONE, CustomerFilter
from customers.kinds import ContactKind, FieldTarget, Subscription
from customers.models import Customer, CustomerContact, CustomerNote, CustomerTag, Presence
from customers.models.customer import CustomerQuerySet
from customers.services.filtering_fields import MANY, narrow_by_fields
from customers.services.searching import find_customers

# Of currencies by how many digits stand behind the point: what an amount in whole units is multiplied by.
_DIGITS = sorted({2, *MINOR_DIGITS.values()})

Condition = Callable[[Any, Membership], Q]


Asking = Callable[[CustomerQuerySet, str, QuerySet[Any], bool], CustomerQuerySet]


def each_asked(customers: CustomerQuerySet, name: str, rows: QuerySet[Any], has: bool) -> CustomerQuerySet:
    """In the list's own order each customer is asked whether there is such a row, until the page is full.

    A scalar subquery, for PostgreSQL would turn EXISTS into a join of all of them.
    """
    one = Subquery(rows.filter(customer=OuterRef("pk")).values("pk")[:1])
    return customers.alias(**{f"row_{name}": one}).filter(**{f"row_{name}__isnull": not has})


def all_asked(customers: CustomerQuerySet, name: str, rows: QuerySet[Any], has: bool) -> CustomerQuerySet:
    """All of them at once, as a join: for those of whom hardly anybody fits."""
    there = Exists(rows.filter(customer=OuterRef("pk")))
    return customers.filter(there if has else ~there)


def narrow(chosen: CustomerFilter, agent: Membership, ask: Asking = each_asked) -> CustomerQuerySet:
    """The customers that fit every field, in no order. `ask` is how they are asked for rows of other tables."""
    customers: CustomerQuerySet = Customer.objects.filter(deleted_at__isnull=not chosen.deleted)
    if chosen.deleted:
        # Whoever was merged is not gone: the list has the survivor.
        customers = customers.filter(merged_into=None)
    if chosen.q:
        customers = customers.filter(Among("pk", find_customers(chosen.q)))
    for word in chosen.tag:
        customers = _carrying(customers, word, ask)
    if chosen.seen:
        # Not a join of which nothing is to be there: the planner does not see what that is.
        was_seen = Exists(Presence.objects.filter(customer=OuterRef("pk")))
        customers = customers.filter(was_seen if chosen.seen == "ever" else ~was_seen)
    for name, condition in CONDITIONS.items():
        value = getattr(chosen, name)
        if value not in ("", None):
            customers = customers.filter(condition(value, agent))
    for name, lines in LINES.items():
        if value := getattr(chosen, name):
            has = value not in ("no", NONE)
            customers = ask(customers, name, lines(value), has)
    if chosen.note_has:
        notes = CustomerNote.objects.filter(text__icontains=chosen.note_has)
        customers = ask(customers, "note_has", notes, True)
    zone = ZoneInfo(agent.time_zone)
    return narrow_by_fields(
        customers, tests=chosen.fields, target=FieldTarget.CUSTOMER, zone=zone, as_whole=ask is all_asked
    )


def _carrying(customers: CustomerQuerySet, word: str, ask: Asking) -> CustomerQuerySet:
    """Those with the tag; one small query to know how to ask for them, unless all are asked for."""
    carriers = CustomerTag.objects.filter(name_folded=fold(word))
    if ask is all_asked:
        return customers.filter(Gathered("pk", carriers.values("customer_id")))
    if carriers.values("pk")[: MANY + 1].count() <= MANY:
        return customers.filter(pk__in=carriers.values("customer_id"))
    return ask(customers, f"tag_{fold(word).encode().hex()}", carriers, True)


def _manager(value: str, agent: Membership) -> Q:
    if value in (ME, NONE):
        return Q(manager=agent if value == ME else None)
    members = Membership.objects.of_tenant(active_tenant_id()).filter(number=int(value))
    # Asked for beforehand: with the id itself the planner knows how many there are.
    return Q(manager=members.values_list("pk", flat=True).first() or 0)


def _orders_to(value: int, agent: Membership) -> Q:
    return Q(totals_row__orders__lte=value) | Q(totals_row=None)


def _spent(way: str) -> Condition:
    def condition(value: Decimal, agent: Membership) -> Q:
        fitting = reduce(or_, (_spent_in(way, value, digits) for digits in _DIGITS))
        return fitting if way == "gte" else fitting | Q(totals_row=None)

    return condition


def _spent_in(way: str, value: Decimal, digits: int) -> Q:
    """Of the currencies with so many digits behind the point."""
    others = [code for code, count in MINOR_DIGITS.items() if count != 2]
    codes = [code for code, count in MINOR_DIGITS.items() if count == digits]
    of_these = Q(totals_row__currency__in=codes) if digits != 2 else ~Q(totals_row__currency__in=others)
    return Q(**{f"totals_row__spent__{way}": int(value * 10**digits)}) & of_these


def _said(name: str) -> Condition:
    return lambda value, agent: Q(**{name: "" if value == NONE else value})


def _from_day(name: str) -> Condition:
    return lambda value, agent: Q(**{f"{name}__gte": _start(value, agent)})


def _to_day(name: str) -> Condition:
    return lambda value, agent: Q(**{f"{name}__lt": _start(value + timedelta(days=1), agent)})


def _at(lookup: str) -> Condition:
    return lambda value, agent: Q(**{lookup: value})


def _start(day: date, agent: Membership) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(agent.time_zone))


_MARKS = {"vip": Q(is_vip=True), "bad": Q(is_bad=True), NONE: Q(is_vip=False, is_bad=False)}

CONDITIONS: Mapping[str, Condition] = {
    "mark": lambda value, agent: _MARKS[value],
    "manager": _manager,
    "store": lambda value, agent: Q(store_number=None if value == NONE else int(value)),
    "sex": _said("sex"),
    "supposed_sex": _said("supposed_sex"),
    "language": _said("language"),
    "time_zone": _said("time_zone"),
    "channel": _said("preferred_channel"),
    "location": _at("location__istartswith"),
    "birth_month": lambda value, agent: Q(birthday__month=int(value)),
    "born_from": _at("birthday__gte"),
    "born_to": _at("birthday__lte"),
    "registered_from": _from_day("created_at"),
    "registered_to": _to_day("created_at"),
    "seen_from": _from_day("presence_row__last_seen_at"),
    "seen_to": _to_day("presence_row__last_seen_at"),
    "orders_from": lambda value, agent: Q(totals_row__orders__gte=value) if value else Q(),
    "orders_to": _orders_to,
    "spent_from": lambda value, agent: _spent("gte")(value, agent) if value else Q(),
    "spent_to": _spent("lte"),
    "discount_from": _at("personal_discount__gte"),
    "discount_to": _at("personal_discount__lte"),
    "card": lambda value, agent: ~Q(discount_card="") if value == "yes" else Q(discount_card=""),
    "card_number": _at("discount_card__iexact"),
    "source": _at("source_row__source__iexact"),
    "medium": _at("source_row__medium__iexact"),
    "campaign": _at("source_row__campaign__iexact"),
    "origin": _at("origin"),
}


def _contacts(kind: ContactKind) -> Callable[[str], QuerySet[Any]]:
    return lambda value: CustomerContact.objects.filter(contact__kind=kind)


def _subscribed(value: str) -> QuerySet[Any]:
    """Addresses of that state; for "none" those about which anything was said."""
    states = Subscription.values[1:] if value == NONE else [value]
    return CustomerContact.objects.filter(contact__kind=ContactKind.EMAIL, contact__subscription__in=states)


# What is asked of rows of other tables: which of them count.
LINES: Mapping[str, Callable[[str], QuerySet[Any]]] = {
    "email": _contacts(ContactKind.EMAIL),
    "phone": _contacts(ContactKind.PHONE),
    "bounced": lambda value: CustomerContact.objects.filter(contact__bounced_at__isnull=False),
    "subscription": _subscribed,
    "note": lambda value: CustomerNote.objects.exclude(text=""),
}
