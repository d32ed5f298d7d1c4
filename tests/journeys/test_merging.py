"""Two profiles of one person: found beside a ticket, merged, and split again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.journeys.test_customer import receive
from tests.stack import Stack

OpenAs = Callable[[str], Any]
ADA, BELA = "ada@acme.example", "bela@acme.example"


def test_other_profile_is_found_beside_the_ticket_merged_and_split_again(stack: Stack, open_as: OpenAs) -> None:
    receive(stack, name="Thea Brandt", address="thea@work.example", subject="Order from work")
    ticket = receive(stack, name="Thea Brandt-Solis", address="thea@home.example", subject="Order from home")
    page = open_as(BELA)
    page.goto(f"/acme/tickets/{ticket}/")
    home = page.locator(".customer .card__name a").get_attribute("href")

    page.locator("#beside-query").press_sequentially("thea@work")
    expect(page.get_by_role("option", name="Thea Brandt")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    looked_up = page.get_by_role("region", name="Profile that was looked up")
    expect(looked_up).to_contain_text("thea@work.example")
    expect(looked_up.get_by_role("link", name="Back to")).to_be_focused()
    expect(page.locator(".customer")).to_be_hidden()
    expect(page).to_have_url(re.compile(f"/tickets/{ticket}/$"))
    page.keyboard.press("Enter")
    expect(page.locator(".customer")).to_be_visible()

    page.locator("#beside-query").fill("thea@work.example")
    page.get_by_role("option", name="Thea Brandt").click()
    expect(looked_up.get_by_role("button", name="Set as customer")).to_be_visible()
    with page.expect_response(re.compile("/note/$")):
        looked_up.locator(".note__text").fill("Likes green tea.")
        page.locator("h1").click()
    looked_up.get_by_role("link", name="Merge", exact=True).click()

    merge_with_the_others_note(page)
    page.wait_for_url(re.compile(f"/tickets/{ticket}/$"))
    expect(page.locator("#toasts")).to_contain_text("into Thea Brandt-Solis")
    for text in ("thea@home.example", "thea@work.example", "Likes green tea."):
        expect(page.locator(".customer")).to_contain_text(text)

    split_again(open_as(ADA), home)


def merge_with_the_others_note(page: Any) -> None:
    """By keyboard, by one link for all, by hand; the question is left once."""
    expect(page.get_by_role("heading", name="Merge customers")).to_be_visible()
    kept = page.get_by_role("radiogroup", name="Name").get_by_role("radio")
    expect(kept.first).to_be_checked()
    kept.first.focus()
    page.keyboard.press("ArrowDown")
    expect(kept.last).to_be_checked()
    page.get_by_role("link", name=re.compile("^Keep all of")).first.click()
    expect(kept.first).to_be_checked()
    page.get_by_role("radiogroup", name="Note").get_by_role("radio").last.check()
    page.get_by_role("button", name="Merge customers").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("Agents cannot undo this")
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    page.get_by_role("button", name="Merge customers").click()
    asked.get_by_role("button", name="Merge customers").click()


def split_again(admin: Any, home: str) -> None:
    admin.goto(f"{home}history/")
    admin.get_by_role("link", name="Split again").first.click()
    expect(admin.get_by_role("heading", name="Split Thea Brandt again")).to_be_visible()
    admin.get_by_role("button", name="Split customers").click()
    admin.get_by_role("link", name="Thea Brandt", exact=True).click()
    expect(admin.get_by_text("thea@work.example").first).to_be_visible()
    expect(admin.get_by_text("Likes green tea.").first).to_be_visible()
