"""Sum facts up in one statement: counts, medians and 90th percentiles, by step of the period, member and inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from core.opening_hours import Opening
from reports.services.counting import Facts

# How long the shop had been open until a moment: the openings before it, and its part of the one it stands in.
# width_bucket finds the opening by a binary search; moments before the first one are in none.
OPEN_UNTIL = (
    "CASE width_bucket({0}, starts) WHEN 0 THEN 0 ELSE passed[width_bucket({0}, starts)] + extract(epoch FROM"
    " least({0}, ends[width_bucket({0}, starts)]) - starts[width_bucket({0}, starts)])::float8 END"
)
SUMMARY = """
WITH facts (moment, since, before, member, place) AS MATERIALIZED ({facts}),
hours AS (SELECT %s::timestamptz[] AS starts, %s::timestamptz[] AS ends, %s::float8[] AS passed),
measured AS (
    SELECT width_bucket(moment, %s::timestamptz[]) - 1 AS step, member, place,
        extract(epoch FROM moment - since)::float8 AS clock,
        {open_until_moment} - ({open_until_since}) AS business
    FROM facts CROSS JOIN hours WHERE since <= moment AND (before IS NULL OR before < since)
)
SELECT grouping(step, member, place), step, member, place, count(*),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY clock),
    percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY business)
FROM measured GROUP BY GROUPING SETS ((), (step), (member), (place))
"""
# What grouping() says of each set: a bit for every column that is not grouped by.
ALL, BY_STEP, BY_MEMBER, BY_PLACE = 0b111, 0b011, 0b101, 0b110


@dataclass(frozen=True)
class Spread:
    """Seconds, None where nothing was measured: half took at most `median`, nine of ten at most `ninety`."""

    median: float | None = None
    ninety: float | None = None


@dataclass(frozen=True)
class Figure:
    """How many, and how long they took by the clock and in business time."""

    count: int = 0
    clock: Spread = Spread()
    business: Spread = Spread()


NOTHING = Figure()


@dataclass(frozen=True)
class Figures:
    """Facts summed up: all, by number of the step (from 0), by membership id (None: nobody's), by inbox id."""

    total: Figure = NOTHING
    by_step: Mapping[int, Figure] = field(default_factory=dict)
    by_member: Mapping[int | None, Figure] = field(default_factory=dict)
    by_place: Mapping[int, Figure] = field(default_factory=dict)


def measure(facts: Facts, *, edges: Sequence[datetime], openings: Sequence[Opening]) -> Figures:
    """Sum facts up in one query. `edges` are where the steps begin; `openings` tell when the shop was open."""
    try:
        sql, params = facts.query.sql_with_params()
    except EmptyResultSet:
        return Figures()
    parts = {f"open_until_{name}": OPEN_UNTIL.format(name) for name in ("moment", "since")}
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY.format(facts=sql, **parts), [*params, *_arrays(openings), list(edges)])
        return _figures(cursor.fetchall())


def _arrays(openings: Sequence[Opening]) -> list[list[Any]]:
    """Starts, ends, and the seconds of all earlier openings."""
    passed, seconds = [], 0.0
    for start, end in openings:
        passed.append(seconds)
        seconds += (end - start).total_seconds()
    return [[start for start, _ in openings], [end for _, end in openings], passed]


def _figures(rows: Sequence[tuple[Any, ...]]) -> Figures:
    found: dict[int, dict[Any, Figure]] = {ALL: {}, BY_STEP: {}, BY_MEMBER: {}, BY_PLACE: {}}
    for grouping, step, member, place, count, clock, business in rows:
        key = {BY_STEP: step, BY_MEMBER: member, BY_PLACE: place}.get(grouping)
        found[grouping][key] = Figure(count, _spread(clock), _spread(business))
    return Figures(found[ALL].get(None, NOTHING), found[BY_STEP], found[BY_MEMBER], found[BY_PLACE])


def _spread(values: Sequence[float | None] | None) -> Spread:
    return Spread(*values) if values else Spread()
