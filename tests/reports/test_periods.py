"""Periods and filters: whole local days, and addresses that mean what they say."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from reports import periods
from reports.filters import ReportFilter

AT = datetime(2026, 3, 30, 23, 30, tzinfo=UTC)  # in Lisbon it is the 31st already
LISBON = ZoneInfo("Europe/Lisbon")


def test_last_days_end_today_in_the_readers_zone() -> None:
    period = periods.last_days(7, at=AT, zone=LISBON)

    assert (period.first, period.last) == (date(2026, 3, 25), date(2026, 3, 31))
    assert period.start == datetime(2026, 3, 25, tzinfo=UTC)
    assert period.end == datetime(2026, 3, 31, 23, tzinfo=UTC)  # summer time since the 29th
    assert len(period.edges) == 7
    assert [
        (later - earlier).total_seconds() / 3600 for earlier, later in zip(period.edges, period.edges[1:], strict=False)
    ] == [*(24, 24, 24, 24, 23, 24)]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 5), date(2026, 3, 1), (date(2026, 3, 1), date(2026, 3, 5))),
        (date(2026, 3, 5), date(2030, 1, 1), (date(2026, 3, 5), date(2026, 3, 31))),
        (date(2030, 3, 5), date(2031, 1, 1), (date(2026, 3, 31), date(2026, 3, 31))),
        (date(1, 1, 1), date(9999, 12, 31), (date(2025, 3, 31), date(2026, 3, 31))),
        (date(1, 1, 1), date(1, 1, 2), (date(2000, 1, 1), date(2000, 1, 1))),
    ],
)
def test_own_range_is_put_in_order_and_cut(first: date, last: date, expected: tuple[date, date]) -> None:
    period = periods.between(first, last, at=AT, zone=LISBON)

    assert (period.first, period.last) == expected


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("", "?days=30"),
        ("days=7&agent=2", "?days=7&agent=2"),
        ("days=8&agent=x&inbox=-1", "?days=30"),
        ("from=2026-03-01&to=2026-03-05&inbox=3", "?from=2026-03-01&to=2026-03-05&inbox=3"),
        ("from=2026-03-01", "?days=30"),
        ("from=2026-02-31&to=2026-03-05", "?days=30"),
        ("from=\x00&to=20260305&agent=\u0663", "?days=30"),
        ("agent=99999999999999999999", "?days=30"),
    ],
)
def test_filter_reads_addresses_and_writes_them(address: str, query: str) -> None:
    assert ReportFilter.parse(QueryDict(address)).as_query() == query


def test_other_days_keep_what_is_narrowed() -> None:
    chosen = ReportFilter.parse(QueryDict("from=2026-03-01&to=2026-03-05&inbox=3"))

    assert chosen.of_days(90).as_query() == "?days=90&inbox=3"
