"""Who may already be the person somebody is about to create (F98)."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.text import fold
from customers.models import Customer, CustomerContact
from customers.services import finding
from customers.services.creating import NewContact

MOST = 10


@dataclass(frozen=True)
class Lookalike:
    """A customer, and what they have in common with what was typed."""

    customer: Customer
    why: str


def read_lookalikes(*, name: str, contacts: Sequence[NewContact]) -> tuple[Lookalike, ...]:
    """Holders of the same contacts first, then customers of exactly the same name; at most ten, each once."""
    found: dict[int, Lookalike] = {}
    for new in contacts:
        if contact := finding.find_contact(kind=new.kind, typed=new.typed, tag=new.tag):
            for line in CustomerContact.objects.of_contact(contact)[:MOST]:
                found.setdefault(line.customer_id, Lookalike(line.customer, f"has {line.typed}"))
    if folded := fold(name):
        for customer in Customer.objects.filter(name_folded=folded).order_by("pk")[:MOST]:
            found.setdefault(customer.pk, Lookalike(customer, "has the same name"))
    return tuple(found.values())[:MOST]
