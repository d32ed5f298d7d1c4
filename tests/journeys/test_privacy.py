"""An admin exports a list, then all that is known of one customer, and erases them."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

OpenAs = Callable[[str], Any]


@pytest.mark.soak
def test_customer_is_exported_and_erased(open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    page.goto("/acme/customers/?q=petrov")
    page.locator("[data-row] a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Петров")
    profile = page.url

    page.goto("/acme/customers/export/?q=petrov")
    expect(page.locator("form.panel")).to_contain_text("petrov")
    page.get_by_role("button", name="Export", exact=True).click()
    listed = page.locator(".roster li").first
    expect(listed).to_contain_text("1 customer")
    with page.expect_download() as taken:
        listed.get_by_role("link", name="Download").click()
    assert "Петров" in Path(taken.value.path()).read_text(encoding="utf-8-sig")

    page.goto(f"{profile}export/")
    page.get_by_role("button", name="Export everything").click()
    expect(page.locator(".roster li").first).to_contain_text("Петров")
    with page.expect_download() as taken:
        page.locator(".roster li").first.get_by_role("link", name="Download").click()
    with ZipFile(taken.value.path()) as archive:
        assert "Петров" in archive.read("READ ME FIRST.txt").decode()

    page.goto(f"{profile}erase/")
    page.get_by_label("the customer's number").fill("999999")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not")
    number = re.search(r"/(\d+)/$", profile)
    assert number is not None
    page.get_by_label("the customer's number").fill(number[1])
    page.get_by_role("button", name="Erase for good").click()
    expect(page.locator(".toast")).to_contain_text("is being erased")

    page.goto(profile)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Erased customer", timeout=20_000)
    expect(page.get_by_role("textbox", name="Write a note about this customer")).to_have_count(0)
    page.goto("/acme/customers/exports/")
    expect(page.locator(".roster")).to_contain_text("no file any more")
    expect(page.locator(".roster")).not_to_contain_text("Петров")
