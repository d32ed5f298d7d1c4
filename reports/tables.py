"""The tables of a report as rows of cells."""

from collections.abc import Iterator

from core.tables.writing import Cell
from reports.services.measuring import Figure
from reports.services.reading import Report, Row

HEAD = (
    *("Name", "Detail", "Opened", "Closed", "Replies", "First responses"),
    *("First response, median (business seconds)", "First response, 90th percentile (business seconds)"),
    *("First response, median (seconds)", "First response, 90th percentile (seconds)"),
    *("Resolution, median (business seconds)", "Resolution, 90th percentile (business seconds)"),
    *("Resolution, median (seconds)", "Resolution, 90th percentile (seconds)"),
)


def rows_of(report: Report, table: str) -> Iterator[tuple[Cell, ...]]:
    """Cells under HEAD. Raises KeyError for a table nobody knows."""
    rows = {"days": report.steps, "agents": report.agents, "inboxes": report.inboxes}[table]
    return (_cells(row) for row in rows)


def _cells(row: Row) -> tuple[Cell, ...]:
    counts = (row.opened.count, row.closed.count, row.replies.count, row.responses.count)
    return (row.label, row.detail, *counts, *_times(row.responses), *_times(row.closed))


def _times(figure: Figure) -> tuple[Cell, ...]:
    spreads = (figure.business, figure.clock)
    return tuple(_whole(seconds) for spread in spreads for seconds in (spread.median, spread.ninety))


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
