"""The main job, walked in real browsers against the whole product (issue 2's six steps)."""

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
SHOP = "acme-demo.myshopify.com"
ANA = "ana.lopes@shopper.example"


def receive(stack: Stack, raw: bytes) -> dict[str, Any]:
    return dict(json.loads(stack.manage("receive_email", "--inbox", "support@acme.example", stdin=raw)))


def open_ana(stack: Stack, page: Any, subject: str, mail_id: str) -> dict[str, Any]:
    """A new ticket of Ana's, open in the page."""
    received = receive(stack, raw_mail("Hello", sender=f"Ana Lopes <{ANA}>", subject=subject, mail_id=mail_id))
    page.goto(f"/acme/tickets/{received['ticket']}/")
    expect(page.locator(".note__text")).to_be_visible()
    return received


def remote_ana(stack: Stack) -> str:
    """The number of Ana's record in the pretend store."""
    page = httpx.get(f"{stack.store}/shops/{SHOP}/admin/customers", timeout=10).text
    row = re.search(r'/admin/customers/(\d+)"[^>]*>[^<]*Ana Lopes', page)
    assert row is not None, page[:2000]
    return row.group(1)


def remote_note(stack: Stack, remote: str) -> str:
    page = httpx.get(f"{stack.store}/shops/{SHOP}/admin/customers/{remote}", timeout=10).text
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.S)
    assert found is not None
    return found.group(1).strip()


def write_note(page: Any, text: str) -> None:
    """Click the note, type, click elsewhere."""
    page.locator(".note__text").click()
    page.locator(".note__text").fill(text)
    page.locator("h1").click()


def test_cleo_sees_nothing_of_acme(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("cleo@globex.example")

    assert page.goto("/acme/tickets/").status == 404
    page.goto("/globex/tickets/")
    expect(page.locator("body")).not_to_contain_text("Ana Lopes")


def test_mail_becomes_a_ticket_in_the_open_inbox(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    page.goto("/acme/tickets/")
    expect(page.locator("#inbox-list")).to_contain_text("Where is my watering can?")
    page.wait_for_timeout(1000)

    received = receive(
        stack, raw_mail(subject="Live, please", sender="new@person.example", mail_id="<live@person.example>")
    )

    assert received["outcome"] == "ticket_created"
    assert received["sender"] == "new@person.example"
    expect(page.locator("#inbox-list")).to_contain_text("Live, please")


def test_note_travels_to_a_colleague_and_to_the_store_and_back(stack: Stack, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as("bela@acme.example")
    received = open_ana(stack, ada, "A note, please", "<note@shopper.example>")
    bela.goto(f"/acme/tickets/{received['ticket']}/")
    remote = remote_ana(stack)
    eventually(lambda: "#1" in ada.locator(".customer").inner_text() or ada.reload())
    ada.wait_for_timeout(1000)

    write_note(ada, "Leave parcels with the neighbor.")

    expect(bela.locator(".note__text")).to_have_value("Leave parcels with the neighbor.")
    eventually(lambda: remote_note(stack, remote) == "Leave parcels with the neighbor.")

    httpx.post(
        f"{stack.store}/shops/{SHOP}/admin/customers/{remote}/note",
        data={"note": "The neighbor has moved.\r\nRing twice."},
        headers={"Origin": stack.store},
        timeout=10,
    )

    for page in (ada, bela):
        expect(page.locator(".note__text")).to_have_value("The neighbor has moved.\nRing twice.")
    expect(ada.locator(".sync")).to_contain_text("In sync")


def test_reply_reaches_the_customer_and_the_answer_threads_back(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    received = open_ana(stack, page, "Threading", "<thread@shopper.example>")

    page.locator("[data-key=r][contenteditable]").fill("It is on its way.")
    page.get_by_role("button", name="Send", exact=True).click()

    def sent() -> Any:
        mails = stack.mails()
        return next((mail for mail in mails if "Threading" in mail["subject"]), None)

    mail = eventually(sent, within=30)  # the time to undo, and the sweep
    expect(page.locator(".timeline")).to_contain_text("It is on its way.")
    answer = raw_mail(
        "Thank you!",
        sender=f"Ana Lopes <{ANA}>",
        subject=mail["subject"],
        mail_id="<thanks@shopper.example>",
        headers={"In-Reply-To": mail["message_id"], "References": mail["message_id"]},
    )
    joined = receive(stack, answer)
    assert (joined["outcome"], joined["ticket"]) == ("message_added", received["ticket"])
    expect(page.locator(".timeline")).to_contain_text("Thank you!")
