"""An admin imports a table: columns, trial, the work, what was refused, and all of it taken back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

OpenAs = Callable[[str], Any]
TABLE = "Kundennummer;Vorname;Mail;Ort\nJ-1;Annika;annika@journey.example;Kiel\nJ-2;Björn;björn at;Lübeck\n"


@pytest.mark.soak
def test_table_is_tried_imported_and_taken_back(open_as: OpenAs, tmp_path: Path) -> None:
    path = tmp_path / "Kunden.csv"
    path.write_text(TABLE, encoding="cp1252")
    page = open_as("ada@acme.example")
    page.goto("/acme/customers/")
    page.get_by_role("link", name="Import", exact=True).click()

    page.get_by_label("CSV file").set_input_files(path)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Kunden.csv")).to_be_visible()
    expect(page.get_by_label("Vorname")).to_have_value("first_name")
    expect(page.locator(".import__columns")).to_contain_text("Björn")
    page.get_by_label("Kundennummer").select_option("reference")

    page.get_by_role("button", name="Try it").click()
    outcome = page.get_by_label("Outcome")
    expect(outcome).to_contain_text("This would happen")
    expect(outcome.locator(".counts__one--created dd")).to_have_text("1")
    expect(page.get_by_label("Refused rows")).to_contain_text("“björn at” is no e-mail address.")

    page.get_by_role("button", name="Import", exact=True).click()
    expect(outcome).to_contain_text("Done")
    with page.expect_download() as download:
        page.get_by_role("link", name="All as CSV").click()
    assert '"J-2","Björn","björn at","Lübeck"' in Path(download.value.path()).read_text(encoding="utf-8-sig")
    page.goto("/acme/customers/?q=annika@journey.example")
    expect(page.locator("[data-row]")).to_have_count(1)

    page.go_back()
    page.get_by_text("Undo the import").click()
    page.get_by_role("button", name="Yes, take all of it back").click()
    expect(page.get_by_label("Outcome")).to_contain_text("1 row undone")
    page.goto("/acme/customers/?q=annika@journey.example")
    expect(page.get_by_role("link", name=re.compile("Annika"))).to_have_count(0)
