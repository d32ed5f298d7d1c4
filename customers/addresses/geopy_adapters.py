"""Nominatim, Yandex and Google through geopy: each answer turned into our columns, each failure into a plain "
"sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderQuotaExceeded,
    GeocoderTimedOut,
    GeopyError,
)
from geopy.geocoders import GoogleV3, Nominatim, Yandex

from customers.addresses.checking import normalize_postal_code
from customers.addresses.countries import country_name
from customers.addresses.kinds import COLUMNS, Address, NotReal, Unreachable
from customers.addresses.layouts import fields_for
from customers.addresses.offline.judging import refuse_text
from customers.addresses.offline.units import take_units
from customers.addresses.regions import find_region
from customers.addresses.spelling import plain, tidy
from customers.addresses.wire import Access, ClientAdapter
from customers.addresses.writing import numbered, one_line

USER_AGENT: Final = "helpdesk-addresses"
_MOST: Final = 10
# What no map knows: it is taken from the text by rule and put back.
_INSIDE: Final = ("entrance", "floor", "flat", "courier_notes", "metro")
_GOOGLE_PARTS: Final = {
    "country": "country", "administrative_area_level_1": "region", "locality": "city", "postal_town": "city",
    "sublocality_level_1": "district", "sublocality": "district", "neighborhood": "district", "route": "street",
    "street_number": "house", "postal_code": "postal_code", "subpremise": "flat", "premise": "building",
        "floor": "floor",
}  # fmt: skip
_YANDEX_PARTS: Final = {
    "province": "region", "locality": "city", "district": "district", "street": "street", "house": "house",
    "entrance": "entrance", "apartment": "flat",
}  # fmt: skip
_NOMINATIM_PARTS: Final = (
    ("region", ("state", "province", "state_district")),
    ("city", ("city", "town", "village", "municipality", "hamlet")),
    ("district", ("suburb", "city_district", "borough", "neighbourhood", "quarter")),
    ("street", ("road", "pedestrian", "footway", "square", "place")),
    ("house", ("house_number",)),
    ("postal_code", ("postcode",)),
)

Ask = Callable[[str, str, int], list[Mapping[str, Any]]]
Read = Callable[[Mapping[str, Any]], Address]


@dataclass(frozen=True)
class MapGeocoder:
    """One vendor: `ask(text, country, count)` brings raw places, best first; `read` makes an address of one."""

    label: str
    ask: Ask
    read: Read

    def divide(self, text: str, country: str) -> Address:
        """Raises NotReal when the map has no such place or only a whole city, Unreachable when it says nothing."""
        text = tidy(text)
        refuse_text(text)
        places = self._places(text, country, 1)
        found = self.read(places[0]) if places else Address()
        if not found.street and not found.house:
            raise NotReal(f"{self.label} does not know this address: check street, house and city.")
        taken = take_units([part.strip() for part in text.replace("\n", ",").split(",")], found.country)
        inside = {name: taken.values.get(name, "") for name in _INSIDE if not getattr(found, name)}
        return _in_layout(replace(found, **inside))

    def suggest(self, field: str, text: str, within: Address) -> tuple[str, ...]:
        """Values the map has for the column near the rest of the address; each once, in the map's order."""
        if field not in COLUMNS or not text.strip():
            return ()
        known = replace(within, **{field: text, "postal_code": "", "house": "", "flat": "", "courier_notes": ""})
        query = text if field in {"city", "region"} and not within.region else one_line(known)
        places = self._places(tidy(query), within.country, _MOST)
        values = (str(getattr(self.read(place), field)) for place in places)
        return tuple(dict.fromkeys(value for value in values if plain(text)[:2] in plain(value)))

    def postal_code(self, address: Address) -> str:
        """Ask for the address without its flat; "" when the map has no code there."""
        asked = replace(address, postal_code="", flat="", floor="", entrance="", courier_notes="", metro="", company="")
        places = self._places(tidy(one_line(asked)), address.country, 1)
        return self.read(places[0]).postal_code if places else ""

    def _places(self, text: str, country: str, count: int) -> list[Mapping[str, Any]]:
        try:
            return self.ask(text, country, count)
        except GeocoderTimedOut as error:
            raise Unreachable(f"{self.label} did not answer in time: try again, or fill the fields by hand.") from error
        except GeocoderQuotaExceeded as error:
            raise Unreachable(f"{self.label} allows no more questions for now: fill the fields by hand.") from error
        except (GeocoderAuthenticationFailure, GeocoderInsufficientPrivileges) as error:
            raise Unreachable(f"{self.label} refused our key: ask an admin to check it in the settings.") from error
        except (GeopyError, KeyError, TypeError, ValueError, AttributeError) as error:
            # A vendor that changes its answers is out of reach just as well.
            raise Unreachable(f"{self.label} could not be asked: fill the fields by hand.") from error


def nominatim(access: Access) -> MapGeocoder:
    """OpenStreetMap's search; its public server asks for at most one question a second and no suggestions in bulk."""
    options = {"domain": access.domain} if access.domain else {}
    service = Nominatim(**options, **_transport(access))

    def ask(text: str, country: str, count: int) -> list[Mapping[str, Any]]:
        found = service.geocode(
            text, exactly_one=False, limit=count, addressdetails=True, country_codes=country.lower() or None
        )
        return [place.raw for place in found or ()]

    return MapGeocoder("OpenStreetMap", ask, _read_nominatim)


def yandex(access: Access) -> MapGeocoder:
    """Yandex's geocoder; it answers in Russian."""
    options = {"domain": access.domain} if access.domain else {}
    service = Yandex(access.key, **options, **_transport(access))

    def ask(text: str, country: str, count: int) -> list[Mapping[str, Any]]:
        query = f"{country_name(country)}, {text}" if country and country != "RU" else text
        found = service.geocode(query, exactly_one=False, lang="ru_RU")
        return [place.raw for place in found or ()][:count]

    return MapGeocoder("Yandex Maps", ask, _read_yandex)


def google(access: Access) -> MapGeocoder:
    """Google's geocoding service; without a key it refuses before anything is asked."""
    options = {"domain": access.domain} if access.domain else {}
    service = GoogleV3(access.key or "none", **options, **_transport(access))

    def ask(text: str, country: str, count: int) -> list[Mapping[str, Any]]:
        components = {"country": country} if country else None
        found = service.geocode(text, exactly_one=False, components=components)
        return [place.raw for place in found or ()][:count]

    return MapGeocoder("Google Maps", ask, _read_google)


def _transport(access: Access) -> dict[str, Any]:
    def make(proxies: object, ssl_context: object) -> ClientAdapter:
        return ClientAdapter(access)

    return {"scheme": access.scheme, "timeout": access.seconds, "user_agent": _agent(access), "adapter_factory": make}


def _agent(access: Access) -> str:
    return f"{USER_AGENT} ({access.contact})" if access.contact else USER_AGENT


def _read_nominatim(place: Mapping[str, Any]) -> Address:
    said = place["address"]
    values = {column: next((str(said[key]) for key in keys if said.get(key)), "") for column, keys in _NOMINATIM_PARTS}
    return _spelled(str(said.get("country_code", "")).upper(), values)


def _read_yandex(place: Mapping[str, Any]) -> Address:
    said = place["metaDataProperty"]["GeocoderMetaData"]["Address"]
    values: dict[str, str] = {"postal_code": str(said.get("postal_code", ""))}
    for part in said["Components"]:
        if column := _YANDEX_PARTS.get(str(part["kind"])):
            # From the large to the small: of several provinces the last is the region, a district before the city none.
            values[column] = str(part["name"])
    return _spelled(str(said.get("country_code", "")).upper(), values)


def _read_google(place: Mapping[str, Any]) -> Address:
    values: dict[str, str] = {}
    country = ""
    for part in place["address_components"]:
        column = next((_GOOGLE_PARTS[kind] for kind in part["types"] if kind in _GOOGLE_PARTS), "")
        if column == "country":
            country = str(part["short_name"])
        elif column and column not in values:
            values[column] = str(part["long_name"])
    return _spelled(country, values)


def _spelled(country: str, values: Mapping[str, str]) -> Address:
    """Regions and codes as the country's mail writes them."""
    address = Address(country=country, **{column: value for column, value in values.items() if value})
    region = find_region(country, address.region) if address.region else None
    code = normalize_postal_code(country, address.postal_code)
    return replace(address, region=region.value if region else address.region, postal_code=code)


def _in_layout(address: Address) -> Address:
    """Street and number in one line where the country's form has one field for both."""
    if not address.house or fields_for(address.country).has_house:
        return address
    street = numbered(address.country, address.street, address.house) if address.street else address.house
    return replace(address, street=street, house="")
