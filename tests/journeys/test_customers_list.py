"""The list of customers by keyboard: filter, columns, and a tag for many that is taken back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

OpenAs = Callable[[str], Any]


@pytest.mark.soak
def test_customers_are_filtered_tagged_and_put_back_by_keyboard(open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    page.goto("/acme/customers/")

    page.keyboard.press("f")
    expect(page.locator("#crowd-panel").get_by_label("Name or contact")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Filter")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#crowd-panel").get_by_label("Name or contact")).to_be_focused()
    page.keyboard.type("petrov")
    page.keyboard.press("Enter")
    expect(page.locator(".narrow")).to_contain_text("petrov")
    expect(page.locator("[data-row]")).to_have_count(1)

    page.locator("[data-pick]").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-pick-count]")).to_have_text("1 selected")
    page.get_by_role("button", name="Tag", exact=True).first.press("Enter")
    page.get_by_label("Tag", exact=True).fill("no, comma")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("no comma")
    expect(page.locator("[data-pick-count]")).to_have_text("1 selected")
    page.get_by_label("Tag", exact=True).fill("Orchard")
    page.keyboard.press("Enter")
    expect(page.locator(".bulk__job")).to_contain_text("1 tagged")
    expect(page).to_have_url(re.compile(r"\?q=petrov$"))

    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator(".bulk__job")).to_have_count(1)
    expect(page.locator(".bulk__job")).to_contain_text("1 put back")
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.locator(".bulk__job")).to_have_count(0)
