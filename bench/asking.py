"""Ask for pages through the running server, in turns, and compare each with its floor of the same run.

The floor is an empty view of the same server, the same SQL bare, the same templates from ready data. Each page is
asked for in a large workspace and in a small one: what it costs must not grow with the workspace.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from bench.generating import LARGE_SLUG, SMALL, SMALL_SLUG, Data, generate, join
from bench.pages import signed_in
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


Asks = Callable[[str, int], Sequence[Ask]]  # the pages of the workspace of a slug, of so many tickets


def measure(tickets: int, asks: Asks, *, rounds: int = ROUNDS) -> dict[str, Any]:
    """A line for each page: the median of the rounds, times its floor, times the small workspace's."""
    data = generate(tickets)
    join(data.directory)
    with running_stack(data.directory) as stack:
        times, faults = _measure(stack, data, asks, rounds)
    figures = {name: _line(times[name]) for name in times}
    figures["statements that read a whole table"] = "; ".join(faults) or "none"
    held = [name for name, values in times.items() if _holds(values)]
    figures["within the bounds"] = f"{len(held)} of {len(times)} ({TIMES_FLOOR} × floor, {TIMES_SMALL} × small)"
    return figures


def _measure(stack: Stack, data: Data, asks: Asks, rounds: int) -> tuple[dict[str, dict[str, float]], list[str]]:
    from bench.floors import bare_connection, scans

    larges, smalls = asks(LARGE_SLUG, data.tickets), asks(SMALL_SLUG, min(SMALL, data.tickets))
    times: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stacked:
        clients = {who: stacked.enter_context(closing(signed_in(stack, who))) for who in (ADA, BELA)}
        bare = stacked.enter_context(bare_connection())
        floors = {ask.name: _take_apart(ask, LARGE_SLUG) for ask in larges}
        faults = [fault for page in floors.values() for fault in scans(bare, page, LARGE_TABLE)]
        for turn in range(rounds + 3):
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
