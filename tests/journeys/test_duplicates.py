"""Possible duplicates, worked through by keyboard; what a colleague does is seen at once."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

OpenAs = Callable[[str], Any]
PAGE = "/acme/customers/duplicates/"


def rows(page: Any) -> Any:
    return page.locator("[data-worklist] [data-row]:not(.row--gone)")


def test_duplicates_are_worked_through_by_keyboard(open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto("/acme/customers/")
    page.get_by_role("link", name=re.compile("Duplicates")).click()
    expect(rows(page).nth(1)).to_be_visible()
    pairs = rows(page).count()
    first, second = (rows(page).nth(number).get_attribute("id") for number in (0, 1))

    page.keyboard.press("j")
    expect(page.locator(f"#{first} [data-row-link]")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"#{second} [data-row-link]")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator(f"#{first}")).to_have_count(0)
    expect(page.locator(f"#{second} [data-row-link]")).to_be_focused()
    expect(page.locator(".toast")).to_contain_text("are not the same person")

    page.keyboard.press("z")
    expect(page.locator(f"#{first}")).to_be_visible()
    expect(rows(page)).to_have_count(pairs)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/merge/\?other=\d+&next="))
    page.keyboard.press("u")
    expect(page).not_to_have_url(re.compile("/merge/"))


def test_pair_that_a_colleague_works_leaves_and_stays_away_with_its_reason(open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as("bela@acme.example")
    for page in (ada, bela):
        page.goto(PAGE)
        expect(rows(page).first).to_be_visible()
    pair = rows(ada).first.get_attribute("id")
    bela.keyboard.press("j")
    expect(bela.locator(f"#{pair} [data-row-link]")).to_be_focused()

    ada.locator(f"#{pair}").get_by_role("button", name="Not the same person, and why").click()
    ada.locator(f"#{pair}-text").fill("Mother and daughter")
    ada.keyboard.press("Enter")

    expect(ada.locator(f"#{pair}")).to_have_count(0)
    expect(bela.locator(f"#{pair}.row--gone")).to_be_visible()
    ada.get_by_role("link", name="Dismissed").click()
    line = ada.locator(".parted")
    expect(line).to_contain_text("Mother and daughter")
    line.get_by_role("button", name="Suggest again").click()
    expect(line).to_have_count(0)
    expect(bela.locator(f"#{pair}:not(.row--gone)")).to_be_visible()


def test_hint_beside_the_ticket_goes_with_a_click(open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto(PAGE)
    page.locator("[data-row] .pair__name a").first.click()
    hint = page.locator(".hint")
    expect(hint).to_contain_text("May be the same person as")

    hint.get_by_role("button", name="Not the same person").click()

    expect(hint).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(hint).to_be_visible()
