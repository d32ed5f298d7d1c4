"""Somebody new comes in by a letter, is kept to one inbox, and is sent away: seen by themselves, at once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
EVE = "eve@newcomer.example"
SECONDS = 30_000  # milliseconds; seconds are enough, on a machine that is not busy


def link_mailed_to(stack: Stack, address: str) -> str:
    mails = stack.mails(address=address)
    found = re.search(r"/accounts/invitation/[\w-]+/", str(mails[0])) if mails else None
    return found[0] if found else ""


@pytest.fixture
def invited(stack: Stack, open_as: OpenAs) -> tuple[Any, str]:
    """Ada's page, and the link in the letter that she had sent."""
    ada = open_as("ada@acme.example")
    ada.goto("/acme/settings/members/")
    ada.fill("input[name=email]", EVE)
    ada.click("text=Send the invitation")
    expect(ada.locator(".toast")).to_contain_text(EVE)
    return ada, eventually(lambda: link_mailed_to(stack, EVE), within=15)


def test_newcomer_comes_in_is_kept_to_one_inbox_and_is_sent_away(
    stack: Stack, chromium: Any, invited: tuple[Any, str]
) -> None:
    ada, link = invited
    ticket = receive(stack, raw_mail("Hello", subject="For support", mail_id="<people@shopper.example>"))["ticket"]
    context = chromium.new_context(base_url=stack.url, viewport={"width": 1440, "height": 900})
    eve = context.new_page()

    join(eve, link)
    eve.goto(f"/acme/tickets/{ticket}/")
    expect(eve.locator("h1", has_text="For support")).to_be_visible()

    ada.goto("/acme/settings/inboxes/access/")
    cell = ada.get_by_role("button", name="Support for Eve")
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "false")
    expect(eve.locator("body")).not_to_contain_text("For support")
    eve.goto("/acme/tickets/?view=all")
    expect(eve.locator("#inbox-list")).not_to_contain_text("For support")
    expect(eve.locator("#inbox-list [data-row]").first).to_be_visible()

    send_away(ada)
    eve.wait_for_url(re.compile("/accounts/login/"), timeout=SECONDS)
    assert eve.goto(link).status == 404
    context.close()


def join(page: Any, link: str) -> None:
    page.goto(link)
    page.fill("input[name=name]", "Eve")
    page.fill("input[name=password]", "quite a long password")
    page.click("text=Join the workspace")
    page.wait_for_url(re.compile("/acme/tickets/"))
    expect(page.locator("#inbox-list")).to_be_visible()


def send_away(admin: Any) -> None:
    """Deactivate Eve, from the list of members."""
    admin.goto("/acme/settings/members/")
    admin.get_by_role("link", name="Eve", exact=True).click()
    expect(admin.locator("[hx-get*='/tickets/']")).to_contain_text("None is assigned")
    admin.click("text=Deactivate this member")
    admin.click("text=Deactivate now")
    expect(admin.locator(".badge", has_text="Not active").first).to_be_visible()
