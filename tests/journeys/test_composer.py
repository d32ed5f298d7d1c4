"""Writing in a browser: rich text that is kept, files, canned replies, and nothing hostile let in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
BELA = "bela@acme.example"
HOSTILE = """<meta charset="utf-8"><style>p { color: red }</style><script>window.struck = 1</script>
<p class="x" id="main" style="font-weight: bold; position: fixed" onclick="window.struck = 1" data-hx-get="/x">Bold
<img src="x" onerror="window.struck = 1"><a href="javascript:window.struck = 1">bad</a>
<a href="https://shopper.example/?a=1" target="_top" onmouseover="window.struck = 1">good</a></p>
<svg onload="window.struck = 1"><a href="https://x.example">svg</a></svg><iframe src="/"></iframe>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·  </span>First</p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">·  </span>Second</p>"""
PASTE = """([kind, data]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData(kind, data);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
DROP = """([name, type, bytes]) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const form = document.querySelector(".composer__form--reply");
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def number(stack: Stack, request: pytest.FixtureRequest) -> int:
    """A new ticket."""
    raw = raw_mail(
        "Where is it?",
        sender="Rita Nunes <rita@writer.example>",
        subject=request.node.name,
        mail_id=f"<{uuid4()}@writer.example>",
    )
    return int(json.loads(stack.manage("receive_email", "--inbox", "support@acme.example", stdin=raw))["ticket"])


def surface(page: Any, key: str = "r") -> Any:
    return page.locator(f"[data-key={key}][contenteditable]")


def open_ticket(page: Any, number: int) -> Any:
    """The page and its editor, ready."""
    page.goto(f"/acme/tickets/{number}/")
    expect(surface(page)).to_be_visible()
    return surface(page)


def paste(page: Any, kind: str, data: str) -> None:
    page.evaluate(PASTE, [kind, data])


def saved(page: Any) -> None:
    expect(page.locator(".composer__form--reply [data-editor-status]")).to_have_text("Draft saved")


def mails_to(stack: Stack, subject: str) -> list[dict[str, Any]]:
    mails = stack.mails()
    return [mail for mail in mails if subject in mail["subject"]]


def test_what_is_typed_is_there_after_a_reload_and_on_another_device(open_as: OpenAs, number: int) -> None:
    page, phone = open_as(BELA), open_as(BELA)
    editor = open_ticket(page, number)

    editor.click()
    page.keyboard.type("Dear ")
    page.keyboard.press("Control+b")
    page.keyboard.type("Rita")
    page.keyboard.press("Control+b")
    page.keyboard.press("Enter")
    page.keyboard.type("it left today.")
    saved(page)

    phone.set_viewport_size({"width": 390, "height": 800})
    for other in (page, phone):
        expect(open_ticket(other, number)).to_have_text("Dear Ritait left today.")
        assert "<b>Rita</b>" in surface(other).inner_html()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.soak
def test_words_typed_just_before_leaving_are_kept(open_as: OpenAs, number: int) -> None:
    page, other = open_as(BELA), open_as(BELA)
    open_ticket(page, number).click()

    page.keyboard.type("Unfinished")
    page.goto("/acme/tickets/")

    eventually(lambda: open_ticket(other, number).inner_text().strip() == "Unfinished")


@pytest.mark.soak
def test_a_refresh_does_not_touch_what_is_typed(stack: Stack, open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    open_ticket(page, number).click()
    page.wait_for_timeout(800)

    page.keyboard.type("One moment")
    raw = raw_mail("More", subject="Re: x", mail_id=f"<{uuid4()}@more.example>", sender="Rita <rita@writer.example>")
    stack.manage("receive_email", "--inbox", "support@acme.example", stdin=raw)
    page.evaluate("document.querySelector('.composer').dispatchEvent(new CustomEvent('live'))")
    page.wait_for_timeout(800)
    page.keyboard.type(", please")

    expect(surface(page)).to_have_text("One moment, please")


def test_hostile_paste_leaves_only_formats_and_links(open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    editor = open_ticket(page, number)
    editor.click()

    paste(page, "text/html", HOSTILE)
    expect(editor).to_contain_text("Second")

    html = editor.inner_html()
    tags = set(re.findall(r"<([a-z0-9]+)", html))
    attributes = set(re.findall(r'\s([\w-]+)="', html))
    assert tags <= {"div", "b", "a", "ul", "li", "br"}, html
    assert attributes == {"href"}, html
    assert "javascript" not in html
    assert "<li><div>First</div></li>" in html or "<li>First</li>" in html, html
    assert page.evaluate("window.struck") is None


@pytest.mark.soak
def test_plain_paste_keeps_lines_and_undo_takes_it_back(open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    editor = open_ticket(page, number)
    editor.click()

    paste(page, "text/plain", "first\nsecond\n\n<b>fourth</b>")
    expect(editor).to_contain_text("fourth")

    assert (
        editor.inner_text().split("\n") == ["first", "second", "", "<b>fourth</b>"] or "<b>" not in editor.inner_html()
    )
    page.keyboard.press("Control+z")
    expect(editor).to_have_text("")
    page.keyboard.press("Control+y")
    expect(editor).to_contain_text("second")


@pytest.mark.soak
def test_a_dropped_file_goes_along(stack: Stack, open_as: OpenAs, number: int, request: Any) -> None:
    page = open_as(BELA)
    editor = open_ticket(page, number)

    page.evaluate(DROP, ["invoice.pdf", "application/pdf", [37, 80, 68, 70]])
    page.evaluate(DROP, ["empty.txt", "text/plain", []])
    expect(page.locator(".files--draft")).to_contain_text("invoice.pdf")
    expect(page.locator(".upload--wrong")).to_contain_text("The file is empty.")
    page.reload()
    expect(page.locator(".files--draft")).to_contain_text("invoice.pdf")
    editor.click()
    page.keyboard.type("Here it is.")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".message--out .files")).to_contain_text("invoice.pdf")
    expect(surface(page)).to_have_text("")
    expect(page.locator(".files--draft")).to_have_count(0)
    page.reload()
    expect(surface(page)).to_have_text("")


@pytest.mark.soak
def test_a_canned_reply_by_keyboard(open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    title = f"Thanks {number}"
    page.goto("/acme/settings/replies/new/")
    page.fill("[name=title]", title)
    page.locator(".editor__surface").click()
    page.keyboard.type("Thank you, {{customer.first_name|there}}. {{nobody.knows}}")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Nobody knows {{nobody.knows}}")

    editor = open_ticket(page, number)
    editor.click()
    page.keyboard.type(f"Hi. /thanks {number}"[:-1])
    expect(page.get_by_role("option", name=title)).to_be_visible()
    page.keyboard.press("Enter")

    expect(editor).to_have_text("Hi. Thank you, Rita. {{nobody.knows}}")
    page.get_by_role("button", name="Canned replies").click()
    page.keyboard.type(title)
    expect(page.get_by_role("option")).to_have_count(1)
    expect(page.locator(".composer__form--reply .suggest__preview")).to_contain_text("Thank you, Rita.")
    page.keyboard.press("Escape")
    expect(editor).to_be_focused()


@pytest.mark.soak
def test_a_colleague_is_mentioned_in_a_note(open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    open_ticket(page, number)

    page.keyboard.press("i")
    expect(surface(page, "i")).to_be_focused()
    page.keyboard.type("Look, @ad")
    expect(page.get_by_role("option")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("please")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".message--note")).to_contain_text(re.compile(r"Look, @Ada\W+please"))


def test_two_windows_tell_each_other(open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    other = page.context.new_page()
    open_ticket(page, number)
    open_ticket(other, number)

    surface(page).click()
    page.keyboard.type("From the first")
    saved(page)
    surface(other).click()
    other.keyboard.type("From the second")
    notice = other.locator(".composer__form--reply [data-editor-notice]")
    expect(notice).to_contain_text("Changed in another window.")
    expect(open_ticket(page, number)).to_have_text("From the first")
    notice.get_by_role("button", name="Take that one").click()

    expect(surface(other)).to_have_text("From the first")
    expect(notice).to_be_hidden()


@pytest.mark.soak
def test_discarding_can_be_undone(open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    open_ticket(page, number).click()
    page.keyboard.type("Not like this")
    saved(page)

    page.get_by_role("button", name="Discard draft").first.click()
    expect(surface(page)).to_have_text("")
    page.locator(".composer__form--reply [data-editor-undo]").click()

    expect(surface(page)).to_have_text("Not like this")
    page.reload()
    expect(surface(page)).to_have_text("Not like this")


@pytest.mark.soak
def test_wrong_addresses_are_told_and_copies_are_sent(stack: Stack, open_as: OpenAs, number: int) -> None:
    page = open_as(BELA)
    open_ticket(page, number)

    page.get_by_text("Cc Bcc").click()
    page.locator("[id$=reply-cc]").fill("boss@writer.example, nobody")
    page.keyboard.press("Enter")
    expect(page.locator("[data-tokens-error]:visible")).to_contain_text("“nobody”: not an e-mail address")
    surface(page).click()
    page.keyboard.type("With a copy")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".message--out")).to_have_count(0)
    page.get_by_role("button", name="Remove nobody").click()
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.locator(".message--out")).to_contain_text("With a copy")
