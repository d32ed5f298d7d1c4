"""How long the agent's pages take, beside /healthz, which touches nothing."""

import re
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import httpx

from tests.stack import Stack

ROUNDS = 60
PASSWORD = "demo demo demo"


def run(stack: Stack) -> dict[str, Any]:
    """Medians of 60 requests each, taken in turns so that a noisy moment hits all alike."""
    with closing(signed_in(stack, "bela@acme.example")) as client:
        asks: dict[str, Callable[[], httpx.Response]] = {
            "floor: /healthz": lambda: client.get("/healthz"),
            "inbox": lambda: client.get("/acme/tickets/"),
            "ticket with card": lambda: client.get("/acme/tickets/1/"),
            "customer card alone": lambda: client.get("/acme/tickets/1/customer/"),
        }
        times: dict[str, list[float]] = {name: [] for name in asks}
        for _ in range(ROUNDS):
            for name, ask in asks.items():
                begin = time.perf_counter()
                ask().raise_for_status()
                times[name].append(time.perf_counter() - begin)
        loaded = _first_visit(client)
    floor = statistics.median(times["floor: /healthz"])
    shown = {name: _shown(statistics.median(values), floor) for name, values in times.items()}
    return {**shown, "loaded beside a page on the first visit": loaded}


def signed_in(stack: Stack, email: str) -> httpx.Client:
    """A client with a session, as after the sign-in form."""
    client = httpx.Client(base_url=stack.url, follow_redirects=True, timeout=20)
    page = client.get("/accounts/login/").text
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    client.post("/accounts/login/", data=form, headers={"Referer": stack.url}).raise_for_status()
    return client


def _first_visit(client: httpx.Client) -> str:
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get("/acme/tickets/1/").text)
    sizes = [int(client.get(path).raise_for_status().headers["content-length"]) for path in files]
    return f"{len(files)} files, {sum(sizes) / 1000:.0f} kB"


def _shown(median: float, floor: float) -> str:
    return f"{median * 1000:.1f} ms, {median / floor:.1f} × floor"
