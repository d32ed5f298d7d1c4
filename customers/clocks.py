"""What the clock says where a customer lives: by the zone that was given, else by phones, else by the place."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from core.contacts import zones_of_phone
from core.text import fold

# A number of Portugal may be at home in Lisbon or, an hour behind, on the Azores: worth showing all the same.
DOUBT = timedelta(hours=1)
# Where the list of countries that comes with the zones has another name than people and shops.
OTHER_NAMES = {
    "united kingdom": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "south korea": "KR",
    "czechia": "CZ",
    "turkey": "TR",
    "turkiye": "TR",
    "usa": "US",
    "united states of america": "US",
    "russian federation": "RU",
    "viet nam": "VN",
}


def read_clock(*, time_zone: str, phones: Iterable[str], place: str, at: datetime) -> datetime | None:
    """`at` on the customer's clock; None where what is known leaves more than an hour's doubt.

    `phones` are normalized numbers, the main one first. A zone that this machine's data does not have counts as none.
    """
    if clock := _clock_in(time_zone, at):
        return clock
    for number in phones:
        if clock := _usual_clock(zones_of_phone(number), at):
            return clock
    return _usual_clock(zones_of_place(place), at)


def zones_of_place(place: str) -> Sequence[str]:
    """The zones of the country that ends the text; only the city's where one is named after it: "Chicago IL, USA"."""
    parts = [fold(part) for part in place.split(",") if part.strip()]
    if not parts:
        return ()
    zones = _zones_by_country().get(_code_of(parts[-1], is_alone=len(parts) == 1), ())
    of_city = [zone for zone in zones if f"{parts[0]} ".startswith(f"{_city(zone)} ")]
    return of_city or zones


def _code_of(country: str, *, is_alone: bool) -> str:
    """A text of two letters is a country's code only behind something: "Paris, FR", but not "me"."""
    if len(country) == 2 and not is_alone:
        return country.upper()
    return OTHER_NAMES.get(country) or _codes_by_name().get(country, "")


def _usual_clock(zones: Sequence[str], at: datetime) -> datetime | None:
    """The mainland's clock; None when the zones are more than an hour apart, or an unknown one is among them."""
    clocks = [_clock_in(zone, at) for zone in sorted(zones, key=_is_oceanic)]
    offsets = [clock.utcoffset() or timedelta() for clock in clocks if clock]
    if not offsets or len(offsets) < len(clocks) or max(offsets) - min(offsets) > DOUBT:
        return None
    return clocks[0]


def _is_oceanic(zone: str) -> bool:
    """Islands far out have the smaller share of a country's people."""
    return zone.startswith(("Atlantic/", "Pacific/", "Indian/"))


def _clock_in(zone: str, at: datetime) -> datetime | None:
    try:
        return at.astimezone(ZoneInfo(zone)) if zone else None
    except (KeyError, ValueError, OSError):  # a zone that a store made up, or that this machine's data does not have
        return None


def _city(zone: str) -> str:
    return fold(zone.rpartition("/")[2].replace("_", " "))


@cache
def _codes_by_name() -> dict[str, str]:
    return {fold(name): code for code, name in _table("iso3166.tab")}


@cache
def _zones_by_country() -> dict[str, list[str]]:
    zones: dict[str, list[str]] = {}
    for code, _, zone, *_ in _table("zone.tab"):
        zones.setdefault(code, []).append(zone)
    return zones


def _table(name: str) -> list[list[str]]:
    """A table that stands beside the zones on this machine; empty where only the zones themselves were installed."""
    for folder in zoneinfo.TZPATH:
        path = Path(folder, name)
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            return [line.split("\t") for line in lines if line and not line.startswith("#")]
    return []
