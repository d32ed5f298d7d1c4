"""The customer's clock: right on both sides of every change, and silent where it would have to guess."""

import zoneinfo
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.templatetags.clock import offset
from customers import clocks
from customers.clocks import read_clock


@pytest.mark.parametrize(
    ("zone", "before", "then", "after", "later"),
    [
        ("Europe/Lisbon", "2026-03-29 00:59", "00:59 UTC+0", "2026-03-29 01:00", "02:00 UTC+1"),
        ("Europe/Lisbon", "2026-10-25 00:59", "01:59 UTC+1", "2026-10-25 01:00", "01:00 UTC+0"),
        ("America/New_York", "2026-11-01 05:30", "01:30 UTC−4", "2026-11-01 06:30", "01:30 UTC−5"),
        ("Australia/Sydney", "2026-04-04 15:59", "02:59 UTC+11", "2026-04-04 16:00", "02:00 UTC+10"),
        ("Australia/Sydney", "2026-10-03 15:59", "01:59 UTC+10", "2026-10-03 16:00", "03:00 UTC+11"),
        # Half an hour is put forward there, not a whole one.
        ("Australia/Lord_Howe", "2026-04-04 14:59", "01:59 UTC+11", "2026-04-04 15:00", "01:30 UTC+10:30"),
        # No change ever, and a quarter of an hour apart from everybody else.
        ("Asia/Kathmandu", "2026-03-29 00:59", "06:44 UTC+5:45", "2026-10-25 01:00", "06:45 UTC+5:45"),
    ],
)
def test_clock_is_right_on_both_sides_of_a_change(zone: str, before: str, then: str, after: str, later: str) -> None:
    shown = []
    for moment in (before, after):
        clock = read_clock(time_zone=zone, phones=(), place="", at=datetime.fromisoformat(f"{moment}+00:00"))
        assert clock is not None
        shown.append(f"{clock:%H:%M} {offset(clock)}")

    assert shown == [then, later]


JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "phones", "place", "clock"),
    [
        ("", ("+351912345678",), "", "13:00"),
        ("", ("72345", "+351912345678"), "", "13:00"),
        ("", ("+79161234567",), "Lisbon, Portugal", "13:00"),  # a number of all Russia says nothing, the place does
        ("Asia/Tokyo", ("+351912345678",), "Lisbon, Portugal", "21:00"),  # what was given comes first
        ("US/Pacific-New", ("+351912345678",), "", "13:00"),  # taken out of the data in 2020
        ("America", (), "Portugal", "13:00"),  # a folder
        ("../etc/passwd", (), "", None),
        ("\0", (), "", None),
        ("", (), "Chicago IL, United States", "07:00"),
        ("", (), "Austin TX, United States", None),
        ("", (), "Perth, Australia", "20:00"),
        ("", (), "Leeds, United Kingdom", "13:00"),
        ("", (), "Paris, FR", "14:00"),
        ("", (), "me", None),  # a code of a country, and a word
        ("", (), "near the river", None),
        ("", (), " , ", None),
    ],
)
def test_clock_goes_by_zone_then_phones_then_place(
    zone: str, phones: tuple[str, ...], place: str, clock: str | None
) -> None:
    found = read_clock(time_zone=zone, phones=phones, place=place, at=JULY)

    assert (f"{found:%H:%M}" if found else None) == clock


def test_place_says_nothing_where_the_machine_has_no_list_of_countries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path),))
    for table in (clocks._codes_by_name, clocks._zones_by_country):
        table.cache_clear()

    found = read_clock(time_zone="", phones=(), place="Lisbon, Portugal", at=JULY)

    for table in (clocks._codes_by_name, clocks._zones_by_country):
        table.cache_clear()
    assert found is None
