"""Set pairs of customers side by side: what each says, what they have in common, and what speaks against."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from accounts.services.configuring import read_all
from core.text import fold
from customers import spelling
from customers.belongings import all_moved
from customers.kinds import ContactKind
from customers.models import Customer, CustomerAddress, CustomerContact, Dismissal, Suggestion
from customers.options import cutoffs_of
from customers.order_contacts import read_order_contacts
from customers.presence import NEVER, Sighting, judge
from customers.resemblance.reasons import Reason
from customers.services.reading_addresses import show_address
from customers.services.saving_addresses import say
from customers.services.suggesting.hinting import say_chance

MOST_READ = 20  # contacts of one kind of a customer
MOST_SHOWN = 3
LIKE_BIRTHDAY = frozenset({Reason.SAME_BIRTHDAY, Reason.LIKE_BIRTHDAY})
LIKE_NAME = frozenset({Reason.SAME_NAME, Reason.LIKE_NAME, Reason.SWAPPED_NAME})


@dataclass(frozen=True)
class Said:
    """What is shown, in common ones first, and how much more there is."""

    shown: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Fact:
    """What the two say of one thing; `likeness` is "same", "different", or "" where it says nothing."""

    label: str
    one: Said
    other: Said
    likeness: str = ""

    @property
    def both(self) -> tuple[Said, Said]:
        return self.one, self.other

    @property
    def common(self) -> set[str]:
        """What stands on both sides, letter by letter."""
        return set(self.one.shown) & set(self.other.shown)


@dataclass(frozen=True)
class Side:
    """One of the two. `tickets` is None where nobody counts them."""

    customer: Customer
    presence: Sighting
    tickets: int | None


@dataclass(frozen=True)
class ShownPair:
    """`evidence` speaks for one person, `against` against it. A score of 0: nobody suggested it."""

    one: Side
    other: Side
    score: float
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.one, self.other

    @property
    def key(self) -> str:
        """For the id of its markup."""
        return f"pair-{self.one.customer.number}-{self.other.customer.number}"

    @property
    def chance(self) -> str:
        return say_chance(self.score)


def show_pairs(pairs: Sequence[Suggestion] | Sequence[Dismissal], *, at: datetime) -> tuple[ShownPair, ...]:
    """Each pair with what is shown of both, in four queries, however many; one more for the tickets, and one where an
    order speaks for some.
    """
    ids = {pk for pair in pairs for pk in (pair.one_id, pair.other_id)}
    if not ids:
        return ()
    ordered = {pk for pair in pairs if Reason.SAME_ORDER in pair.evidence for pk in (pair.one_id, pair.other_id)}
    known = _Known(ids, ordered, at)
    return tuple(known.show(pair) for pair in pairs)


class _Known:
    """What was read of all customers of a page."""

    def __init__(self, ids: Collection[int], ordered: Collection[int], at: datetime) -> None:
        customers = Customer.objects.select_related("presence_row", "photo")
        self.customers: Mapping[int, Customer] = customers.in_bulk(ids)
        self.contacts = _read_contacts(ids)
        mains = CustomerAddress.objects.filter(customer__in=ids, is_main=True)
        self.addresses = {row.customer_id: show_address(say(row)) for row in mains}
        self.tickets = _count_tickets(ids)
        self.cutoffs, self.at = cutoffs_of(read_all()), at
        self.ordered = read_order_contacts(ordered) if ordered else {}

    def show(self, pair: Suggestion | Dismissal) -> ShownPair:
        one, other = self.customers[pair.one_id], self.customers[pair.other_id]
        return ShownPair(
            one=self._side(one),
            other=self._side(other),
            score=pair.score,
            evidence=tuple(pair.evidence),
            against=tuple(_against(one, other, frozenset(pair.evidence))),
            facts=tuple(self._facts(one, other)),
        )

    def _side(self, customer: Customer) -> Side:
        seen = getattr(customer, "presence_row", None)
        presence = NEVER
        if seen is not None:
            presence = judge(last_seen_at=seen.last_seen_at, evidence=seen.evidence, at=self.at, cutoffs=self.cutoffs)
        tickets = None if self.tickets is None else self.tickets.get(customer.pk, 0)
        return Side(customer, presence, tickets)

    def _facts(self, one: Customer, other: Customer) -> Iterable[Fact]:
        for kind in ContactKind:
            mine, theirs = (self.contacts.get((whose.pk, str(kind)), {}) for whose in (one, other))
            both = mine.keys() & theirs.keys()
            if mine or theirs:
                yield Fact(str(kind.label), _first(mine, both), _first(theirs, both), "same" if both else "")
        if self.ordered.keys() & {one.pk, other.pk}:
            yield Fact("Ordered with", self._ordered(one, other), self._ordered(other, one))
        here, there = (self.addresses.get(whose.pk, "") for whose in (one, other))
        if here or there:
            yield Fact("Address", _only(here), _only(there), "same" if fold(here) == fold(there) else "")
        if one.birthday or other.birthday:
            mine_day, their_day = (_only(_write_day(whose.birthday)) for whose in (one, other))
            yield Fact("Birthday", mine_day, their_day, _likeness(one.birthday, other.birthday))

    def _ordered(self, one: Customer, other: Customer) -> Said:
        """What orders of the one were placed with and is none of their contacts; first what is the other's."""
        placed = ((kind, spelling.show(kind, value=value, typed=value)) for kind, value in self.ordered.get(one.pk, ()))
        own, others = (
            {(kind, text) for kind in ContactKind for text in self.contacts.get((whose.pk, str(kind)), {}).values()}
            for whose in (one, other)
        )
        shown = sorted({*placed} - own, key=lambda said: (said not in others, said))
        return Said(tuple(text for _, text in shown[:MOST_SHOWN]), max(len(shown) - MOST_SHOWN, 0))


def _read_contacts(ids: Collection[int]) -> Mapping[tuple[int, str], Mapping[int, str]]:
    """(customer, kind) -> contact -> as it is shown, main ones first; a few of those who have thousands."""
    rank = Window(RowNumber(), partition_by=[F("customer"), F("contact__kind")], order_by=["-is_primary", "position"])
    lines = CustomerContact.objects.filter(customer__in=ids).select_related("contact").annotate(rank=rank)
    found: dict[tuple[int, str], dict[int, str]] = {}
    for line in lines.filter(rank__lte=MOST_READ).order_by("customer", "rank"):
        kind = line.contact.kind
        value = spelling.show(kind, value=line.contact.value, typed=line.typed, extension=line.extension)
        found.setdefault((line.customer_id, kind), {})[line.contact_id] = value
    return found


def _count_tickets(ids: Collection[int]) -> Mapping[int, int] | None:
    """By customer, as the app that holds them declares them movable; None where none does."""
    for moved in all_moved():
        if moved.name == "tickets":
            rows: Any = moved.model._default_manager.filter(**{f"{moved.column}__in": ids}).order_by()
            return dict(rows.values_list(moved.column).annotate(Count("pk")))
    return None


def _against(one: Customer, other: Customer, evidence: frozenset[str]) -> Iterable[str]:
    """What differs and is said of both: a person has one of each."""
    if one.birthday and other.birthday and one.birthday != other.birthday:
        yield "alike, not the same birthday" if evidence & LIKE_BIRTHDAY else "different birthday"
    if one.full_name and other.full_name and not evidence & LIKE_NAME:
        yield "different name"
    if one.sex and other.sex and one.sex != other.sex:
        yield "different sex"


def _first(contacts: Mapping[int, str], both: Collection[int]) -> Said:
    values = [contacts[pk] for pk in sorted(contacts, key=lambda pk: pk not in both)]
    return Said(tuple(values[:MOST_SHOWN]), max(len(values) - MOST_SHOWN, 0))


def _only(text: str) -> Said:
    return Said((text,) if text else (), 0)


def _write_day(day: date | None) -> str:
    return f"{day:%b} {day.day}, {day.year}" if day else ""


def _likeness(one: object, other: object) -> str:
    if not one or not other:
        return ""
    return "same" if one == other else "different"
