"""Business time: against a slow reference, and on the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.opening_hours import (
    ALL_DAY,
    MINUTES,
    OpeningHours,
    make_hours,
    midnight,
    read_days,
    read_spans,
    write_spans,
)

LISBON, NEW_YORK = ZoneInfo("Europe/Lisbon"), ZoneInfo("America/New_York")
# Half-hour offsets and changes, clocks that change at midnight, a day that never was, none at all.
ZONES = [
    *("Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana"),
    *("Asia/Beirut", "America/Santiago", "Atlantic/Azores", "Pacific/Apia", "UTC"),
]
NINE_TO_FIVE = OpeningHours(LISBON, (((540, 1020),),) * 5 + ((),) * 2)
MINUTE = timedelta(minutes=1)


def slowly(hours: OpeningHours, start: datetime, end: datetime) -> timedelta:
    """Minute by minute: is the clock on the wall within a span?"""
    open_, moment = 0, start.astimezone(UTC)
    while moment < end:
        wall = moment.astimezone(hours.zone)
        minute = wall.hour * 60 + wall.minute
        if wall.date() not in hours.holidays:
            open_ += any(begins <= minute < ends for begins, ends in hours.week[wall.weekday()])
        moment += MINUTE
    return open_ * MINUTE


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    edges = sorted(draw(st.sets(st.integers(0, MINUTES), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> OpeningHours:
    week = tuple(draw(st.one_of(st.just(ALL_DAY), spans())) for _ in range(7))
    days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
    return OpeningHours(ZoneInfo(draw(st.sampled_from(ZONES))), week, frozenset(draw(st.sets(days, max_size=5))))


# Around every change of clocks of 2026 in those zones, and anywhere else.
CHANGES = [date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 9, 6), date(2026, 10, 4)]
CHANGES += [date(2026, 10, 25), date(2026, 11, 1), date(2011, 12, 29)]
DAYS = st.one_of(st.sampled_from(CHANGES), st.dates(date(2026, 1, 1), date(2026, 12, 25)))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(hours=calendars(), day=DAYS, before=st.integers(0, 2000), length=st.integers(-10, 4500))
def test_business_time_is_what_a_walk_by_minutes_finds(
    hours: OpeningHours, day: date, before: int, length: int
) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - before * MINUTE
    end = start + length * MINUTE

    assert hours.between(start, end) == slowly(hours, start, end)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(hours=calendars(), day=DAYS, first=st.integers(0, 5000), second=st.integers(0, 5000))
def test_business_time_adds_up(hours: OpeningHours, day: date, first: int, second: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    middle = start + first * MINUTE
    end = middle + second * MINUTE

    assert hours.between(start, middle) + hours.between(middle, end) == hours.between(start, end)


def test_always_open_is_the_clock() -> None:
    hours = OpeningHours(LISBON)
    start = datetime(2026, 3, 1, tzinfo=UTC)

    assert hours.is_always_open
    assert hours.between(start, start + timedelta(days=60, seconds=7)) == timedelta(days=60, seconds=7)
    assert len(hours.openings(start, start + timedelta(days=60))) == 1


def test_night_and_weekend_do_not_count() -> None:
    friday_evening = datetime(2026, 1, 9, 16, 30, tzinfo=LISBON)
    monday_morning = datetime(2026, 1, 12, 9, 10, 30, tzinfo=LISBON)

    assert NINE_TO_FIVE.between(friday_evening, monday_morning) == timedelta(minutes=40, seconds=30)


def test_holiday_does_not_count() -> None:
    hours = OpeningHours(LISBON, NINE_TO_FIVE.week, frozenset({date(2026, 1, 6)}))
    start = datetime(2026, 1, 5, 12, tzinfo=LISBON)

    assert hours.between(start, start + timedelta(days=2)) == timedelta(hours=8)


def test_time_that_goes_backwards_is_none() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=LISBON)

    assert NINE_TO_FIVE.between(noon, noon - timedelta(hours=3)) == timedelta()
    assert NINE_TO_FIVE.between(noon, noon) == timedelta()


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24)], ids=str
)
def test_whole_day_is_as_long_as_its_clocks_say(day: date, hours: int) -> None:
    week = OpeningHours(NEW_YORK, (ALL_DAY,) * 7, frozenset({date(2020, 1, 1)}))

    start, end = midnight(day, NEW_YORK), midnight(day + timedelta(days=1), NEW_YORK)

    assert end - start == timedelta(hours=hours)
    assert week.between(start, end) == timedelta(hours=hours)


def test_shop_that_opens_in_the_skipped_hour_opens_after_it() -> None:
    hours = OpeningHours(NEW_YORK, (((150, 240),),) * 7)  # 02:30 to 04:00; on March 8 the clocks go from 2 to 3

    assert hours.between(midnight(date(2026, 3, 8), NEW_YORK), midnight(date(2026, 3, 9), NEW_YORK)) == timedelta(
        hours=1
    )


@pytest.mark.parametrize(
    ("text", "spans_"),
    [
        ("09:00-17:30", ((540, 1050),)),
        (" 9-12 , 13:30 – 18:00 ", ((540, 720), (810, 1080))),
        ("00:00-24:00", ALL_DAY),
        ("Closed", ()),
    ],
)
def test_spans_are_read_and_written(text: str, spans_: tuple[tuple[int, int], ...]) -> None:
    assert read_spans(text) == spans_
    assert read_spans(write_spans(spans_)) == spans_


@pytest.mark.parametrize("text", ["", "9", "17:00-09:00", "09:00-24:01", "09:60-10:00", "9-12, 11-13", "x", "9-9"])
def test_spans_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[Ww]rite|no time"):
        read_spans(text)


def test_days_are_read_with_their_names() -> None:
    assert read_days("2026-12-25 Christmas\n\n 2027-01-01, 2027-01-06") == {
        date(2026, 12, 25),
        date(2027, 1, 1),
        date(2027, 1, 6),
    }
    with pytest.raises(ValueError, match="2026-12-25"):
        read_days("25.12.2026")


def test_hours_are_made_of_settings() -> None:
    hours = make_hours("Europe/Lisbon", dict.fromkeys(range(7), "closed") | {0: "9-17"}, "2026-12-25")

    assert hours.week == (((540, 1020),), *((),) * 6)
    with pytest.raises(ValueError, match="no time"):
        make_hours("Europe/Lisbon", dict.fromkeys(range(7), "9-25"), "")
