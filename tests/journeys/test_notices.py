"""Notices in a real browser and in the demo's mailbox: mentioned, told, opened, read; and by e-mail once."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import receive
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
ADA, BELA = "ada@acme.example", "bela@acme.example"
# What would be done in a minute is due now; the sweep wakes it.
HURRY = (
    "from django.utils import timezone; from events.models import Reaction;"
    "Reaction.objects.filter(task='events.tasks.mail_notices', done_at=None).update(due_at=timezone.now())"
)


def mention(page: Any, ticket: int, words: str) -> None:
    """Add an internal note, as its form would without scripts."""
    page.goto(f"/acme/tickets/{ticket}/")
    token = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = page.request.post(
        f"/acme/tickets/{ticket}/note/", form={"csrfmiddlewaretoken": token, "text": words}, max_redirects=0
    )
    assert answer.status == 302, answer.text()


def quiet(page: Any) -> None:
    """Nothing unread any more."""
    page.goto("/acme/notices/")
    button = page.get_by_role("button", name="Mark all as read")
    if button.count():
        button.click()
    expect(page.get_by_text("All read").or_(page.get_by_text("All quiet"))).to_be_visible()
    expect(page.locator(".rail .badge")).to_have_count(0)


def new_ticket(stack: Stack, subject: str) -> int:
    mail_id = f"<{subject.replace(' ', '-')}@notices.example>"
    return int(receive(stack, raw_mail(subject=subject, sender="rosa@notices.example", mail_id=mail_id))["ticket"])


def mails_to(stack: Stack, address: str, words: str) -> list[dict[str, Any]]:
    mails = stack.mails()
    return [mail for mail in mails if address in mail["to"] and words in mail["text"]]


def test_mention_rings_the_bell_and_opening_reads_it(stack: Stack, open_as: OpenAs) -> None:
    ticket = new_ticket(stack, "Mentioned here")
    ada, bela = open_as(ADA), open_as(BELA)
    quiet(bela)
    bela.goto("/acme/customers/")
    bela.wait_for_timeout(1000)

    mention(ada, ticket, "@Bela can you call Rosa <b>today</b>?")

    expect(bela.locator(".rail .badge")).to_contain_text("1")
    bela.get_by_role("link", name=re.compile("Notices")).click()
    line = bela.locator(".notice-line--unread")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("Ada mentioned you")
    expect(line).to_contain_text("<b>today</b>")
    line.get_by_role("button").click()
    bela.wait_for_url(re.compile(f"/tickets/{ticket}/"))
    expect(bela.locator(".rail .badge")).to_have_count(0)


@pytest.mark.soak
def test_new_notice_appears_in_the_open_list(stack: Stack, open_as: OpenAs) -> None:
    ticket = new_ticket(stack, "Live in the list")
    ada, bela = open_as(ADA), open_as(BELA)
    quiet(bela)
    bela.wait_for_timeout(1000)

    mention(ada, ticket, "@Bela look at this.")

    expect(bela.locator(".notice-line--unread")).to_contain_text("Live in the list")


@pytest.mark.soak
def test_mention_arrives_by_mail_once_and_without_scripts_it_can_be_chosen(
    stack: Stack, chromium: Any, open_as: OpenAs
) -> None:
    bela = open_as(BELA)
    bela.goto("/acme/profile/")
    choice = bela.get_by_role("group", name="Somebody mentions me").get_by_label("By e-mail")
    choice.check()
    bela.get_by_role("button", name="Save", exact=True).click()
    bela.wait_for_load_state()
    expect(choice).to_be_checked()
    ticket, words = new_ticket(stack, "By mail please"), "@Bela this one comes by mail."
    mention(open_as(ADA), ticket, words)

    stack.manage("shell", "-v0", "-c", HURRY)
    [mail] = eventually(lambda: mails_to(stack, BELA, words), within=30)
    stack.manage("shell", "-v0", "-c", HURRY)
    bela.wait_for_timeout(3000)

    assert mail["subject"] == "[Acme] Ada mentioned you: By mail please"
    assert f"{stack.url}/acme/tickets/{ticket}/" in mail["text"]
    assert len(mails_to(stack, BELA, words)) == 1
