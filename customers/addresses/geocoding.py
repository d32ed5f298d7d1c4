"""The port to whoever knows addresses: divide a text, suggest values, find a postal code."""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from customers.addresses.geopy_adapters import google, nominatim, yandex
from customers.addresses.kinds import Address
from customers.addresses.offline import OfflineGeocoder
from customers.addresses.wire import Access

OFFLINE: Final = "offline"
NOMINATIM: Final = "nominatim"


class Geocoder(Protocol):
    """Each method raises Unreachable when the service behind it brings no answer in time."""

    def divide(self, text: str, country: str) -> Address:
        """The fields of one line of text; `country` ("" or two letters) is where it lies unless it says otherwise.

        Raises NotReal when there is no such address.
        """
        ...

    def suggest(self, field: str, text: str, within: Address) -> tuple[str, ...]:
        """Values of a column (region, city, district, street) that begin like the text; none is no error."""
        ...

    def postal_code(self, address: Address) -> str:
        """The code of an address whose city was chosen from suggestions; "" when the service does not know one."""
        ...


def _offline(access: Access) -> Geocoder:
    return OfflineGeocoder()


_ADAPTERS: Final[Mapping[str, tuple[str, Callable[[Access], Geocoder]]]] = {
    OFFLINE: ("Rules, without a map", _offline),
    NOMINATIM: ("Nominatim (OpenStreetMap)", nominatim),
    "yandex": ("Yandex Maps", yandex),
    "google": ("Google Maps", google),
}


def geocoder_choices() -> tuple[tuple[str, str], ...]:
    """(name, label) of every adapter, the default first."""
    return tuple((name, label) for name, (label, _) in _ADAPTERS.items())


def get_geocoder(name: str, access: Access | None = None) -> Geocoder:
    """The adapter of this name; `access` says how to reach it. Raises KeyError for a name nobody registered."""
    return _ADAPTERS[name or OFFLINE][1](access or Access())
