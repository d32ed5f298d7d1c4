"""Addresses and legal details in a browser: one line becomes fields, a city is chosen, a wrong number warns."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.test_edit_mode import edit, save

OpenAs = Callable[[str], Any]
ROW = "#address-new0"


@pytest.fixture
def page(open_as: OpenAs) -> Any:
    """Ada on the page of somebody new."""
    ada = open_as("ada@acme.example")
    ada.goto("/acme/customers/new/")
    ada.fill("input[name=first_name]", "Adele")
    ada.locator("form:has(input[name=first_name]) button.button--primary").click()
    ada.wait_for_url(re.compile(r"/customers/\d+/$"))
    return ada


def test_address_of_one_line_becomes_fields_and_its_city_is_chosen(page: Any) -> None:
    edit(page)
    page.locator(f"{ROW} summary").click()
    page.locator("[name=address-new0-text]").fill("Rua Augusta 5, 2.º Esq, 1100-048 Lisboa, Portugal")
    page.get_by_role("button", name="Divide the address by separate fields").click()
    city = page.locator("[name=address-new0-city]")
    expect(city).to_have_value("Lisboa")
    expect(page.locator("[name=address-new0-postal_code]")).to_have_value("1100-048")

    city.fill("Por")
    page.get_by_role("button", name="Suggestions for City").focus()
    page.keyboard.press("Enter")
    offered = page.get_by_role("listbox", name="Suggestions for City").get_by_role("option")
    expect(offered.first).to_be_focused()
    page.keyboard.press("Escape")
    expect(city).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(offered.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(city).to_have_value("Porto")
    expect(city).to_be_focused()
    expect(page.get_by_role("button", name="Suggestions for City")).to_have_count(0)
    save(page)

    said = page.get_by_role("region", name="Main data")
    expect(said).to_contain_text("Rua Augusta 5, 2.º, Esq, 1100-048 Porto, Portugal")


def test_contractor_type_shows_its_fields_and_a_wrong_number_warns_and_is_saved(page: Any) -> None:
    edit(page)
    expect(page.locator("[name=legal-legal_name]")).to_be_hidden()
    page.locator("[name=legal-contractor_type]").select_option("legal_entity")
    expect(page.locator("[name=legal-legal_name]")).to_be_visible()
    page.locator("[name=legal-country]").fill("Russia")
    page.locator("[name=legal-country]").press("Tab")
    inn = page.locator("[name=legal-inn]")
    expect(inn).to_be_visible()
    inn.fill("7707 083894")
    inn.press("Tab")
    expect(page.locator("#edit-legal .legal__warning")).to_contain_text("The last digit does not fit")
    save(page)

    said = page.get_by_role("region", name="Legal details")
    expect(said).to_contain_text("7707083894")
    expect(said).to_contain_text("The last digit does not fit")
