"""An agent and a customer: card, side panel, note and its versions, page and list."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories.channels import raw_mail
from tests.journeys.test_main_job import write_note
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]
BELA = "bela@acme.example"
# What the server adds to a page that is open, as htmx does it.
ADD_TOAST = """([level, words]) => htmx.swap("#announcer",
  `<div id="toasts" hx-swap-oob="beforeend"><div class="toast toast--${level}" data-toast>${words}</div></div>`,
  {swapStyle: "none"}, {contextElement: document.body})"""


def receive(stack: Stack, *, name: str, address: str, subject: str) -> int:
    raw = raw_mail("Hello", sender=f"{name} <{address}>", subject=subject, mail_id=f"<{subject.replace(' ', '-')}>")
    received = json.loads(stack.manage("receive_email", "--inbox", "support@acme.example", stdin=raw))
    return int(received["ticket"])


def hears_live(page: Any) -> None:
    """Wait until the page follows what others change."""
    eventually(lambda: page.evaluate("navigator.locks.query().then(({held}) => held.length > 0)"))


def test_side_panel_finds_by_keyboard_and_keeps_more_info_open(open_as: OpenAs) -> None:
    page = open_as(BELA)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/acme/sidebar/")

    page.locator("#sidebar-query").press_sequentially("lopes")
    expect(page.get_by_role("option", name="Ana Lopes")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/sidebar/customers/\d+/"))
    expect(page.locator(".card__name")).to_contain_text("Ana Lopes")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (
        page.evaluate("document.querySelector('.card__name a').target || document.querySelector('base').target")
        == "_blank"
    )

    with page.expect_response(re.compile("/customers/card/more/")):
        page.get_by_text("More info", exact=True).click()
    page.reload()
    expect(page.get_by_text("Less info", exact=True)).to_be_visible()
    page.get_by_label("Back to the search").click()
    expect(page.locator(".beside__list")).to_contain_text("Ana Lopes")


def test_words_at_the_foot_leave_each_in_their_own_time(open_as: OpenAs) -> None:
    page = open_as(BELA)
    page.clock.install()
    page.goto("/acme/customers/")
    toasts = page.locator("#toasts .toast")

    page.evaluate(ADD_TOAST, ["success", "first"])
    page.evaluate(ADD_TOAST, ["error", "wrong"])
    expect(toasts).to_have_text(["first", "wrong"])
    page.clock.run_for(4_000)
    page.evaluate(ADD_TOAST, ["success", "second"])
    expect(toasts).to_have_text(["first", "wrong", "second"])
    page.clock.run_for(1_500)
    expect(toasts).to_have_text(["wrong", "second"])
    page.clock.run_for(4_000)

    expect(toasts).to_have_text(["wrong"])


@pytest.mark.soak
def test_customers_clock_goes_on_over_a_change_of_summer_time(open_as: OpenAs) -> None:
    page = open_as(BELA)
    page.goto("/acme/customers/?q=ana.lopes@shopper.example")
    page.get_by_role("link", name="Ana Lopes").click()
    clock = page.locator("time[data-clock]")
    expect(clock).to_have_attribute("data-clock", "Europe/Lisbon")
    page.clock.install(time="2026-10-25T00:40:00Z")
    # A refresh would tell the server's time.
    page.route("**/*", lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_())
    page.reload()
    page.clock.pause_at("2026-10-25T00:58:30Z")

    shown = []
    for zone in ("Europe/Lisbon", "Asia/Kathmandu", "America/St_Johns"):
        clock.evaluate("(time, zone) => (time.dataset.clock = zone)", zone)
        page.clock.run_for(20_000)
        shown.append(clock.inner_text())
    assert shown == ["Sun 01:58 UTC+1", "Sun 06:44 UTC+5:45", "Sat 22:29 UTC−2:30"]
    clock.evaluate("time => (time.dataset.clock = 'Europe/Lisbon')")
    page.clock.run_for(60_000)

    expect(clock).to_have_text("Sun 01:00 UTC+0")


@pytest.mark.soak
def test_two_write_one_note_and_neither_text_is_lost(stack: Stack, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as(BELA)
    ticket = receive(stack, name="Rita Alves", address="rita@person.example", subject="Two at once")
    ada.goto(f"/acme/tickets/{ticket}/")
    bela.goto("/acme/sidebar/?q=rita@person.example")
    bela.wait_for_url(re.compile(r"/sidebar/customers/\d+/"))
    hears_live(ada)
    hears_live(bela)
    writing = ada.get_by_text("Bela is editing this note")

    bela.locator(".note__text").click()
    expect(writing).to_be_visible()
    bela.locator(".card__head").click(position={"x": 3, "y": 3})
    expect(writing).to_have_count(0)
    ada.locator(".note__text").click()
    ada.keyboard.type("From Ada")
    bela.locator(".note__text").fill("From Bela")
    bela.locator(".card__head").click(position={"x": 3, "y": 3})
    expect(ada.locator("[data-note-changed]")).to_have_text(
        "Changed by Bela while you write. Your text is kept beside theirs."
    )
    expect(ada.locator(".note__text")).to_have_value("From Ada")
    ada.locator(".card__head").click(position={"x": 3, "y": 3})

    for page in (ada, bela):
        expect(page.locator(".note__text")).to_have_value("From Bela")
        expect(page.locator(".draft")).to_contain_text("From Ada")
    bela.get_by_role("button", name="Join both").click()
    for page in (ada, bela):
        expect(page.locator(".note__text")).to_have_value("From Bela\n\nFrom Ada")
        expect(page.locator(".draft")).to_have_count(0)


@pytest.mark.soak
def test_note_comes_back_to_an_earlier_version_beside_the_ticket(stack: Stack, open_as: OpenAs) -> None:
    page = open_as(BELA)
    page.goto(f"/acme/tickets/{receive(stack, name='Nora Lind', address='nora@person.example', subject='Versions')}/")
    for text in ("Calls after six 🌙", "Hates calls"):
        write_note(page, text)
        expect(page.locator(".note__state")).to_have_text("Saved")
        expect(page.locator(".note__form")).to_have_attribute("data-version", str(1 if "six" in text else 2))

    page.get_by_role("link", name="earlier versions").click()
    popup = page.get_by_role("dialog", name="Versions of the note")
    expect(popup.locator(".version")).to_have_count(2)
    popup.get_by_role("button", name="Restore version 1").click()

    expect(popup.locator(".version")).to_have_count(3)
    expect(popup.locator(".version").first).to_contain_text("Current")
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    expect(page.locator(".note__text")).to_have_value("Calls after six 🌙")


@pytest.mark.soak
def test_note_too_long_for_the_store_says_so_before_it_is_saved(open_as: OpenAs) -> None:
    """5,000 characters are taken, 5,001 are not; an emoji beyond the basic plane is one, as for the store."""
    page = open_as(BELA)
    page.goto("/acme/customers/?q=ana.lopes@shopper.example")
    page.get_by_role("link", name="Ana Lopes").click()
    note, warning = page.locator(".note__text"), page.locator("[data-note-limit]")
    expect(page.locator("form[data-limit='5000']")).to_be_visible()
    before = note.input_value()

    note.fill("🪴" * 5000 + "\n")
    expect(warning).to_be_hidden()
    note.fill("🪴" * 5001)
    expect(warning).to_contain_text("5,001 of 5,000 characters")

    note.fill(before)
    expect(warning).to_be_hidden()


@pytest.mark.soak
def test_hour_of_an_agent_with_a_customer(stack: Stack, open_as: OpenAs) -> None:
    page = open_as(BELA)
    ticket = receive(stack, name="Ottilie Brandt", address="ottilie@person.example", subject="An hour with Ottilie")
    page.goto(f"/acme/tickets/{ticket}/")
    write_note(page, "Friend of the owner")
    expect(page.locator(".note__state")).to_have_text("Saved")

    page.locator(".card__name a").click()
    page.wait_for_url(re.compile(r"/customers/\d+/$"))
    url = page.url
    expect(page.locator(".note__text")).to_have_value("Friend of the owner")
    expect(page.locator(".block", has_text="In work")).to_contain_text("An hour with Ottilie")

    page.locator(".profile__edit").click()
    form = page.locator("form.editing")
    form.locator("#id_location").fill("Graz, Austria")
    form.locator("#contacts-phone .reach__value input").first.fill("+43 316 872 0")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form).to_have_count(0)
    main = page.locator(".profile__main")
    expect(main).to_contain_text("Graz, Austria")
    expect(main).to_contain_text("+43 316 8720")
    # By the phone or the place: nobody said the time zone.
    expect(page.locator(".profile__facts")).to_contain_text("UTC+")

    page.get_by_role("link", name="History", exact=True).first.click()
    history = page.get_by_role("dialog", name=re.compile("^History of"))
    expect(history.locator(".change", has_text="Graz, Austria")).to_be_visible()
    expect(history.locator(".change", has_text="Phone")).to_be_visible()
    page.keyboard.press("Escape")

    page.goto("/acme/customers/?q=brandt")
    expect(page.locator("#main")).to_contain_text("Ottilie Brandt")
    page.get_by_role("link", name="Ottilie Brandt").first.click()
    expect(page).to_have_url(url)


@pytest.mark.soak
def test_panel_follows_what_a_colleague_changes(stack: Stack, open_as: OpenAs) -> None:
    ada, bela = open_as("ada@acme.example"), open_as(BELA)
    ticket = receive(stack, name="Petra Novak", address="petra@person.example", subject="Live panel")
    ada.goto("/acme/sidebar/?q=petra@person.example")
    ada.wait_for_url(re.compile(r"/sidebar/customers/\d+/"))
    expect(ada.locator(".beside__tickets")).to_contain_text("Live panel")
    bela.goto(f"/acme/tickets/{ticket}/")
    hears_live(ada)

    write_note(bela, "Seen in the panel")
    bela.get_by_role("button", name="Close", exact=True).click()

    expect(ada.locator(".note__text")).to_have_value("Seen in the panel")
    expect(ada.locator(".beside__tickets")).to_have_count(0)
