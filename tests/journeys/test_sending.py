"""An agent sends, thinks better of it, sends again, and writes first (issue 3)."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import ANA, open_ana, receive
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
SENT_WITHIN = 30.0  # seconds: the time to undo, and the sweep that follows
EDITOR = "[data-key=r][contenteditable]"


def mails(stack: Stack, subject: str) -> list[dict[str, Any]]:
    """What left for customers under this subject, newest first."""
    found = stack.mails()
    return [mail for mail in found if subject in mail["subject"]]


def send(page: Any) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def test_reply_is_undone_edited_and_sent_to_more_people(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    open_ana(stack, page, "Second thoughts", "<second-thoughts@shopper.example>")
    editor = page.locator(EDITOR)

    editor.click()
    page.keyboard.type("It is lost")
    send(page)
    expect(page.locator(".timeline")).to_contain_text("It is lost")
    expect(page.locator(".timeline .undo")).to_contain_text(re.compile(r"Sending in \d+ s"))
    expect(page.locator("#toasts")).to_contain_text("Undo")
    page.keyboard.press("z")

    expect(page.locator(".timeline")).not_to_contain_text("It is lost")
    expect(editor).to_have_text("It is lost")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("It is on its way")
    page.locator(".composer__form--reply .recipients__more summary").click()
    page.locator(".composer__form--reply [id$=-cc]").fill("rui@shopper.example")
    page.keyboard.press("Enter")
    send(page)

    expect(page.locator(".timeline")).to_contain_text("cc rui@shopper.example")
    mail = eventually(lambda: mails(stack, "Second thoughts"), within=SENT_WITHIN)[0]
    assert sorted(mail["to"]) == sorted([ANA, "rui@shopper.example"])
    assert len(mails(stack, "Second thoughts")) == 1
    expect(page.locator(".timeline .delivery").last).to_contain_text("Sent")


def test_first_letter_makes_a_ticket_and_its_answer_threads_back(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto("/acme/tickets/new/")

    page.locator("#new-to").fill("Rui Costa <rui.costa@person.example>")
    page.locator("#new-subject").fill("Your parcel came back")
    page.locator(EDITOR).click()
    page.keyboard.type("Shall we send it again?")
    send(page)

    page.wait_for_url(re.compile(r"/acme/tickets/\d+/$"))
    expect(page.locator("h1")).to_contain_text("Your parcel came back")
    expect(page.locator(".timeline")).to_contain_text("to Rui Costa")
    mail = eventually(lambda: mails(stack, "Your parcel came back"), within=SENT_WITHIN)[0]
    assert mail["subject"] == "Your parcel came back"
    answer = raw_mail(
        "Yes, please",
        sender="Rui Costa <rui.costa@person.example>",
        subject="Re: Your parcel came back",
        mail_id="<again@person.example>",
        headers={"In-Reply-To": mail["message_id"], "References": mail["message_id"]},
    )
    joined = receive(stack, answer)
    assert joined["outcome"] == "message_added"
    assert page.url.endswith(f"/acme/tickets/{joined['ticket']}/")
    expect(page.locator(".timeline")).to_contain_text("Yes, please")
