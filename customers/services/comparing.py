"""Who may already be the person somebody is about to create (F98)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from core.text import fold
from customers.models import Customer, CustomerContact
from customers.services import finding
from customers.services.creating import NewContact
from customers.spelling import NotAnAddress, spell

MOST = 10
BEGUN = 2  # letters of a last name that say something


@dataclass(frozen=True)
class Lookalike:
    """A customer, and what they have in common with what was typed."""

    customer: Customer
    why: str


def read_lookalikes(*, name: str, contacts: Sequence[NewContact]) -> tuple[Lookalike, ...]:
    """Holders of the same contacts first, then namesakes; at most ten, each once, in three queries at most.

    Once a last name is begun, a name that begins as the typed one is like enough.
    """
    found: dict[int, Lookalike] = {}
    for line in _holders(contacts):
        found.setdefault(line.customer_id, Lookalike(line.customer, f"has {line.typed}"))
    words = fold(name).split()
    if words:
        alive = Customer.objects.alive()
        is_begun = len(words) > 1 and len(words[-1]) >= BEGUN
        alike = alive.named_like(name) if is_begun else alive.filter(name_folded=" ".join(words))
        for customer in alike.order_by("name_folded", "pk")[:MOST]:
            is_same = customer.name_folded == " ".join(words)
            found.setdefault(
                customer.pk, Lookalike(customer, f"has {'the same name' if is_same else 'a name like it'}")
            )
    return tuple(found.values())[:MOST]


def _holders(contacts: Sequence[NewContact]) -> Iterable[CustomerContact]:
    """The first ten of any of them; none of what is no address."""
    regions = finding.read_regions(()) if contacts else None
    wanted: dict[str, set[str]] = {}
    for new in contacts:
        try:
            value = spell(new.kind, new.typed, tag=new.tag, regions=regions).value
        except NotAnAddress:
            continue
        wanted.setdefault(new.kind, set()).add(value)
    if not wanted:
        return ()
    any_of = reduce(or_, (Q(contact__kind=kind, contact__value__in=values) for kind, values in wanted.items()))
    return CustomerContact.objects.filter(any_of).select_related("customer").order_by("pk")[:MOST]
