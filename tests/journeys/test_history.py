"""The pop-up of a profile's history, by keyboard and without scripts; a value brought back; a customer deleted."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

BELA = "bela@acme.example"
BORIS = "/acme/customers/2/"

OpenAs = Callable[[str], Any]


def move(page: Any, *places: str) -> None:
    """The customer is said to be in one place after the other."""
    for place in places:
        page.goto(f"{BORIS}edit/")
        page.fill("[name=location]", place)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page).to_have_url(re.compile(f"{BORIS}$"))


def test_value_comes_back_in_the_pop_up(open_as: OpenAs) -> None:
    page = open_as(BELA)
    move(page, "Gdańsk", "القاهرة")
    link = page.get_by_role("link", name="History", exact=True).first

    link.press("Enter")
    dialog = page.get_by_role("dialog", name=re.compile("^History of"))
    expect(dialog).to_be_focused()
    expect(dialog.locator(".change").first).to_contain_text("Gdańsk")
    for _ in range(30):
        page.keyboard.press("Tab")
    # The browser's own bar, where it has one, stands outside the page.
    assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#popup')")

    dialog.get_by_label("What").select_option("location")
    expect(dialog.locator(".change")).to_have_count(dialog.locator(".change", has_text="Location").count())
    dialog.get_by_role("button", name="Restore Location: Gdańsk").click()
    expect(dialog.locator(".history").get_by_role("status")).to_have_text("Location: restored.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    expect(page.locator(".block--main .data")).to_contain_text("Gdańsk")
    expect(page).to_have_url(re.compile(f"{BORIS}$"))


@pytest.mark.soak
def test_every_name_of_a_field_leads_to_its_history(open_as: OpenAs) -> None:
    page = open_as(BELA)
    move(page, "Sopot")
    page.goto("/acme/customers/")
    page.goto(BORIS)

    page.locator(".block--main .data").get_by_role("link", name="Location").click()
    dialog = page.get_by_role("dialog", name="History of Location")
    expect(dialog.locator(".change").first).to_contain_text("Sopot")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    # A press on the shade closes it too, and the way back is that of the page.
    page.locator(".block--main .data").get_by_role("link", name="Location").click()
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(re.compile("/acme/customers/$"))


@pytest.mark.soak
def test_customer_is_deleted_and_comes_back(open_as: OpenAs) -> None:
    page = open_as(BELA)
    page.goto(BORIS)

    page.get_by_role("link", name="Delete customer").click()
    dialog = page.get_by_role("dialog", name="Delete customer")
    dialog.get_by_role("link", name="Cancel").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="Delete customer").click()
    dialog.get_by_role("button", name="Delete customer").click()
    expect(page.get_by_text("This customer was deleted")).to_be_visible()
    page.get_by_role("button", name="Restore customer").click()
    expect(page.get_by_role("link", name="Delete customer")).to_be_visible()


@pytest.mark.soak
def test_without_scripts_the_link_opens_the_page(open_as: OpenAs, chromium: Any, stack: Any) -> None:
    scripted = open_as(BELA)
    move(scripted, "Hel", "Reda")
    context = chromium.new_context(
        base_url=stack.url, java_script_enabled=False, storage_state=scripted.context.storage_state()
    )
    page = context.new_page()
    page.goto(BORIS)

    page.get_by_role("link", name="History", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/history/$"))
    page.get_by_label("What").select_option("location")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"field=location"))
    page.get_by_role("button", name="Restore Location: Hel").first.click()
    expect(page.get_by_text("Location: restored.")).to_be_visible()
    context.close()
