"""Edit mode in a browser: in place, by keyboard, two people at once, and nothing lost by leaving (F7)."""

import random
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.core.test_pictures import png
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]


@pytest.fixture
def customer(stack: Stack, open_as: OpenAs) -> tuple[Any, str]:
    """Ada on the page of somebody new, and its address."""
    ada = open_as("ada@acme.example")
    ada.goto("/acme/customers/new/")
    ada.fill("input[name=first_name]", "Edith")
    ada.locator("form:has(input[name=first_name]) button.button--primary").click()
    ada.wait_for_url(re.compile(r"/customers/\d+/$"))
    return ada, ada.url


def edit(page: Any) -> Any:
    """Opens edit mode by its key; returns the form."""
    expect(page.locator(".profile__edit")).to_be_visible()
    page.keyboard.press("e")
    form = page.locator("form.editing")
    expect(form).to_be_visible()
    return form


def save(page: Any) -> None:
    page.locator(".editing__foot button").first.click()


def test_two_people_edit_one_customer_at_once(customer: tuple[Any, str], open_as: OpenAs) -> None:
    ada, url = customer
    bela = open_as("bela@acme.example")
    bela.goto(url)
    edit(ada)
    edit(bela)
    expect(ada).to_have_url(re.compile("/edit/$"))

    ada.fill("#id_location", "Porto")
    ada.fill("#id_tags", "likes tea,")
    save(ada)
    expect(ada.locator("form.editing")).to_have_count(0)
    expect(ada).to_have_url(url)
    expect(ada.locator(".profile__edit")).to_be_focused()

    expect(bela.locator(".editing__meanwhile")).to_contain_text("Ada changed this profile meanwhile")
    bela.fill("#id_location", "Lisbon")
    bela.fill("#id_tags", "wholesale,")
    bela.set_input_files("#id_photo", {"name": "e.png", "mimeType": "image/png", "buffer": png(4, 3)})
    save(bela)
    expect(bela.locator(".field--wrong")).to_contain_text("Ada wrote “Porto” here meanwhile")
    expect(bela.locator("#id_location")).to_be_focused()
    expect(bela.locator("#id_location")).to_have_value("Lisbon")
    bela.get_by_role("button", name="Take theirs").click()
    expect(bela.locator("#id_location")).to_have_value("Porto")
    expect(bela.locator(".field--wrong")).to_have_count(0)
    bela.fill("#id_location", "Lisbon")
    assert bela.evaluate("document.querySelector('#id_photo').files.length") == 1

    save(bela)
    expect(bela.locator("form.editing")).to_have_count(0)
    main = ada.locator(".profile__main")
    expect(main).to_contain_text("Lisbon")
    expect(main).to_contain_text("likes tea")
    expect(main).to_contain_text("wholesale")
    expect(ada.locator(".profile__head .avatar__photo")).to_be_visible()


@pytest.mark.soak
def test_leaving_asks_only_when_something_was_changed(customer: tuple[Any, str]) -> None:
    ada, url = customer
    asked: list[str] = []
    answers = {"stay": True}

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        if answers["stay"]:
            dialog.dismiss()
        else:
            dialog.accept()

    ada.on("dialog", answer)

    edit(ada)
    ada.go_back()
    expect(ada.locator("form.editing")).to_have_count(0)
    assert asked == []

    form = edit(ada)
    ada.fill("#id_location", "Porto")
    expect(form.locator("[data-leaving-changed]")).to_be_visible()
    with ada.expect_event("dialog"):
        ada.get_by_role("link", name="Cancel").click()
    expect(form).to_be_visible()
    assert asked == ["beforeunload"]
    with ada.expect_event("dialog"):
        ada.evaluate("history.back()")
    expect(ada).to_have_url(re.compile("/edit/$"))
    expect(ada.locator("#id_location")).to_have_value("Porto")
    assert asked == ["beforeunload", "confirm"]

    ada.fill("#id_location", "")
    expect(form.locator("[data-leaving-changed]")).to_be_hidden()
    ada.fill("#id_location", "Porto")
    answers["stay"] = False
    ada.get_by_role("link", name="Cancel").click()
    ada.wait_for_url(url)
    expect(ada.locator(".profile__main")).not_to_contain_text("Porto")


@pytest.mark.soak
def test_large_photo_is_made_small_before_it_is_sent(customer: tuple[Any, str]) -> None:
    ada, _ = customer
    edit(ada)

    ada.set_input_files("#id_photo", {"name": "e.png", "mimeType": "image/png", "buffer": noise(1200, 900)})
    expect(ada.locator("[data-photo-chosen]")).to_be_visible()
    eventually(lambda: ada.evaluate("document.querySelector('#id_photo').files[0].size") < 2_000_000, within=15)
    save(ada)

    image = ada.locator(".profile__head .avatar__photo")
    expect(image).to_be_visible()
    assert image.evaluate("(one) => one.decode().then(() => [one.naturalWidth, one.naturalHeight])") == [512, 384]


def noise(width: int, height: int) -> bytes:
    """A picture that does not compress."""
    lines = b"".join(b"\0" + random.randbytes(3 * width) for _ in range(height))
    body = zlib.compress(lines, 1)
    data = struct.pack(">I", len(body)) + b"IDAT" + body + struct.pack(">I", zlib.crc32(b"IDAT" + body))
    return png(width, height) + data + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))


@pytest.mark.soak
def test_setting_one_mark_offers_to_clear_the_other(customer: tuple[Any, str]) -> None:
    ada, _ = customer
    edit(ada)
    offer = ada.locator("[data-marks-offer]:visible")

    ada.check("#id_is_bad")
    expect(offer).to_have_count(0)
    ada.check("#id_is_vip")
    expect(offer).to_contain_text("Marked BAD too.")
    ada.get_by_role("button", name="Clear BAD").click()
    expect(offer).to_have_count(0)
    save(ada)

    expect(ada.locator(".profile__name")).to_contain_text("VIP")
    expect(ada.locator(".profile__name")).not_to_contain_text("BAD")
