"""Many tickets at once, merging, splitting and setting the customer, in a real browser."""

import os
import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack

OpenAs = Callable[[str], Any]


def arrive(stack: Stack, subject: str, count: int = 1, sender: str = "Gil Reyes <gil@shopper.example>") -> list[int]:
    """Numbers of new tickets with this word in the subject."""
    key = subject.lower().replace(" ", "-")
    mails = [
        raw_mail(f"{subject} {n}", sender=sender, subject=f"{subject} {n}", mail_id=f"<{key}{n}@shopper.example>")
        for n in range(count)
    ]
    return [int(receive(stack, mail)["ticket"]) for mail in mails]


def pick(page: Any, number: int) -> Any:
    return page.get_by_label(f"Select ticket {number}", exact=True)


def select(page: Any, numbers: list[int]) -> None:
    page.goto("/acme/tickets/")
    for number in numbers:
        pick(page, number).check()
    expect(page.locator("[data-pick-count]")).to_have_text(f"{len(numbers)} selected")


def test_bulk_close_shows_its_progress_across_a_reload_and_is_undone(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    numbers = arrive(stack, "Bulk closing", 3)
    os.kill(stack.pid("worker"), signal.SIGSTOP)  # so that there is something to see
    try:
        select(page, numbers)
        page.get_by_role("button", name="Close the selected").click()
        expect(page.locator(".bulk__job")).to_contain_text("0 of 3")
        expect(page.locator(".bulk__bar")).to_be_hidden()
        page.reload()
        expect(page.locator(".bulk__job")).to_contain_text("0 of 3")
    finally:
        os.kill(stack.pid("worker"), signal.SIGCONT)

    expect(page.locator(".bulk__job")).to_contain_text("3 closed")
    page.goto("/acme/tickets/")
    expect(page.locator(".bulk__job")).to_contain_text("3 closed")
    for number in numbers:
        expect(pick(page, number)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".bulk__jobs")).to_contain_text("3 put back")
    page.goto("/acme/tickets/")
    expect(pick(page, numbers[0])).to_be_visible()


@pytest.mark.soak
def test_rows_are_selected_by_keyboard_and_by_range(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    arrive(stack, "Picking", 3)
    page.goto("/acme/tickets/")
    boxes = page.locator("[data-pick]")

    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-pick-count]")).to_have_text("1 selected")
    boxes.nth(0).uncheck()
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-pick-count]")).to_have_text("3 selected")
    page.locator("[data-pick-all]").check()
    expect(page.locator("[data-pick-count]")).to_have_text(f"{boxes.count()} selected")
    page.locator("[data-pick-none]").click()
    expect(page.locator(".bulk__bar")).to_be_hidden()


@pytest.mark.soak
def test_selection_survives_a_live_refresh(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    number = arrive(stack, "Kept selection")[0]
    select(page, [number])

    newer = arrive(stack, "Another arrives")[0]

    expect(pick(page, newer)).to_be_attached()
    expect(pick(page, number)).to_be_checked()
    expect(page.locator("[data-pick-count]")).to_have_text("1 selected")


def test_merge_and_undo(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    source, into = arrive(stack, "Merging", 2)
    page.goto(f"/acme/tickets/{source}/")

    page.keyboard.press("m")
    page.wait_for_url("**/merge/")
    page.get_by_role("link", name=re.compile(f"#{into} ")).click()
    expect(page.locator("form.panel")).to_contain_text("1 message will stand among the others")
    page.get_by_role("button", name="Merge tickets").click()
    page.wait_for_url(f"**/tickets/{into}/")
    expect(page.locator(".timeline")).to_contain_text("Merging 0")
    expect(page.locator(".timeline")).to_contain_text(f"Merged with #{source}")
    page.goto(f"/acme/tickets/{source}/")
    page.wait_for_url(f"**/tickets/{into}/")

    page.locator(".line__undo button").click()
    page.wait_for_url(f"**/tickets/{source}/")
    expect(page.locator(".timeline .message")).to_have_count(1)
    expect(page.locator(".timeline")).to_contain_text("Merging 0")


def test_split_makes_a_ticket_of_its_own(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    number = arrive(stack, "Splitting")[0]
    headers = {"In-Reply-To": "<splitting0@shopper.example>"}
    sender = "Gil Reyes <gil@shopper.example>"
    receive(stack, raw_mail("And a lamp", sender=sender, mail_id="<lamp@shopper.example>", headers=headers))
    page.goto(f"/acme/tickets/{number}/")

    page.locator(".message").nth(1).hover()
    page.locator(".message").nth(1).get_by_role("link", name="Split from here").click()
    page.get_by_label("Subject").fill("A lamp")
    page.get_by_role("button", name="Split").click()

    page.wait_for_url(re.compile(rf"/tickets/(?!{number}/)\d+/$"))
    expect(page.locator("h1")).to_contain_text("A lamp")
    expect(page.locator(".timeline")).to_contain_text("And a lamp")


@pytest.mark.soak
def test_customer_is_set_on_one_and_on_many(stack: Stack, open_as: OpenAs) -> None:
    page, other = open_as("bela@acme.example"), open_as("ada@acme.example")
    numbers = arrive(stack, "Whose", 2, sender="Unknown <unknown@letters.example>")
    other.goto(f"/acme/tickets/{numbers[0]}/")
    page.goto(f"/acme/tickets/{numbers[0]}/customer/set/")

    page.get_by_label("Find the customer").press_sequentially("ana lop")
    page.get_by_role("button", name=re.compile("Ana Lopes")).click()
    page.wait_for_url(f"**/tickets/{numbers[0]}/")
    expect(page.locator(".customer")).to_contain_text("Ana Lopes")
    expect(other.locator(".customer")).to_contain_text("Ana Lopes")

    select(page, numbers)
    page.get_by_role("button", name="More to do with the selected").click()
    page.get_by_role("button", name="Set the customer").click()
    page.get_by_label("Find the customer").fill("ana lop")
    page.get_by_role("button", name=re.compile("Ana Lopes")).click()
    expect(page.locator(".bulk__jobs")).to_contain_text("1 set, 1 skipped")
