"""Letters as they were sent, their pictures on demand, and the quarantine worked by keyboard (issue 4)."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
SHOP = "shops/acme-demo.myshopify.com"
FRAME = "iframe[data-letter]"


def letter_with_pictures(stack: Stack) -> bytes:
    mail, shop = EmailMessage(), f"{stack.store}/{SHOP}"
    mail["From"], mail["To"] = "Freya <freya@pictures.example>", "support@acme.example"
    mail["Subject"], mail["Message-ID"] = "A letter with pictures", "<pictures@pictures.example>"
    mail.set_content("See the cup")
    mail.add_alternative(
        f'<p>See the <a href="{shop}/">cup</a></p><img alt="The cup" src="{shop}/images/cup.png">'
        f'<img alt="A drawing" src="{shop}/images/cup.svg"><img width="1" src="{shop}/open.gif">',
        subtype="html",
    )
    return mail.as_bytes()


def test_pictures_are_shown_on_demand_through_us_and_remembered_here(stack: Stack, open_as: OpenAs) -> None:
    ticket = receive(stack, letter_with_pictures(stack))["ticket"]
    page, elsewhere = open_as("bela@acme.example"), []
    page.on("request", lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(stack.url) else None)
    letter, cup = page.frame_locator(FRAME), page.frame_locator(FRAME).get_by_alt_text("The cup")
    is_there, size = "picture => picture.complete && !!picture.src", "picture => picture.naturalWidth"

    page.goto(f"/acme/tickets/{ticket}/")
    page.get_by_text("As it was sent").click()
    expect(letter.locator("[role=note]")).to_contain_text("2 pictures from elsewhere are not shown")
    expect(letter.locator("[role=note]")).to_contain_text("1 invisible tracking picture left out")
    expect(cup).not_to_have_attribute("src", re.compile("."))
    letter.get_by_text("Show pictures").click()
    expect(letter.get_by_text("Hide pictures")).to_be_visible()
    eventually(lambda: cup.evaluate(is_there))
    assert cup.evaluate(size) == 96
    eventually(lambda: letter.get_by_alt_text("A drawing").evaluate(is_there))
    assert letter.get_by_alt_text("A drawing").evaluate(size) == 0  # it could carry a script

    page.reload()
    page.get_by_text("As it was sent").click()
    expect(letter.get_by_text("Hide pictures")).to_be_visible()
    letter.get_by_text("Hide pictures").click()
    expect(letter.get_by_text("Show pictures")).to_be_visible()
    assert page.evaluate("localStorage.getItem('letters-with-pictures')") == "[]"
    assert elsewhere == []

    with page.context.expect_page() as opened:
        letter.get_by_text("cup", exact=True).click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{stack.store}/{SHOP}/"


@pytest.mark.soak
def test_quarantine_is_worked_by_keyboard(stack: Stack, open_as: OpenAs) -> None:
    for number, sender in enumerate(("Rui <rui@list.example>", "Bot <bot@machine.example>", "Eva <eva@list.example>")):
        raw = raw_mail(
            f"Words of letter {number}",
            sender=sender,
            subject=f"Keyboard {number}",
            mail_id=f"<keyboard-{number}@list.example>",
            headers={"Precedence": "bulk"},
        )
        assert receive(stack, raw)["outcome"] == "quarantined"
    page = open_as("bela@acme.example")
    page.goto("/acme/quarantine/")
    rows = page.locator("[data-unfold-item]", has_text="Keyboard")
    expect(rows).to_have_count(3)  # the newest first: 2, 1, 0

    page.keyboard.press("j")
    expect(rows.nth(0).locator("a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(rows.nth(0)).to_contain_text("Words of letter 2")
    page.keyboard.press(" ")
    expect(rows.nth(0).get_by_text("Words of letter 2")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("b")
    expect(page.locator("#toasts")).to_contain_text("bot@machine.example is blocked")
    expect(rows).to_have_count(2)
    expect(rows.nth(1).locator("a")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("it is on ticket #")
    expect(rows).to_have_count(1)
    page.keyboard.press("k")
    expect(rows.nth(0)).to_contain_text("Keyboard 2")

    page.goto("/acme/blocked/")
    page.get_by_role("button", name="Unblock bot@machine.example").click()
    expect(page.locator("#toasts")).to_contain_text("no longer blocked")
    page.goto("/acme/quarantine/")
    expect(rows).to_have_count(2)


@pytest.mark.soak
def test_sender_is_blocked_from_the_menu_of_a_message(stack: Stack, open_as: OpenAs) -> None:
    raw = raw_mail("Buy", sender="Sol <sol@spam.example>", subject="Buy now", mail_id="<buy@spam.example>")
    ticket = receive(stack, raw)["ticket"]
    page = open_as("bela@acme.example")
    page.goto(f"/acme/tickets/{ticket}/")

    page.locator(".message--in").hover()
    page.get_by_role("link", name="The original of this message, and its sender").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the original").click()
    assert download.value.suggested_filename == f"ticket-{ticket}-message-1.eml"
    page.get_by_role("button", name="Block sol@spam.example").click()
    expect(page.locator("#toasts")).to_contain_text("sol@spam.example is blocked")
    assert receive(stack, raw.replace(b"<buy@", b"<buy2@").replace(b"Buy\n", b"More\n"))["outcome"] == "blocked"
