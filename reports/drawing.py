"""The charts of a report: what is drawn, and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from reports.charts import Chart, bar_chart, line_chart
from reports.services.measuring import Figure
from reports.services.reading import Report, Row
from reports.wording import business, duration


@dataclass(frozen=True)
class Drawing:
    """A chart with its words: `legend` names the series, `top` and `middle` stand at the y axis, `labels` at the x."""

    key: str
    title: str
    summary: str
    chart: Chart
    legend: tuple[str, ...]
    top: str
    middle: str
    labels: tuple[str, ...]


def draw(report: Report) -> tuple[Drawing, ...]:
    """Opened and closed; first responses; resolutions."""
    return (
        _traffic(report),
        _times("responses", "First response", report, lambda row: row.responses),
        _times("resolutions", "Resolution", report, lambda row: row.closed),
    )


def _traffic(report: Report) -> Drawing:
    opened = [row.opened.count for row in report.steps]
    closed = [row.closed.count for row in report.steps]
    titles = [f"{_name(row)}: {row.opened.count} opened, {row.closed.count} closed" for row in report.steps]
    chart = bar_chart([opened, closed], titles)
    busiest = max(report.steps, key=lambda row: row.opened.count)
    summary = f"{sum(opened)} tickets opened and {sum(closed)} closed."
    if any(opened):
        summary += f" Most were opened on {_name(busiest)}: {busiest.opened.count}."
    texts = (f"{chart.top:g}", f"{chart.middle:g}")
    return Drawing("traffic", "Opened and closed", summary, chart, ("Opened", "Closed"), *texts, _labels(report))


def _times(key: str, title: str, report: Report, pick: Callable[[Row], Figure]) -> Drawing:
    """Medians and 90th percentiles, in business time where the shop has hours."""
    say = business if report.has_hours else duration
    figures = [pick(row) for row in report.steps]
    spreads = [figure.business if report.has_hours else figure.clock for figure in figures]
    medians, nineties = [spread.median for spread in spreads], [spread.ninety for spread in spreads]
    titles = [
        f"{_name(row)}: {say(spread.median)}, nine of ten within {say(spread.ninety)}"
        if figure.count
        else f"{_name(row)}: none"
        for row, spread, figure in zip(report.steps, spreads, figures, strict=True)
    ]
    chart = line_chart([medians, nineties], titles)
    total = pick(report.total).business if report.has_hours else pick(report.total).clock
    summary = f"Half within {say(total.median)}, nine of ten within {say(total.ninety)}."
    if total.median is None:
        summary = "Nothing was measured."
    texts = (say(chart.top), say(chart.middle))
    return Drawing(key, title, summary, chart, ("Median", "90th percentile"), *texts, _labels(report))


def _labels(report: Report) -> tuple[str, ...]:
    """Where the x axis begins, has its middle and ends; fewer where there are fewer steps."""
    return tuple(_short(row) for row in _spread(report.steps))


def _spread(rows: Sequence[Row]) -> Sequence[Row]:
    if len(rows) < 3:
        return rows
    return rows[0], rows[len(rows) // 2], rows[-1]


def _name(row: Row) -> str:
    """The day, or the days, of a step: "Mon, Nov 3"."""
    days = [date.fromisoformat(text) for text in (row.label, row.detail) if text]
    return " to ".join(f"{day:%a, %b} {day.day}" for day in days)


def _short(row: Row) -> str:
    day = date.fromisoformat(row.label)
    return f"{day:%b} {day.day}"
