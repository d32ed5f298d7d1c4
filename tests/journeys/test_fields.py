"""Custom fields in a browser: filled in place on a ticket and in an order, by two people at once (F8)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack

OpenAs = Callable[[str], Any]


@pytest.fixture
def path(stack: Stack) -> str:
    """A ticket of the demo's workspace, which has the fields Damage, Refund and Promised by."""
    received = receive(stack, raw_mail("It came broken.", sender="fay@fields.example", mail_id="<fay@fields.example>"))
    return f"/acme/tickets/{received['ticket']}/"


def test_two_agents_fill_in_the_fields_of_one_ticket(path: str, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as("bela@acme.example")
    for page in (ada, bela):
        page.goto(path)
        page.get_by_role("link", name="Fill in fields").click()
        expect(page.locator("form.said--form")).to_be_visible()
    expect(ada.locator("[name=custom_damage]").first).to_be_focused()

    ada.fill("[name=custom_refund]", "much")
    ada.locator("form.said--form").get_by_role("button", name="Save").click()
    expect(ada.locator("form.said--form .field__error")).to_have_text("Write a number, such as 12.5.")
    expect(ada.locator("[name=custom_refund]")).to_be_focused()
    ada.fill("[name=custom_refund]", "12,50")
    ada.locator("form.said--form").get_by_role("button", name="Save").click()
    expect(ada.locator(".said__fact")).to_have_text(re.compile("Refund *12.5"))
    expect(ada.get_by_role("link", name="Edit fields")).to_be_focused()

    # What Bela is writing stays while the ticket changes around it.
    expect(bela.locator(".line", has_text="Changed Refund")).to_be_visible()
    bela.fill("[name=custom_refund]", "20")
    bela.check("[name=custom_damage][value=broken]")
    bela.locator("form.said--form").get_by_role("button", name="Save").click()
    expect(bela.locator("form.said--form .field__error")).to_contain_text("A colleague wrote “12.5” here meanwhile")
    bela.locator("form.said--form").get_by_role("button", name="Save").click()

    expect(bela.locator(".said__fact")).to_have_count(2)
    expect(ada.locator(".said__list")).to_contain_text("Broken")
    expect(ada.locator(".said__list")).to_contain_text("20")
