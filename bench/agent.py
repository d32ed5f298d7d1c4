"""What an agent waits for: inbox, ticket, search, in a workspace of a million tickets and in one of ten thousand.

Each page is asked for through the running server, in turns, and compared with its floor of the same run: an empty
view of the same server, the same SQL bare, the same templates from ready data.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import httpx

from bench.generating import LARGE, LARGE_SLUG, SMALL, SMALL_SLUG, Data, generate, join
from bench.pages import signed_in
from bench.vocabulary import COMMON, RARE, UNKNOWN
from tests.stack import Stack, running_stack

if TYPE_CHECKING:
    from bench.floors import Page

ROUNDS = 60
TIMES_FLOOR, TIMES_SMALL = 1.5, 1.3  # the bounds
LARGE_TABLE = 5000  # rows from which on reading a table from end to end is a fault
ADA, BELA = "ada@acme.example", "bela@acme.example"


@dataclass(frozen=True)
class Ask:
    """A page as somebody asks for it."""

    name: str
    path: str
    who: str = ADA
    is_partial: bool = False

    @property
    def headers(self) -> dict[str, str]:
        return {"HX-Request": "true"} if self.is_partial else {}


def run(tickets: int = LARGE) -> dict[str, Any]:
    """A line for each page: its median, how many times its floor, how many times the small workspace's."""
    data = generate(tickets)
    join(data.directory)
    with running_stack(data.directory) as stack:
        times, faults = _measure(stack, data)
    figures = {name: _line(times[name]) for name in times}
    figures["statements that read a whole table"] = "; ".join(faults) or "none"
    held = [name for name, values in times.items() if _holds(values)]
    figures["within the bounds"] = f"{len(held)} of {len(times)} ({TIMES_FLOOR} × floor, {TIMES_SMALL} × small)"
    return figures


def _measure(stack: Stack, data: Data) -> tuple[dict[str, dict[str, float]], list[str]]:
    from bench.floors import bare_connection, scans

    larges, smalls = asks(LARGE_SLUG, data.tickets), asks(SMALL_SLUG, min(SMALL, data.tickets))
    times: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stacked:
        clients = {who: stacked.enter_context(closing(signed_in(stack, who))) for who in (ADA, BELA)}
        bare = stacked.enter_context(bare_connection())
        floors = {ask.name: _take_apart(ask, LARGE_SLUG) for ask in larges}
        faults = [fault for page in floors.values() for fault in scans(bare, page, LARGE_TABLE)]
        for turn in range(ROUNDS + 3):
            for large, small in zip(larges, smalls, strict=True):
                page, client = floors[large.name], clients[large.who]
                taken = {
                    "large": _time(client, large, LARGE_SLUG),
                    "small": _time(client, small, SMALL_SLUG),
                    "empty": _time(client, Ask("", "/healthz"), ""),
                    "sql": page.time_sql(bare),
                    "templates": page.time_templates(),
                }
                if turn >= 3:
                    for part, seconds in taken.items():
                        times.setdefault(large.name, {}).setdefault(part, []).append(seconds)
    medians = {name: {part: statistics.median(many) for part, many in parts.items()} for name, parts in times.items()}
    return medians, faults


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


def _take_apart(ask: Ask, slug: str) -> Page:
    from django.test import Client

    from accounts.models import Tenant, User
    from bench.floors import take_apart

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=ask.who))
    return take_apart(client, f"/{slug}{ask.path}", Tenant.objects.get(slug=slug).pk, ask.headers)


def _time(client: httpx.Client, ask: Ask, slug: str) -> float:
    url = f"/{slug}{ask.path}" if slug else ask.path
    begin = time.perf_counter()
    client.get(url, headers=ask.headers).raise_for_status()
    return time.perf_counter() - begin


def _floor(parts: dict[str, float]) -> float:
    return parts["empty"] + parts["sql"] + parts["templates"]


def _holds(parts: dict[str, float]) -> bool:
    return parts["large"] <= TIMES_FLOOR * _floor(parts) and parts["large"] <= TIMES_SMALL * parts["small"]


def _line(parts: dict[str, float]) -> str:
    milliseconds = {part: seconds * 1000 for part, seconds in parts.items()}
    return (
        f"{milliseconds['large']:6.1f} ms, {parts['large'] / _floor(parts):.2f} × floor, "
        f"{parts['large'] / parts['small']:.2f} × small; floor: empty {milliseconds['empty']:.1f}, "
        f"SQL {milliseconds['sql']:.1f}, templates {milliseconds['templates']:.1f}"
        f"{'' if _holds(parts) else '   OUT OF BOUNDS'}"
    )
