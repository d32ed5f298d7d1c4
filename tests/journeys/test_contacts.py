"""A customer made by hand in a browser: fields reveal the next, doubles are named, and a value goes to another."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

OpenAs = Callable[[str], Any]


def make(page: Any, name: str, *emails: str) -> str:
    """Fill the page for new customers; answers the customer's URL."""
    page.goto("/acme/customers/new/")
    page.fill("[name=first_name]", name)
    for place, email in enumerate(emails):
        page.fill(f"[name='email-new{place}-value']", email)
    page.get_by_role("button", name="Create customer").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    return str(page.url)


@pytest.mark.soak
def test_filling_a_field_reveals_the_next_and_a_value_goes_to_another(open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    make(page, "Contessa", "contessa@reach.example", "second@reach.example")

    page.goto("/acme/customers/new/")
    page.fill("[name='email-new0-value']", "second@reach.example")
    expect(page.locator("#lookalikes")).to_contain_text("Contessa has second@reach.example")
    expect(page.locator("#contacts-email .reach__row")).to_have_count(2)
    url = make(page, "Barone", "second@reach.example")

    page.get_by_role("link", name="Also held by 1 other customer").click()
    popup = page.locator("#popup")
    expect(popup).to_contain_text("2 customers have this address, and nothing says which of them wrote.")
    popup.locator("summary", has_text="Contessa").click()
    popup.get_by_role("button", name="Yes, take it off Contessa").click()
    expect(popup).to_contain_text("goes to Barone.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Also held by")).to_have_count(0)

    page.goto(f"{url}edit/")
    page.get_by_label("Another phone", exact=True).fill("+351 912 345 678")
    expect(page.locator("#contacts-phone .reach__row")).to_have_count(2)
    page.locator("#contacts-email .reach__remove label").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("+351 912 345 678").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("second@reach.example")
