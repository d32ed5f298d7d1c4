"""Searching in a real browser: results while one types, by keyboard, and on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

OpenAs = Callable[[str], Any]
BOX = "#inbox-query"
RESULTS = "#inbox-results"


def test_typing_shows_results_and_the_keyboard_opens_one(open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto("/acme/tickets/")

    page.keyboard.press("/")
    page.keyboard.type("water")

    expect(page.locator(RESULTS)).to_be_visible()
    expect(page.locator(RESULTS).get_by_role("option").filter(has_text="watering can").first).to_be_visible()
    expect(page.locator(f"{RESULTS} mark").first).to_contain_text(re.compile("water", re.I))
    page.keyboard.press("ArrowUp")
    expect(page.locator("#inbox-option-all")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    chosen = page.locator(f"{RESULTS} [aria-selected=true]")
    expect(page.locator(BOX)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    target = chosen.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(target)))


@pytest.mark.soak
def test_enter_alone_leads_to_the_list(open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto("/acme/tickets/")

    page.locator(BOX).fill("watering")
    expect(page.locator(RESULTS)).to_be_visible()
    page.locator(BOX).press("Enter")

    page.wait_for_url(re.compile(r"[?&]q=watering"))
    expect(page.locator("#inbox-rows")).to_contain_text("watering can")


@pytest.mark.soak
def test_escape_closes_and_the_text_stays(open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto("/acme/tickets/")
    page.locator(BOX).press_sequentially("zzzznothing")
    expect(page.locator(RESULTS)).to_contain_text("Nothing found")

    page.locator(BOX).press("Escape")

    expect(page.locator(RESULTS)).to_be_hidden()
    expect(page.locator(BOX)).to_have_value("zzzznothing")


@pytest.mark.soak
def test_results_on_a_phone_stay_inside_the_window(open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/acme/tickets/")
    page.locator(BOX).press_sequentially("ana")
    expect(page.locator(RESULTS)).to_be_visible()

    box = page.locator(RESULTS).bounding_box()

    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.locator(RESULTS).get_by_role("option").first.click()
    page.wait_for_url(re.compile(r"/acme/(customers|tickets)/\d+/"))


@pytest.mark.soak
def test_cleo_is_offered_nothing_of_acme(open_as: OpenAs) -> None:
    page = open_as("cleo@globex.example")
    page.goto("/globex/tickets/")
    page.locator(BOX).press_sequentially("watering")

    expect(page.locator(RESULTS)).to_contain_text("Nothing found")
