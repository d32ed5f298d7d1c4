"""Keep what became of each row of an import: for the report, and for undoing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from core.database.columns import insert_columns
from core.text import excerpt
from customers.models import CustomerImport, ImportRow
from customers.models.customer_import import RowOutcome
from customers.services.importing.reading_rows import Refused, Wanted

LONGEST_PROBLEM = 500
MOST_CELLS, LONGEST_CELL = 8, 60  # of the beginning of a row


@dataclass(frozen=True)
class Line:
    """What became of a row that is taken, or would; `before` is an updating.Before, for undoing."""

    wanted: Wanted
    outcome: RowOutcome
    customer_id: int | None = None
    before: dict[str, Any] | None = None


def keep_taken(taken: CustomerImport, lines: Sequence[Line]) -> None:
    """Of a row with remarks also these, and by what it is known again."""
    varying: dict[str, Sequence[Any]] = {
        "line": [one.wanted.line for one in lines],
        "outcome": [str(one.outcome) for one in lines],
        "customer_id": [one.customer_id for one in lines],
        "cells": [one.before for one in lines],
        "problem": [" ".join(one.wanted.remarks)[:LONGEST_PROBLEM] for one in lines],
        "beginning": [beginning_of(one.wanted.cells) if one.wanted.remarks else "" for one in lines],
    }
    insert_columns(ImportRow, varying, {"customer_import_id": taken.pk})


def keep_refused(taken: CustomerImport, rows: Iterable[Refused]) -> None:
    """Keep why, and what was written, so that it can be mended and sent again."""
    rows = list(rows)
    varying: dict[str, Sequence[Any]] = {
        "line": [row.line for row in rows],
        "problem": [row.problem[:LONGEST_PROBLEM] for row in rows],
        "cells": [list(row.cells) for row in rows],
    }
    insert_columns(ImportRow, varying, {"customer_import_id": taken.pk, "outcome": RowOutcome.REFUSED})


def beginning_of(cells: Sequence[str]) -> str:
    """A few cells tell which row it was; one of them may be of many megabytes."""
    return " · ".join(filter(None, (excerpt(cell, LONGEST_CELL) for cell in cells[:MOST_CELLS])))
