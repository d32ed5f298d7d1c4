"""What customers say, in the spelling that is compared: read for many at once."""

from __future__ import annotations

from collections.abc import Collection

from core.database.among import Among
from customers.kinds import ContactKind
from customers.models import Customer, CustomerAddress, CustomerContact
from customers.order_contacts import read_order_contacts
from customers.resemblance import Facts, read_facts
from customers.resemblance.roles import is_role

Place = tuple[str, str, str, str]
Contacts = dict[str, list[str]]


def read_many(*, ids: Collection[int]) -> dict[int, Facts]:
    """By id, of those who are there: not of the deleted, merged and erased. Three queries, however many, and those of
    the apps that keep orders.

    What is known to be of several people, and what is by its name, is left out.
    """
    rows = Customer.objects.alive().filter(Among("pk", ids))
    people = list(rows.values_list("pk", "first_name", "middle_name", "last_name", "birthday", "sex"))
    contacts, places = _contacts(ids), _places(ids)
    ordered = _ordered(ids, contacts)
    return {
        pk: read_facts(
            pk,
            names=(first, middle, last),
            birthday=birthday,
            sex=sex,
            emails=_personal(_of(contacts, pk, ContactKind.EMAIL)),
            phones=_of(contacts, pk, ContactKind.PHONE),
            handles=_of(contacts, pk, ContactKind.HANDLE),
            order_emails=_personal(_of(ordered, pk, ContactKind.EMAIL)),
            order_phones=_of(ordered, pk, ContactKind.PHONE),
            place=places.get(pk, ("", "", "", "")),
        )
        for pk, first, middle, last, birthday, sex in people
    }


def _personal(emails: list[str]) -> list[str]:
    return [one for one in emails if not is_role(one)]


def _of(contacts: dict[int, Contacts], pk: int, kind: ContactKind) -> list[str]:
    return sorted(contacts.get(pk, {}).get(kind, ()))


def _contacts(ids: Collection[int]) -> dict[int, Contacts]:
    rows = CustomerContact.objects.filter(Among("customer", ids), contact__is_shared=False)
    found: dict[int, Contacts] = {}
    for pk, kind, value in rows.values_list("customer_id", "contact__kind", "contact__value"):
        found.setdefault(pk, {}).setdefault(kind, []).append(value)
    return found


def _ordered(ids: Collection[int], contacts: dict[int, Contacts]) -> dict[int, Contacts]:
    """What orders were placed with, and is no contact of the same customer."""
    found: dict[int, Contacts] = {}
    for pk, placed in read_order_contacts(ids).items():
        for kind, value in placed:
            if value not in contacts.get(pk, {}).get(kind, ()):
                found.setdefault(pk, {}).setdefault(kind, []).append(value)
    return found


def _places(ids: Collection[int]) -> dict[int, Place]:
    """The main address of each, or else the first."""
    columns = ("customer_id", "street", "house", "flat", "text", "city", "region", "postal_code")
    rows = CustomerAddress.objects.filter(Among("customer", ids)).order_by("customer", "-is_main", "pk")
    found: dict[int, Place] = {}
    for pk, street, house, flat, text, city, region, postal_code in rows.values_list(*columns):
        # What nobody has divided stands in one line.
        line = " ".join(part for part in (street, house, flat) if part) if street or city else text
        found.setdefault(pk, (line, city, region, postal_code))
    return found
