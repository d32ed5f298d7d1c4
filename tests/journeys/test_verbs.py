"""What agents do with a ticket, by keyboard, in real browsers against the whole product."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack

OpenAs = Callable[[str], Any]
MENU = "[popover]:popover-open .chooser"


def open_new(stack: Stack, page: Any, subject: str) -> str:
    """A new ticket, open in the page; its path."""
    mail_id = f"<{subject.replace(' ', '-')}@verbs.example>"
    received = receive(stack, raw_mail("Hello", sender="eva@person.example", subject=subject, mail_id=mail_id))
    path = f"/acme/tickets/{received['ticket']}/"
    page.goto(path)
    expect(page.locator(".header h1")).to_have_text(subject)
    return path


def press(page: Any, key: str) -> None:
    """A single key, and the menu it opens."""
    page.keyboard.press(key)
    expect(page.locator(MENU)).to_be_visible()


def test_ticket_is_assigned_and_taken_by_keyboard(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    open_new(stack, page, "Whose is it")
    chip = page.locator(".header__facts .chip").first
    expect(chip).to_contain_text("Unassigned")

    press(page, "a")
    page.keyboard.type("bel")
    page.keyboard.press("Enter")

    expect(chip).to_contain_text("Bela")
    expect(page.locator(MENU)).to_have_count(0)
    expect(page.locator(".timeline")).to_contain_text("Assigned to Bela")

    page.keyboard.press("Shift+A")
    expect(chip).to_contain_text("Ada")


@pytest.mark.soak
def test_priority_topic_and_tags_are_set_by_keyboard(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    open_new(stack, page, "What is it about")
    facts = page.locator(".header__facts")

    press(page, "p")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(facts).to_contain_text("High")

    press(page, "t")
    page.keyboard.type("Journey tag")
    page.keyboard.press("Enter")
    expect(facts.locator(".tag")).to_have_text(["Journey tag"])
    page.keyboard.type("journ")
    page.keyboard.press("Enter")
    expect(facts.locator(".tag")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(MENU)).to_have_count(0)

    page.locator("a[title=Topic]").click()
    page.locator(MENU).get_by_role("button", name="Shipping").click()
    expect(facts).to_contain_text("Shipping")


@pytest.mark.soak
def test_subject_is_edited_in_place(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    open_new(stack, page, "Old words")
    heading = page.locator(".header h1")

    heading.click()
    page.keyboard.type("Not these")
    page.keyboard.press("Escape")
    expect(heading).to_have_text("Old words")

    heading.click()
    page.keyboard.type("New words")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("New words")
    expect(page.locator(".timeline")).to_contain_text("Subject changed from")


def test_snoozed_ticket_is_closed_until_it_wakes_by_itself(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("ada@acme.example")
    path = open_new(stack, page, "Not now")

    press(page, "s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".badge--snoozed").first).to_contain_text("Snoozed until")

    # Two seconds from now; the field of the menu knows minutes only.
    page.evaluate(
        """async (path) => {
          const headers = JSON.parse(document.body.getAttribute("hx-headers"));
          const body = new URLSearchParams({ until: new Date(Date.now() + 2000).toISOString() });
          await fetch(`${path}snooze/`, { method: "POST", headers, body });
        }""",
        path,
    )

    expect(page.locator(".header .badge--open")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("the snooze is over")


@pytest.mark.soak
def test_two_agents_see_each_other_look_and_type(stack: Stack, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as("bela@acme.example")
    path = open_new(stack, ada, "Two at once")

    bela.goto(path)
    expect(ada.locator(".people")).to_contain_text("Bela is looking")
    expect(bela.locator(".people")).to_contain_text("Ada is looking")
    expect(bela.locator(".people")).not_to_contain_text("Bela")

    bela.keyboard.press("r")
    bela.keyboard.type("Hello, I am on it")
    expect(ada.locator(".people")).to_contain_text("Bela is typing")
    expect(ada.locator(".collision")).to_contain_text("Bela is typing")

    bela.goto("/acme/tickets/")
    expect(ada.locator(".people")).not_to_contain_text("Bela")
    expect(ada.locator(".collision")).to_be_empty()


@pytest.mark.soak
def test_menus_work_without_scripts(stack: Stack, open_as: OpenAs, chromium: Any) -> None:
    page = open_as("ada@acme.example")
    path = open_new(stack, page, "Without scripts")
    context = chromium.new_context(
        base_url=stack.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(path)

    plain.get_by_role("link", name="Assigned to: Unassigned").click()
    plain.get_by_role("button", name="Bela").click()
    expect(plain.locator(".header__facts")).to_contain_text("Bela")

    plain.get_by_role("link", name="Tag", exact=True).click()
    plain.get_by_label("Find or make a tag").fill("Plain tag")
    plain.get_by_role("button", name="Add tag").click()
    expect(plain.locator(".header__facts")).to_contain_text("Plain tag")
    context.close()
