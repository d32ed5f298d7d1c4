"""Divides one line of text into the fields of an address by rules alone: no map, no network, no cost."""

from dataclasses import replace

from customers.addresses.checking import with_region
from customers.addresses.kinds import Address, NotReal
from customers.addresses.offline.cities import city_names
from customers.addresses.offline.detecting import guess_country, scripts_of, take_country
from customers.addresses.offline.eastern import EASTERN, divide_eastern
from customers.addresses.offline.judging import refuse_text, refuse_unreal
from customers.addresses.offline.listed import divide_listed
from customers.addresses.regions import cities_of, districts_of, find_region, is_country, regions_of
from customers.addresses.spelling import plain, tidy

MOST_OPTIONS = 10


class OfflineGeocoder:
    """The geocoder that is always there. It knows forms, codes, regions and large cities, but no streets."""

    def divide(self, text: str, country: str) -> Address:
        """Divide the text; `country` is what the form says, a country named in the text or its letters outweigh it.

        Raises NotReal with a sentence for what is no address.
        """
        text = tidy(text)
        refuse_text(text)
        hint = country.strip().upper()
        hint = hint if is_country(hint) else ""
        named, rest = take_country(text, hint)
        if not rest.strip():
            raise NotReal("Only a country was found: write street, number and city before it.")
        address = _divide(rest, named or guess_country(rest, hint))
        refuse_unreal(address, is_named=bool(named))
        return replace(address, region=with_region(address))

    def suggest(self, field: str, text: str, within: Address) -> tuple[str, ...]:
        """At most ten regions, cities or districts of the country that begin with the text, then those that hold it."""
        wanted = plain(text)
        names = _options(field, within)
        starting = [one for one in names if any(name.startswith(wanted) for name in names[one])]
        holding = [one for one in names if one not in starting and any(f" {wanted}" in name for name in names[one])]
        return tuple(starting + holding)[:MOST_OPTIONS]

    def postal_code(self, address: Address) -> str:
        """ "": which code a street has, only a map service knows."""
        return ""


def _divide(text: str, country: str) -> Address:
    scripts = scripts_of(text)
    own = scripts["CJK"] + scripts["HANGUL"] + scripts["HIRAGANA"] + scripts["KATAKANA"]
    if country in EASTERN and own > sum(scripts.values()) / 3:
        return divide_eastern(text, country)
    return divide_listed(text, country)


def _options(field: str, within: Address) -> dict[str, tuple[str, ...]]:
    """Folded spellings by value."""
    if field == "region":
        return {one.value: (plain(one.value), *sorted(one.spellings)) for one in regions_of(within.country)}
    if field == "district":
        found = districts_of(within.country, within.region, within.city)
        return {name: (plain(name),) for name in found}
    if field != "city":
        return {}
    region = find_region(within.country, within.region) if within.region else None
    listed = cities_of(within.country, within.region) if region else ()
    return {name: (plain(name),) for name in listed} or city_names(within.country)
