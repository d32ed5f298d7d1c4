"""Find whom the rows of a table speak of, and what is said of them already, some hundred rows at once (D15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.database.among import AmongTexts
from core.text import excerpt
from customers.addresses.kinds import Address
from customers.field_values import Value
from customers.kinds import ContactKind
from customers.models import Customer, CustomerAddress, CustomerContact, CustomerFieldValue, CustomerNote
from customers.models.customer_import import ImportMatch
from customers.services.following import find_survivors
from customers.services.importing.reading_rows import LONGEST_QUOTED, Refused, Wanted
from customers.services.writing_fields import read_rows


@dataclass(frozen=True)
class Known:
    """A customer a row speaks of, and what is said of them now."""

    customer: Customer
    wanted: Wanted
    held: frozenset[tuple[str, str]]
    values: Mapping[str, Value]
    note: str
    address: CustomerAddress | None

    @property
    def details(self) -> dict[str, Any]:
        """Of the customer's own columns, what the row says otherwise."""
        said = {**self.wanted.details, **({"reference": self.wanted.reference} if self.wanted.reference else {})}
        return {name: value for name, value in said.items() if getattr(self.customer, name) != value}

    @property
    def contacts(self) -> list[Any]:
        """Those they do not hold yet. What they hold beside is never taken off."""
        return [one for one in self.wanted.contacts if (one.kind, one.value) not in self.held]

    @property
    def typed(self) -> dict[str, str]:
        """By code, what custom fields are to hold otherwise."""
        changed = [code for code, value in self.wanted.values.items() if self.values.get(code, Value()) != value]
        return {code: self.wanted.typed[code] for code in changed}

    @property
    def place(self) -> dict[str, str]:
        """Of the main address, what the row says otherwise."""
        now = self.address or Address()
        return {name: text for name, text in self.wanted.place.items() if getattr(now, name) != text}

    @property
    def says_news(self) -> bool:
        return bool(self.details or self.contacts or self.typed or self.place or self._note_differs)

    @property
    def _note_differs(self) -> bool:
        return bool(self.wanted.note) and self.wanted.note != self.note


@dataclass
class Sorted:
    """Rows by what is to be done with them; new and known ones in the order of the file."""

    new: list[Wanted] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def sort_rows(rows: Sequence[Wanted | Refused], *, match: ImportMatch) -> Sorted:
    """Whom each row speaks of; those found are locked. Call inside a transaction. The reference of somebody who was
    merged is the survivor's, who keeps their own beside it; a remark says so.

    No two of `rows` may have keys in common (`keys_of`): the second would be about somebody whom the first only makes.
    A row never joins customers: one that speaks of two is refused, and so is one about somebody deleted.
    """
    wanted = [row for row in rows if isinstance(row, Wanted)]
    by_reference, holders = _referred(wanted), _holders(wanted, match)
    sorted_rows = Sorted(refused=[row for row in rows if isinstance(row, Refused)])
    found: list[tuple[Customer, Wanted]] = []
    for row in wanted:
        answer = _whom(row, by_reference.get(row.reference), holders)
        if isinstance(answer, Refused):
            sorted_rows.refused.append(answer)
        elif answer is None:
            sorted_rows.new.append(row)
        else:
            found.append((answer, _without_former(row, by_reference.get(row.reference))))
    sorted_rows.known = _read(found)
    return sorted_rows


def read_again(known: Known) -> Known:
    """The same after another row has changed the customer."""
    return _read([(known.customer, known.wanted)])[0]


def keys_of(row: Wanted, match: ImportMatch) -> list[str]:
    """What two rows have in common when they may speak of the same customer."""
    keys = [f"reference {row.reference}"] if row.reference else []
    if match is ImportMatch.EMAIL:
        keys += [f"email {value}" for value in _emails(row)]
    return keys


def _emails(row: Wanted) -> list[str]:
    return [one.value for one in row.contacts if one.kind is ContactKind.EMAIL]


def _referred(rows: Iterable[Wanted]) -> dict[str, Customer]:
    references = [row.reference for row in rows if row.reference]
    who = Customer.objects.filter(AmongTexts("reference", references)).exclude(reference="") if references else ()
    found = list(who)
    survivors = find_survivors(found)
    return {one.reference: survivors[one.pk] for one in found}


def _without_former(row: Wanted, referred: Customer | None) -> Wanted:
    """The survivor is not given the reference by which the other is still found."""
    if referred is None or referred.reference == row.reference:
        return row
    quoted = excerpt(row.reference, LONGEST_QUOTED)
    remark = f"Reference {quoted} belongs to a customer merged into #{referred.number}: went there."
    return replace(row, reference="", remarks=(*row.remarks, remark))


def _holders(rows: Iterable[Wanted], match: ImportMatch) -> dict[str, list[Customer]]:
    """Who holds each address the rows name, if addresses tell who somebody is. One of several people tells nothing."""
    values = [value for row in rows for value in _emails(row)] if match is ImportMatch.EMAIL else []
    found: dict[str, list[Customer]] = {}
    if values:
        lines = CustomerContact.objects.filter(contact__kind=ContactKind.EMAIL, contact__value__in=values)
        for line in lines.filter(contact__is_shared=False).select_related("contact", "customer"):
            found.setdefault(line.contact.value, []).append(line.customer)
    return found


def _whom(
    row: Wanted, referred: Customer | None, holders: Mapping[str, Sequence[Customer]]
) -> Customer | Refused | None:
    """The reference decides; an address does where it is asked for and names one customer."""
    if referred and referred.is_deleted:
        return _refuse(row, f"Reference: customer {referred.number}, who has it, is deleted. Restore them first.")
    held = {one.pk: one for value in _emails(row) for one in holders.get(value, ())}
    if not held:
        return referred
    if referred:
        return referred if referred.pk in held else _refuse_two(row, referred, held.values())
    if len(held) > 1:
        return _refuse(row, f"E-mail: several customers hold it: {_numbers(held.values())}.")
    holder = next(iter(held.values()))
    if row.reference and holder.reference:  # and it is another one
        return _refuse(row, f"Reference: customer {holder.number}, who holds the e-mail, has another one.")
    return holder


def _refuse_two(row: Wanted, referred: Customer, holders: Iterable[Customer]) -> Refused:
    return _refuse(row, f"Reference: customer {referred.number} has it, but the e-mail is of {_numbers(holders)}.")


def _numbers(customers: Iterable[Customer]) -> str:
    return ", ".join(str(number) for number in sorted(one.number for one in customers)[:10])


def _refuse(row: Wanted, problem: str) -> Refused:
    return Refused(row.line, row.cells, problem)


def _read(found: Sequence[tuple[Customer, Wanted]]) -> list[Known]:
    """Locked, in the order of their ids as everybody locks them, with all that a row may speak of; some queries."""
    ids = [customer.pk for customer, _ in found]
    if not ids:
        return []
    rows = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    customers = {one.pk: one for one in rows}
    # Django's own prefetching makes a queryset for each customer.
    values: dict[int, list[CustomerFieldValue]] = {}
    for value in CustomerFieldValue.objects.filter(customer__in=ids).select_related("field", "option"):
        values.setdefault(value.customer_id, []).append(value)
    held: dict[int, set[tuple[str, str]]] = {}
    for line in CustomerContact.objects.filter(customer__in=ids).select_related("contact"):
        held.setdefault(line.customer_id, set()).add((line.contact.kind, line.contact.value))
    notes = dict(CustomerNote.objects.filter(customer__in=ids).values_list("customer_id", "text"))
    places = {one.customer_id: one for one in CustomerAddress.objects.filter(customer__in=ids, is_main=True)}
    return [
        Known(
            customers[customer.pk],
            wanted,
            held=frozenset(held.get(customer.pk, ())),
            values=read_rows(values.get(customer.pk, ())),
            note=notes.get(customer.pk, ""),
            address=places.get(customer.pk),
        )
        for customer, wanted in found
    ]
