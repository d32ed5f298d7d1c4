"""Filters that show moments."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from core.templatetags.clock import ago, day, exact, local, moment, until

NOW = datetime(2024, 3, 12, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(minutes=5), "5m"),
        (timedelta(hours=23), "23h"),
        (timedelta(days=2), "Sun"),
        (timedelta(days=30), "Feb 11"),
        (timedelta(days=400), "Feb 6, 2023"),
    ],
)
def test_ago_says_the_age_in_few_letters(age: timedelta, words: str) -> None:
    with time_machine.travel(NOW, tick=False):
        assert f">{words}</time>" in ago(NOW - age)


def test_ago_has_the_exact_time_of_the_readers_zone_on_hover() -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Asia/Tokyo"):
        assert 'title="Tue Mar 12, 2024, 21:00"' in ago(NOW)


def test_ago_of_a_moment_ahead_is_a_date() -> None:
    with time_machine.travel(NOW, tick=False):
        assert ">Mar 14</time>" in ago(NOW + timedelta(days=2))


def test_local_keeps_the_zone_of_the_moment() -> None:
    there = NOW.astimezone(ZoneInfo("America/St_Johns"))

    with timezone.override("Asia/Tokyo"):
        shown = local(there)

    assert 'data-clock="America/St_Johns">Tue 09:30 <span class="soft">UTC\N{MINUS SIGN}2:30</span>' in shown
    assert 'data-clock=""' in local(NOW.astimezone(timezone.get_fixed_timezone(60)))


def test_day_is_the_readers_day() -> None:
    late = datetime(2024, 3, 11, 23, 30, tzinfo=UTC)

    with time_machine.travel(NOW, tick=False):
        assert day(late) == "Yesterday"
        with timezone.override("Europe/Berlin"):
            assert day(late) == "Today"


def test_no_moment_shows_nothing() -> None:
    assert [show(None) for show in (ago, exact, local, day)] == [""] * 4


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(hours=1), ">22:00<"),
        (timedelta(hours=12), ">tomorrow 9:00<"),
        (timedelta(days=3), ">Fri 21:00<"),
        (timedelta(days=10), ">Mar 22, 21:00<"),
        (timedelta(days=-1), ">Mar 11, 21:00<"),
    ],
)
def test_until_names_a_moment_ahead_in_the_readers_zone(ahead: timedelta, words: str) -> None:
    with time_machine.travel(NOW, tick=False), timezone.override("Asia/Tokyo"):
        assert words in str(until(NOW + ahead)), until(NOW + ahead)


def test_moment_reads_what_an_event_keeps() -> None:
    assert moment(NOW.isoformat()) == NOW
    assert [moment(text) for text in ("", "soon", "2026-01-01T00:00:00")] == [None, None, None]
    assert until(None) == ""
