"""A customer's page: notes on the timeline, and what arrives while somebody reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.stack import Stack

OpenAs = Callable[[str], Any]
PAGE = "/acme/customers/2/"


def write_note(page: Any, words: str) -> None:
    surface = page.locator("#customer-2-timeline-note-surface")
    surface.click()
    page.keyboard.press("Control+b")
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".noted__text").first).to_have_text(words)


@pytest.mark.soak
def test_note_is_written_read_elsewhere_deleted_and_put_back(stack: Stack, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as("bela@acme.example")
    ada.goto(PAGE)
    expect(ada.locator("[data-editor][data-on]")).to_be_visible()
    for number in range(12):
        write_note(ada, f"Words {number}")
    bela.set_viewport_size({"width": 1440, "height": 1800})
    bela.goto(PAGE)
    story = bela.get_by_role("region", name="Everything, the newest at the end")
    expect(story.get_by_text("Words 11")).to_be_in_viewport()
    story.evaluate("story => (story.scrollTop = 0)")
    first = story.locator("[data-entry]").first
    expect(first).to_be_in_viewport()

    write_note(ada, "The newest words")

    expect(ada.locator(".noted strong, .noted b").first).to_have_text("The newest words")
    expect(bela.get_by_role("button", name="1 new")).to_be_visible()
    expect(first).to_be_in_viewport()
    bela.get_by_role("button", name="1 new").click()
    expect(story.get_by_text("The newest words")).to_be_in_viewport()

    ada.get_by_role("button", name="Delete the note of Ada").first.click()
    expect(ada.locator(".noted__text").first).to_have_text("Words 11")
    ada.locator(".toast").get_by_role("button", name="Undo").click()
    expect(ada.locator(".noted__text").first).to_have_text("The newest words")


@pytest.mark.soak
def test_part_that_does_not_come_is_asked_for_once_more(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    page.route("**/customers/2/work/", lambda route: route.fulfill(status=500, body=""), times=1)
    page.goto(f"{PAGE}?tab=segments")
    expect(page.get_by_text("This workspace has no segments yet.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".work")).to_be_visible()

    page.route("**/customers/2/letters/", lambda route: route.fulfill(status=500, body=""), times=1)
    tabs = page.get_by_role("navigation", name="Earlier")
    tabs.get_by_role("link", name="Letters").click()
    expect(page.locator(".toast")).to_contain_text("That did not work")
    expect(tabs.locator("[aria-current]")).to_have_text("Segments")
    tabs.get_by_role("link", name="Letters").click()
    expect(tabs.locator("[aria-current]")).to_have_text("Letters")
    expect(page).to_have_url(re.compile(r"\?tab=letters$"))


def test_notes_are_written_and_deleted_one_after_the_other_by_keys(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    page.goto(PAGE)
    expect(page.locator("[data-editor][data-on]")).to_be_visible()
    write_note(page, "By keys one")
    expect(page.locator("#customer-2-timeline-note-surface")).to_be_focused()
    page.keyboard.type("By keys two")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".noted__text").first).to_have_text("By keys two")
    bins = page.locator(".noted__delete")
    count = bins.count()

    bins.first.focus()
    page.keyboard.press("Enter")
    expect(bins).to_have_count(count - 1)
    expect(bins.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(bins).to_have_count(count - 2)


@pytest.mark.soak
def test_note_half_written_outlives_a_reload_and_is_gone_once_sent(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    surface = page.locator("#customer-2-timeline-note-surface")
    page.goto(PAGE)
    expect(page.locator("[data-editor][data-on]")).to_be_visible()
    surface.click()
    page.keyboard.type("Half a thought")

    page.reload()
    expect(surface).to_have_text("Half a thought")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".noted__text").first).to_have_text("Half a thought")
    expect(surface).to_have_text("")

    page.reload()
    expect(page.locator("[data-editor][data-on]")).to_be_visible()
    expect(surface).to_have_text("")
