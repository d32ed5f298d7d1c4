"""The lists of tickets in real browsers: views by keyboard, news without jumps, nothing fetched twice, a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack

OpenAs = Callable[[str], Any]
LIST = "/acme/tickets/"
LOW = {"width": 1000, "height": 420}


def arrive(stack: Stack, subject: str) -> int:
    """A letter of somebody new; returns the ticket's number."""
    mail_id = f"<{subject.replace(' ', '-')}@lists.example>"
    return int(
        receive(stack, raw_mail("Hello", sender="new@lists.example", subject=subject, mail_id=mail_id))["ticket"]
    )


def fetches(page: Any) -> list[str]:
    """Fills with the addresses that scripts of the page ask for from now on, the stream aside."""
    asked: list[str] = []
    scripted = ("xhr", "fetch")
    page.on("request", lambda one: asked.append(one.url) if one.resource_type in scripted else None)
    return asked


def top_of(page: Any) -> int:
    return int(page.evaluate("document.querySelector('[data-list-scroll]').scrollTop"))


@pytest.mark.soak
def test_fresh_page_fetches_nothing_again(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto(LIST)
    page.wait_for_timeout(5000)  # what has just happened is told twice, to be sure

    for path in (LIST, f"{LIST}1/"):
        asked = fetches(page)
        page.goto(path)
        page.wait_for_timeout(2000)
        parts = [
            url for url in asked if re.search(r"/tickets/(\?|$)|/row/|/1/(header|timeline|customer|composer)/", url)
        ]
        assert parts == []


@pytest.mark.soak
def test_second_tab_learns_from_the_first(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto(LIST)
    page.wait_for_timeout(5000)
    second = page.context.new_page()
    asked = fetches(second)

    second.goto(LIST)
    second.wait_for_timeout(1500)
    assert [url for url in asked if re.search(r"/tickets/(\?|$)|/row/", url)] == []

    arrive(stack, "Both hear it")
    for tab in (page, second):
        tab.bring_to_front()
        expect(tab.locator("#inbox-list")).to_contain_text("Both hear it")


@pytest.mark.soak
def test_news_wait_while_somebody_reads(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.set_viewport_size(LOW)
    page.goto(LIST)
    page.locator("[data-list-scroll]").evaluate("list => list.scrollTop = 200")

    arrive(stack, "Do not jump")

    pill = page.locator("[data-list-pill]")
    expect(pill).to_have_text("1 new ticket")
    expect(page.locator("#announcer")).to_have_text("1 new ticket")
    assert top_of(page) == 200
    expect(page.locator("#inbox-list")).not_to_contain_text("Do not jump")
    pill.click()
    expect(page.locator("#inbox-list")).to_contain_text("Do not jump")
    assert top_of(page) == 0


@pytest.mark.soak
def test_ticket_a_colleague_closes_turns_grey(stack: Stack, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as("bela@acme.example")
    number = arrive(stack, "Going grey")
    bela.goto(LIST)
    row = bela.locator(f"#ticket-{number}-row")
    expect(row).to_be_visible()
    bela.wait_for_timeout(1000)

    ada.goto(f"{LIST}{number}/")
    ada.keyboard.press("e")

    expect(row).to_have_class(re.compile("row--gone"))
    expect(row).to_contain_text("Not in this list now")
    bela.goto(LIST)
    expect(row).to_have_count(0)


def test_view_is_made_and_found_by_keyboard_alone(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto(LIST)
    page.keyboard.press("f")
    expect(page.locator("#filter")).to_be_visible()
    expect(page.locator("#filter-status")).to_be_focused()
    for _ in ("order", "assignee", "team", "topic"):
        page.keyboard.press("Tab")
    expect(page.locator("#filter-topic")).to_be_focused()
    page.keyboard.type("Ship")
    page.locator("#filter .button--primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/?topic=shipping")
    expect(page.locator("#inbox-narrows")).to_contain_text("topic Shipping")

    page.locator("text=Save view").focus()
    page.keyboard.press("Enter")
    page.locator("#new-view [name=name]").focus()
    page.keyboard.type("Parcels on the way")
    page.keyboard.press("Enter")

    expect(page.locator(".views__button")).to_contain_text("Parcels on the way")
    page.goto(LIST)
    expect(page.locator("#views-count")).to_have_text(re.compile(r"\d"))
    page.keyboard.press("v")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
        if "Parcels" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/tickets/?topic=shipping")


@pytest.mark.soak
def test_rows_are_walked_and_picked_by_keyboard(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    second = page.locator("[data-row]").nth(1)

    expect(second.locator("[data-pick]")).to_be_checked()
    expect(second.locator(".row__link")).to_be_focused()
    page.keyboard.press("x")
    expect(second.locator("[data-pick]")).not_to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tickets/\d+/"))


@pytest.mark.soak
def test_phone_comes_back_to_where_it_was(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.set_viewport_size({"width": 390, "height": 600})
    page.goto(f"{LIST}?view=all")
    page.locator("[data-list-scroll]").evaluate("list => list.scrollTop = 500")
    row = page.locator("[data-row]").nth(8)
    before = row.bounding_box()["y"]

    row.locator(".row__link").click()
    page.wait_for_url(re.compile(r"/tickets/\d+/\?view=all"))
    expect(page.locator("#inbox-list")).to_be_hidden()
    page.locator("[data-back]").first.click()

    page.wait_for_url("**/tickets/?view=all")
    assert abs(page.locator("[data-row]").nth(8).bounding_box()["y"] - before) < 4
