"""How soon a note saved on one side shows on the other: in an agent's open page, and in the store."""

import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.stack import Stack, eventually

ROUNDS = 50
SHOP = "acme-demo.myshopify.com"


def run(stack: Stack) -> dict[str, Any]:
    """Medians and worst of 50 in each direction, in a real browser. Needs Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(base_url=stack.url).new_page()
        _open_ticket(page)
        url = _customer_url(stack)
        floor = _floor(stack)
        inward = [_time_inward(page, url, text) for text in _texts("store")]
        outward = [_time_outward(page, url, text) for text in _texts("agent")]
        browser.close()
    return {
        "store → open page": _summary(inward),
        "agent → store": _summary(outward),
        "floor: one request to the store": f"{floor * 1000:.0f} ms",
    }


def _time_inward(page: Any, url: str, text: str) -> float:
    return _time(lambda: _edit_in_store(url, text), lambda: _shown(page, text))


def _time_outward(page: Any, url: str, text: str) -> float:
    return _time(lambda: _edit_here(page, text), lambda: _stored(url, text))


def _open_ticket(page: Any) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", "bela@acme.example")
    page.fill("input[name=password]", "demo demo demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"^(?!.*/accounts/login)"))
    page.goto("/acme/tickets/1/")
    page.wait_for_selector(".note__text")
    page.wait_for_timeout(1500)


def _customer_url(stack: Stack) -> str:
    listed = httpx.get(f"{stack.store}/shops/{SHOP}/admin/customers", timeout=10).text
    found = re.search(r'(/shops/[^"]*/admin/customers/\d+)"[^>]*>[^<]*Ana Lopes', listed)
    if found is None:
        raise RuntimeError("Ana is not in the pretend store")
    return stack.store + found.group(1)


def _floor(stack: Stack) -> float:
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        httpx.get(f"{stack.store}/shops/{SHOP}/admin/customers", timeout=10)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _texts(side: str) -> list[str]:
    return [f"Measured from the {side}, number {number}." for number in range(ROUNDS)]


def _edit_in_store(url: str, text: str) -> None:
    origin = url.partition("/shops/")[0]
    answer = httpx.post(f"{url}/note", data={"note": text}, headers={"Origin": origin}, timeout=10)
    if answer.status_code != 303:
        raise RuntimeError(f"the store refused the note: {answer.status_code}")


def _edit_here(page: Any, text: str) -> None:
    page.locator(".note__text").fill(text)
    page.locator("h1").first.click()


def _shown(page: Any, text: str) -> bool:
    return bool(page.locator(".note__text").input_value() == text)


def _stored(url: str, text: str) -> bool:
    return text in httpx.get(url, timeout=10).text


def _time(act: Callable[[], None], seen: Callable[[], bool]) -> float:
    begin = time.perf_counter()
    act()
    eventually(seen, within=30)
    return time.perf_counter() - begin


def _summary(times: list[float]) -> str:
    return f"median {statistics.median(times) * 1000:.0f} ms, worst {max(times) * 1000:.0f} ms of {len(times)}"
