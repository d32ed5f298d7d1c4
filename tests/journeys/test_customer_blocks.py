"""What tickets show on the customer's page, while things happen: nothing moves under the reader's eyes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack

OpenAs = Callable[[str], Any]
SENDER = "mara@blocks.example"


def write(stack: Stack, subject: str) -> str:
    """A letter of one customer; the path of its ticket."""
    mail_id = f"<{subject.replace(' ', '-')}@blocks.example>"
    received = receive(stack, raw_mail("Hello", sender=SENDER, subject=subject, mail_id=mail_id))
    return f"/acme/tickets/{received['ticket']}/"


@pytest.mark.soak
def test_page_follows_the_work_and_counts_new_letters(stack: Stack, open_as: OpenAs) -> None:
    page, other = open_as("ada@acme.example"), open_as("bela@acme.example")
    path = write(stack, "The first letter")
    page.goto(path)
    page.goto(page.locator(".card__name a").get_attribute("href") + "?tab=letters")
    work, letters = page.locator(".work .past__title"), page.locator(".tabbed .past__title")
    expect(work).to_have_text(["The first letter"])
    expect(letters).to_have_text(["The first letter"])

    write(stack, "The second letter")
    expect(page.locator(".past__newer")).to_have_text("1 new letter")
    expect(letters).to_have_text(["The first letter"])
    expect(work).to_have_text(["The second letter", "The first letter"])

    page.locator(".past__newer").click()
    expect(letters).to_have_text(["The second letter", "The first letter"])
    expect(page.locator(".past__newer")).to_have_count(0)

    other.goto(path)
    header = other.locator(".header")
    header.get_by_role("button", name="Close").click()
    expect(work).to_have_text(["The second letter"])
    header.get_by_role("button", name="Reopen").click()
    expect(work).to_have_text(["The second letter", "The first letter"])
