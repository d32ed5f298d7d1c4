"""Ask the map service of addresses: divide a line into fields, suggest values, find a postal code (F27–F29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from customers.addresses.geocoding import OFFLINE, Geocoder, get_geocoder
from customers.addresses.kinds import Address

SUGGESTED = ("region", "city", "district", "street")  # the columns that have suggestions


def divide_text(*, text: str, country: str) -> Address:
    """The fields of one line; `country` is two letters, "" where it is not known.

    Raises NotReal for what is no address, Unreachable where nobody could say.
    """
    return _geocoder().divide(text, country)


def suggest_values(*, column: str, within: Address) -> Sequence[str]:
    """Values of one of SUGGESTED that begin like what stands in it. Raises Unreachable."""
    return _geocoder().suggest(column, getattr(within, column), replace(within, **{column: ""}))


def find_postal_code(*, address: Address) -> str:
    """The code of an address whose city was chosen from suggestions, "" where none is known. Raises Unreachable."""
    return _geocoder().postal_code(address)


def _geocoder() -> Geocoder:
    return get_geocoder(OFFLINE)
