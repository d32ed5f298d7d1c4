"""What people meet on the pages: no obstacle, nothing off the edge, no scripts needed, nobody's words lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.conftest import PASSWORD
from tests.journeys.test_main_job import write_note
from tests.stack import Stack

Visit = Callable[..., Any]
ADA, BELA = "ada@acme.example", "bela@acme.example"
# Ugly on purpose: no blank to break at, right to left, beyond the basic plane.
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente" * 3
MAIN = "tickets/ tickets/{ugly}/ customers/ customers/1/ customers/1/edit/ stores/1/ settings/ notices/".split()
OTHERS = "tickets/?q=nothing customers/new/ customers/1/note/versions/ stores/ profile/ quarantine/".split()
SETTINGS = """
profile/ settings/replies/ settings/replies/new/ tickets/views/ settings/members/ settings/teams/
settings/inboxes/ settings/inboxes/new/ settings/inboxes/1/ settings/inboxes/1/mailbox/
settings/inboxes/access/ tags/ settings/fields/ settings/fields/new/ blocked/ stores/ quarantine/ reports/
tickets/new/ tickets/filter/
""".split()
OVERFLOW = """() => {
  const root = document.documentElement;
  const boxes = document.querySelectorAll(".shell__main, .columns > *, .scroll, .list__scroll, .panel, .table-box");
  const wide = [...boxes].filter((box) => box.clientWidth && box.scrollWidth > box.clientWidth + 1);
  return {
    window: [root.scrollWidth > innerWidth && "wide", root.scrollHeight > innerHeight && "high"].filter(Boolean),
    boxes: wide.map((box) => box.className),
  };
}"""
# Colors on their way from day to night are not to be judged.
SETTLED = """() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(
  () => resolve(Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => null)))))"""


@pytest.fixture(scope="module")
def tickets(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Numbers of two tickets: one hard to lay out, one without a sender."""
    ugly = raw_mail(
        f"مرحبا، أين طلبي؟\n\n{LONG}",
        sender=f"ليلى {LONG[:40]} <layla@{'long-' * 8}domain.example>",
        subject=f"{LONG} 🪴",
        mail_id="<ugly@looks.example>",
    )
    nobodys = raw_mail("Nobody wrote this", sender=None, subject="No sender", mail_id="<nobody@looks.example>")
    folder = tmp_path_factory.mktemp("mails")
    files = []
    for name, raw in {"ugly": ugly, "nobodys": nobodys}.items():
        (folder / name).write_bytes(raw)
        files.append(str(folder / name))
    lines = stack.manage("receive_email", "--inbox", "support@acme.example", *files).splitlines()
    return dict(zip(("ugly", "nobodys"), (json.loads(line)["ticket"] for line in lines), strict=True))


@pytest.fixture(scope="module")
def sessions(stack: Stack, chromium: Any) -> dict[str, Any]:
    """Cookies of those who signed in, without scripts."""
    found = {}
    for email in (ADA, BELA):
        context = chromium.new_context(base_url=stack.url, java_script_enabled=False)
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(re.compile("/acme/"))
        found[email] = context.storage_state()
        context.close()
    return found


@pytest.fixture
def visit(stack: Stack, chromium: Any, sessions: dict[str, Any]) -> Iterator[Visit]:
    """Opens an address of acme in a browser profile of its own."""
    contexts = []

    def make(email: str, path: str, *, width: int = 1440, scripts: bool = True) -> Any:
        context = chromium.new_context(
            base_url=f"{stack.url}/acme/",
            viewport={"width": width, "height": 800},
            storage_state=sessions[email],
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield make
    for context in contexts:
        context.close()


@contextmanager
def silent_console(page: Any) -> Iterator[None]:
    """Fails when the browser complains: of the policy, of a script, of something missing."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield
    assert said == []


def test_pages_have_no_obstacles(visit: Visit, tickets: dict[str, int]) -> None:
    """By day every rule of axe, by night those of color; and the browser complains of nothing."""
    assert faults(visit(ADA, "tickets/"), [name.format_map(tickets) for name in MAIN]) == []


@pytest.mark.soak
def test_settings_have_no_obstacles(visit: Visit) -> None:
    assert faults(visit(ADA, "tickets/"), SETTINGS) == []


def faults(page: Any, paths: Sequence[str]) -> list[str]:
    found = []
    for path in paths:
        page.emulate_media(color_scheme="light")
        with silent_console(page):
            page.goto(path)
        found += [f"{path}: {fault}" for fault in obstacles(page)]
        page.emulate_media(color_scheme="dark")
        page.evaluate(SETTLED)
        found += [f"{path} by night: {fault}" for fault in obstacles(page, runOnly=["color-contrast"])]
    return found


def obstacles(page: Any, **options: Any) -> list[str]:
    # Without `preload`, which fetches stylesheets by relative addresses and is refused by our policy.
    answer = Axe().run(page, options={"preload": False, "resultTypes": ["violations"], **options}).response
    return [f"{one['id']} {one['nodes'][0]['target']}" for one in answer["violations"]]


def test_nothing_is_wider_than_a_phone(visit: Visit, tickets: dict[str, int]) -> None:
    page = visit(ADA, "tickets/", width=390)
    found = {}
    for path in (name.format_map(tickets) for name in (*MAIN, *OTHERS)):
        page.goto(path, wait_until="domcontentloaded")
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 700})
            found[path, width] = page.evaluate(OVERFLOW)

    assert {where: seen for where, seen in found.items() if seen["window"] or seen["boxes"]} == {}


def test_core_acts_need_no_scripts(visit: Visit, tickets: dict[str, int]) -> None:
    page = visit(BELA, f"tickets/{tickets['ugly']}/", scripts=False)

    page.fill("textarea[data-key=r]", "Answered without scripts")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".timeline")).to_contain_text("Answered without scripts")
    page.get_by_title("Assign (a)").click()
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_title("Assign (a)")).to_contain_text("Bela")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".header .badge")).to_have_text("Closed")
    page.get_by_role("button", name="Reopen").click()
    expect(page.locator(".header .badge")).to_have_text("Open")


@pytest.mark.soak
def test_note_without_scripts_loses_nothing(visit: Visit, tickets: dict[str, int]) -> None:
    first, second = (visit(BELA, f"tickets/{tickets['ugly']}/", scripts=False) for _ in range(2))

    first.fill(".note__text", "Noted without scripts")
    first.get_by_role("button", name="Save note").click()
    expect(first.locator(".note__text")).to_have_value("Noted without scripts")
    second.fill(".note__text", "Written meanwhile")
    second.get_by_role("button", name="Save note").click()
    expect(second.locator(".draft__text")).to_have_text("Written meanwhile")
    second.get_by_role("button", name="Join both").click()

    expect(second.locator(".note__text")).to_have_value("Noted without scripts\n\nWritten meanwhile")


@pytest.mark.soak
def test_refused_reply_without_scripts_keeps_the_words(visit: Visit, tickets: dict[str, int]) -> None:
    page = visit(ADA, f"tickets/{tickets['nobodys']}/", scripts=False)

    page.fill("textarea[data-key=r]", "Who are you?")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.locator("textarea[data-key=r]")).to_have_value("Who are you?")
    expect(page.get_by_role("alert")).to_be_visible()


def test_two_agents_save_over_each_other_and_settle(visit: Visit, tickets: dict[str, int]) -> None:
    """D2: the first holds, the second stands beside it for both, and each of the three ways out works."""
    ada, bela = (visit(member, f"tickets/{tickets['ugly']}/") for member in (ADA, BELA))
    ada.wait_for_timeout(500)
    outcomes = {
        (bela, "Keep theirs"): "Ada 0",
        (ada, "Use this"): "Bela 1",
        (bela, "Join both"): "Ada 2\n\nBela 2",
    }
    for turn, ((chooser, choice), outcome) in enumerate(outcomes.items()):
        bela.locator(".note__text").fill(f"Bela {turn}")
        write_note(ada, f"Ada {turn}")
        expect(bela.locator("[data-note-changed]")).to_contain_text("Changed by Ada")
        bela.locator("h1").click()
        for page in (ada, bela):
            expect(page.locator(".note__text")).to_have_value(f"Ada {turn}")
            expect(page.locator(".draft__text")).to_have_text(f"Bela {turn}")

        chooser.get_by_role("button", name=choice).click()

        for page in (ada, bela):
            expect(page.locator(".note__text")).to_have_value(outcome)
            expect(page.locator(".draft")).to_have_count(0)


@pytest.mark.soak
def test_row_under_the_focus_still_changes(visit: Visit, tickets: dict[str, int]) -> None:
    """Only fields somebody writes in are left alone by a refresh, not whatever was pressed last."""
    ada, bela = visit(ADA, "tickets/"), visit(BELA, f"tickets/{tickets['ugly']}/")
    ada.wait_for_timeout(500)
    row = ada.locator(f"#ticket-{tickets['ugly']}-row a")
    row.focus()

    bela.fill("[data-key=r][contenteditable]", "Seen in the list")
    bela.keyboard.press("Control+Enter")

    expect(row).to_contain_text("Seen in the list")
    expect(row).to_be_focused()


@pytest.mark.soak
def test_keys_walk_the_list_and_reach_every_part(visit: Visit) -> None:
    page = visit(BELA, "tickets/?q=watering")
    for key, row in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(page.locator(".row__link").nth(row)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tickets/\d+/"))

    parts = {
        "r": "[data-key=r][contenteditable]",
        "n": ".note__text",
        "a": "[data-chooser-filter]",
        "/": "#inbox-query",
    }
    for key, part in parts.items():
        page.keyboard.press(key)
        expect(page.locator(part)).to_be_focused()
        page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    for state in ("Closed", "Open"):
        page.keyboard.press("e")
        expect(page.locator(".header .badge")).to_have_text(state)


@pytest.mark.soak
def test_escape_closes_what_lies_on_top_of_the_sheet(visit: Visit) -> None:
    page = visit(BELA, "tickets/1/", width=1024)
    page.locator(".header__customer").click()
    page.locator(".linked").click()
    sources = page.get_by_text("Linked to", exact=True)
    expect(sources).to_be_visible()

    page.keyboard.press("Escape")
    expect(sources).to_be_hidden()
    expect(page.locator(".note__text")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".note__text")).to_be_hidden()
    expect(page.locator(".header__customer")).to_be_focused()


@pytest.mark.soak
def test_customers_stand_in_the_chosen_order(visit: Visit) -> None:
    page = visit(BELA, "customers/")

    page.get_by_role("link", name="By name").click()

    expect(page.get_by_role("link", name="By name")).to_have_attribute("aria-current", "true")
    expect(page.locator(".table a").first).to_have_text("Ana Lopes")
