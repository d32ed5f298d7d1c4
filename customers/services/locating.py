"""Ask the map service of addresses: divide a line into fields, suggest values, find a postal code (F27–F29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from django.db import transaction

from accounts.services.configuring import read_all
from core import crypto
from customers.addresses.geocoding import NOMINATIM, OFFLINE, Geocoder, get_geocoder
from customers.addresses.kinds import Address
from customers.addresses.wire import Access
from customers.options import GEOCODER, GEOCODER_CONTACT, GEOCODER_KEY, GEOCODER_SERVER

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


def divide_by_rules(*, text: str, country: str) -> Address:
    """The same without asking anybody: for when the map service does not answer. Raises NotReal."""
    return get_geocoder(OFFLINE).divide(text, country)


def _geocoder() -> Geocoder:
    """The workspace's. Its settings are read in a transaction of their own, so that none is open while it is asked."""
    with transaction.atomic():
        values = read_all()
        name, token = values[GEOCODER.key], values[GEOCODER_KEY.key]
    try:
        key = crypto.decrypt(token) if token else ""
    except crypto.Undecryptable:
        key = ""  # the map service refuses us then, and says why
    server = urlsplit(values[GEOCODER_SERVER.key]) if name == NOMINATIM else urlsplit("")
    access = Access(
        key=key,
        domain=f"{server.netloc}{server.path}".rstrip("/"),
        scheme=server.scheme or "https",
        contact=values[GEOCODER_CONTACT.key],
    )
    return get_geocoder(name, access)
