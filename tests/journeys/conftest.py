"""The running product, and browsers to walk through it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.stack import Stack, running_stack

PASSWORD = "demo demo demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys on one worker of a parallel run: they share one running product."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with running_stack() as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Gone with the module: while playwright runs, no other test of the worker can run an event loop of its own."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium found: install it, or name it in CHROMIUM")
        pytest.skip("no Chromium found")
    from playwright.sync_api import expect, sync_playwright

    # Whether it happens at all; how quickly is for `make bench` to say. The machine may be busy with other tests.
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def open_as(stack: Stack, chromium: Any) -> Iterator[Callable[[str], Any]]:
    """A page of a browser profile of its own, signed in as a member of the demo."""
    contexts = []

    def make(email: str) -> Any:
        context = chromium.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(re.compile(r"^(?!.*/accounts/login)"))
        return page

    yield make
    for context in contexts:
        context.close()
