"""A filter in words: one chip for each thing that narrows the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format

from accounts.kinds import ActorKind
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.languages import language_name
from customers.filters.customer_filter import ME, NONE, CustomerFilter
from customers.kinds import FieldTarget, PreferredChannel, Sex
from customers.services.filtering_fields import tell_tests
from customers.stores import read_stores

MONTHS = "January February March April May June July August September October November December".split()
GONE = "that no longer exists"
YES = "yes"


@dataclass(frozen=True)
class Chip:
    """Something that narrows a list, and the query string of the list without it."""

    label: str
    query: str


def chips_of(chosen: CustomerFilter) -> list[Chip]:
    """What narrows it. Names are read from the database, only for what is named by number or code."""
    chips = [Chip(label, chosen.without(name).as_query()) for name, label in _labels(chosen)]
    told = tell_tests(chosen.fields, FieldTarget.CUSTOMER)
    return [*chips, *(Chip(words, chosen.without_test(test.code).as_query()) for test, words in told)]


def _labels(chosen: CustomerFilter) -> Iterator[tuple[str, str]]:
    for name, say in WORDS.items():
        value = getattr(chosen, name)
        if value is not False and value not in ("", None, ()):  # nought is something: orders up to 0
            yield name, say(value)


def _manager(value: str) -> str:
    if value in (ME, NONE):
        return "my customers" if value == ME else "no manager"
    member = Membership.objects.of_tenant(active_tenant_id()).filter(number=int(value)).first()
    return f"manager {member.name if member else GONE}"


def _store(value: str) -> str:
    if value == NONE:
        return "no store"
    store = read_stores().get(int(value))
    return f"store {store.name if store else GONE}"


def _sex(what: str) -> Callable[[str], str]:
    return lambda value: f"{what} not known" if value == NONE else f"{what} {Sex(value).label.lower()}"


def _has(what: str) -> Callable[[str], str]:
    return lambda value: f"has {what}" if value == YES else f"no {what}"


def _day(words: str) -> Callable[[date], str]:
    return lambda value: f"{words} {date_format(value, 'M j, Y')}"


def _amount(words: str, unit: str = "") -> Callable[[Decimal | int], str]:
    def say(value: Decimal | int) -> str:
        shown = f"{value:,}" if isinstance(value, int) else f"{value.normalize():,f}"
        return f"{words} {shown}{unit}"

    return say


def _text(what: str) -> Callable[[Any], str]:
    return lambda value: f"{what} {value}"


WORDS: Mapping[str, Callable[[Any], str]] = {
    "q": lambda value: f"“{value}”",
    "deleted": lambda value: "deleted",
    "mark": lambda value: "neither VIP nor BAD" if value == NONE else value.upper(),
    "manager": _manager,
    "store": _store,
    "tag": lambda value: f"tag{'s' if len(value) > 1 else ''} {', '.join(value)}",
    "sex": _sex("sex"),
    "supposed_sex": _sex("supposed sex"),
    "language": lambda value: "language not known" if value == NONE else f"language {language_name(value)}",
    "time_zone": lambda value: "time zone not known" if value == NONE else f"time zone {value.replace('_', ' ')}",
    "channel": lambda value: "no preferred channel" if value == NONE else f"prefers {PreferredChannel(value).label}",
    "location": _text("location begins with"),
    "note": _has("note"),
    "note_has": lambda value: f"note says “{value}”",
    "email": _has("e-mail"),
    "phone": _has("phone"),
    "bounced": lambda value: "mail bounced" if value == YES else "no mail bounced",
    "subscription": lambda value: "subscription not known" if value == NONE else value,
    "birth_month": lambda value: f"birthday in {MONTHS[int(value) - 1]}",
    "born_from": _day("born from"),
    "born_to": _day("born until"),
    "registered_from": _day("registered from"),
    "registered_to": _day("registered until"),
    "seen": lambda value: f"{value} seen on chat",
    "seen_from": _day("seen from"),
    "seen_to": _day("seen until"),
    "orders_from": _amount("orders from"),
    "orders_to": _amount("orders up to"),
    "spent_from": _amount("spent from"),
    "spent_to": _amount("spent up to"),
    "discount_from": _amount("discount from", " %"),
    "discount_to": _amount("discount up to", " %"),
    "card": _has("discount card"),
    "card_number": _text("discount card"),
    "source": _text("source"),
    "medium": _text("medium"),
    "campaign": _text("campaign"),
    "origin": lambda value: f"made by {ActorKind(value).label}",
}
