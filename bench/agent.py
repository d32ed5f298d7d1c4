"""What an agent waits for: inbox, ticket, search, in a workspace of a million tickets and in one of ten thousand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus

from bench.asking import BELA, Ask, measure
from bench.generating import LARGE
from bench.vocabulary import COMMON, RARE, UNKNOWN


def run(tickets: int = LARGE) -> dict[str, Any]:
    """A line for each page."""
    return measure(tickets, asks)


def asks(slug: str, tickets: int) -> list[Ask]:
    """The pages of a workspace of so many tickets."""
    return list(_asks(slug, tickets))


def _asks(slug: str, tickets: int) -> Iterator[Ask]:
    long, known = tickets - tickets % 1000, tickets // 2 // 10 * 10
    address = _address(slug, known)
    yield Ask("inbox", "/tickets/")
    # Closed ones: of the open the small workspace has too few for a page.
    yield Ask("inbox, assigned to me", "/tickets/?assignee=me&status=closed")
    yield Ask("inbox, with a tag", "/tickets/?tag=1&status=closed")
    yield Ask("inbox, closed", "/tickets/?view=closed")
    yield Ask("inbox of a restricted agent", "/tickets/", BELA)
    yield Ask("ticket of 20 messages", f"/tickets/{long}/")
    searched = {
        "rare word": f"{RARE}{known}",
        "common word": COMMON,
        "unknown word": UNKNOWN,
        "name": address.partition("@")[0].split(".")[0] + " " + address.split(".")[1].rstrip("0123456789"),
        "e-mail": address,
        "phone": f"+351 9{(known + 1) // 10000:04d} {(known + 1) % 10000:04d}",
        "order": f"#{1000 + known * 3}",
    }
    for name, words in searched.items():
        yield Ask(f"search, {name}", f"/tickets/?q={quote_plus(words)}")
    yield Ask("search of a restricted agent, common word", f"/tickets/?q={COMMON}", BELA)
    for name, words in {"rare word": f"{RARE}{known}", "common word": COMMON, "three letters": COMMON[:3]}.items():
        yield Ask(f"while typing, {name}", f"/tickets/search/?q={words}", is_partial=True)


def _address(slug: str, number: int) -> str:
    from django.db import transaction

    from accounts.models import Tenant
    from accounts.tenancy import tenant_scope
    from customers.models import Customer, CustomerContact

    with tenant_scope(Tenant.objects.get(slug=slug)), transaction.atomic():
        customer = Customer.objects.get(number=number)
        return str(CustomerContact.objects.filter(customer=customer, contact__kind="email").get().typed)
