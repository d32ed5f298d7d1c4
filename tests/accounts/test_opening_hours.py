"""The workspace's business hours, as settings."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership
from accounts.options import SETTINGS
from accounts.services.configuring import read_all
from accounts.services.scheduling import read_opening_hours
from accounts.tenancy import tenant_scope

SignIn = Callable[[Membership], Client]


def posted(**changes: str) -> dict[str, Any]:
    """All settings as the page sends them, with changes of the hours."""
    values = {key: "" if value is None else value for key, value in read_all().items()}
    return values | {f"hours.{name}": value for name, value in changes.items()}


def test_hours_are_around_the_clock_at_first(in_acme: object) -> None:
    assert read_opening_hours().is_always_open


def test_admin_sets_the_hours(sign_in: SignIn, ada: Membership) -> None:
    with tenant_scope(ada.tenant):
        data = posted(zone="Europe/Lisbon", monday="9-12, 13-18", sunday="closed", holidays="2026-12-25 Christmas")

    response = sign_in(ada).post("/acme/settings/", data)

    with tenant_scope(ada.tenant):
        hours = read_opening_hours()
    assert response.status_code == 302
    assert hours.zone.key == "Europe/Lisbon"
    assert hours.week[0] == ((540, 720), (780, 1080))
    assert hours.week[6] == ()
    assert hours.holidays == {date(2026, 12, 25)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"monday": "18-9"},
        {"monday": "all day"},
        {"zone": "Mars/Olympus"},
        {"holidays": "Christmas"},
        {"monday": "9-17", "tuesday": "<script>"},
    ],
)
def test_hours_that_make_no_sense_are_refused(sign_in: SignIn, ada: Membership, wrong: dict[str, str]) -> None:
    with tenant_scope(ada.tenant):
        data = posted(**wrong)

    response = sign_in(ada).post("/acme/settings/", data)

    assert response.status_code == 422
    assert b"<script>" not in response.content
    with tenant_scope(ada.tenant):
        assert read_opening_hours().is_always_open


def test_hours_are_for_admins_and_of_one_workspace(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership
) -> None:
    with tenant_scope(ada.tenant):
        data = posted(monday="9-17")

    assert sign_in(bela).post("/acme/settings/", data).status_code == 404
    assert sign_in(cleo).post("/acme/settings/", data).status_code == 404
    sign_in(ada).post("/acme/settings/", data)
    with tenant_scope(cleo.tenant):
        assert read_opening_hours().is_always_open


def test_settings_have_sentences() -> None:
    assert all(setting.label and setting.section == "Business hours" for setting in SETTINGS)
