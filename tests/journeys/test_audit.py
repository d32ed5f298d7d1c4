"""An admin reads the audit: who was refused, what was set up, what was done with a customer; and takes it away."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

OpenAs = Callable[[str], Any]


def test_admin_reads_narrows_and_takes_away_the_audit(open_as: OpenAs, chromium: Any, tmp_path: Path) -> None:
    ada = open_as("ada@acme.example")
    stranger = chromium.new_context(base_url=ada.url.partition("/acme")[0]).new_page()
    stranger.goto("/accounts/login/")
    stranger.fill("input[name=login]", "bela@acme.example")
    stranger.fill("input[name=password]", "guessed")
    stranger.press("input[name=password]", "Enter")
    expect(stranger.locator("form")).to_contain_text("password")
    stranger.context.close()

    ada.goto("/acme/settings/teams/")
    ada.locator("input[name=name]").fill("Night shift")
    ada.keyboard.press("Enter")
    expect(ada.get_by_role("heading", name="Night shift")).to_be_visible()

    ada.goto("/acme/settings/audit/")
    lines = ada.locator("tr[id^=audit-]")
    expect(lines.first).to_contain_text("Team Night shift created")
    ada.get_by_label("What", exact=True).select_option(label="Signing in")
    ada.get_by_role("button", name="Show", exact=True).click()
    expect(ada.locator("table")).to_contain_text("Wrong password for Bela, from 127.0.0.1")
    expect(ada.locator("table")).not_to_contain_text("Night shift")

    ada.goto("/acme/customers/1/")
    ada.get_by_role("link", name="Audit of the customer").click()
    expect(ada.get_by_label("Customer's number")).to_have_value("1")
    expect(ada.locator("table")).not_to_contain_text("Wrong password")

    with ada.expect_download() as fetched:
        ada.get_by_role("button", name="All that is chosen as CSV").click()
    fetched.value.save_as(tmp_path / "audit.csv")
    with (tmp_path / "audit.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["Customer"] for row in csv.DictReader(file)} == {"1"}
    ada.goto("/acme/settings/audit/")
    expect(lines.first).to_contain_text("Audit exported: Everything, of customer 1")
