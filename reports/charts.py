"""Geometry of charts: numbers become places in a box that is STEP wide for each step and HEIGHT high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

STEP, HEIGHT = 10.0, 100.0
GAP = 1.5  # left and right of a step's bars

COUNTS = (2, 4, 10, 20, 40, 100, 200, 400, 1000, 2000, 4000, 10_000, 20_000, 40_000, 100_000, 1_000_000)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
SECONDS = (
    *(2 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 12 * _HOUR),
    *(_DAY, 2 * _DAY, 4 * _DAY, 10 * _DAY, 30 * _DAY, 60 * _DAY, 120 * _DAY, 400 * _DAY),
)


@dataclass(frozen=True)
class Bar:
    """`series` is its number, from 1."""

    x: float
    y: float
    width: float
    height: float
    series: int


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    series: int


@dataclass(frozen=True)
class Step:
    """What stands above one place of the x axis; `title` tells its numbers."""

    x: float
    title: str
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()


@dataclass(frozen=True)
class Chart:
    """`top` is the number at the upper edge; `lines` has a path for each series, broken where nothing was measured."""

    width: float
    top: float
    steps: tuple[Step, ...]
    lines: tuple[str, ...] = ()

    @property
    def middle(self) -> float:
        return self.top / 2


def bar_chart(series: Sequence[Sequence[float]], titles: Sequence[str]) -> Chart:
    """Bars of several series beside each other."""
    top = top_of([value for values in series for value in values], COUNTS)
    width = (STEP - 2 * GAP) / max(len(series), 1)
    steps = []
    for place, title in enumerate(titles):
        left = place * STEP + GAP
        values = [values[place] for values in series]
        bars = (_bar(left + number * width, value / top, width, number + 1) for number, value in enumerate(values))
        steps.append(Step(place * STEP, title, bars=tuple(bar for bar in bars if bar.height)))
    return Chart(len(titles) * STEP, top, tuple(steps))


def line_chart(series: Sequence[Sequence[float | None]], titles: Sequence[str]) -> Chart:
    """Lines of several series, a dot at each number."""
    top = top_of([value for values in series for value in values if value is not None], SECONDS)
    steps = []
    for place, title in enumerate(titles):
        values = ((number + 1, values[place]) for number, values in enumerate(series))
        dots = tuple(_dot(place, value / top, number) for number, value in values if value is not None)
        steps.append(Step(place * STEP, title, dots=dots))
    return Chart(len(titles) * STEP, top, tuple(steps), tuple(_path(values, top) for values in series))


def top_of(values: Sequence[float], tops: Sequence[float]) -> float:
    """The least round number that no value exceeds; its half is round too."""
    most = max(values, default=0)
    return next((top for top in tops if top >= most), 2.0 * ceil(most / 2))


def _bar(x: float, share: float, width: float, series: int) -> Bar:
    height = round(share * HEIGHT, 2)
    return Bar(round(x, 2), round(HEIGHT - height, 2), round(width, 2), height, series)


def _dot(place: int, share: float, series: int) -> Dot:
    return Dot(_middle(place), round(HEIGHT - share * HEIGHT, 2), series)


def _path(values: Sequence[float | None], top: float) -> str:
    """An SVG path; a number without neighbors makes no line."""
    parts, is_drawing = [], False
    for place, value in enumerate(values):
        if value is not None:
            parts.append(f"{'L' if is_drawing else 'M'}{_middle(place)} {round(HEIGHT - value / top * HEIGHT, 2)}")
        is_drawing = value is not None
    return " ".join(parts)


def _middle(place: int) -> float:
    return place * STEP + STEP / 2
