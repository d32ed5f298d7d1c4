"""Which fields an address of each country has, in which order and under which words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from customers.addresses.kinds import COLUMNS, Address
from customers.addresses.regions import Region, data_of, regions_of

# Where the number follows the street's name people give it a field of its own: most of Europe, Latin America and the
# countries around Russia. Where it comes first, or where blocks are counted instead of houses, it stays in the line.
HOUSE_APART: Final = frozenset(
    "AD AL AM AR AT AX AZ BA BE BG BO BR BY CH CL CO CR CU CY CZ DE DK DO EC EE ES FI FO GE GL GR GT HN HR HU IL IS IT "
    "KG KZ LI LT LV MD ME MK MX NI NL NO PA PE PL PT PY RO RS RU SE SI SJ SK SM SV TJ TM TR UA UY UZ VA VE XK".split()
)
# Where house, building and block are three things: the way of Soviet cities.
HOUSING_APART: Final = frozenset("AM AZ BY GE KG KZ MD RU TJ TM UA UZ".split())
# Mail there has no line for the city, but people name one; the data of France lacks the sorting code.
_WITH_CITY: Final = {
    "JP": ("〒%Z%n%S%C%D%n%A", "%A%n%D, %C%n%S %Z"),
    "AE": ("%A%n%D%n%C%n%S", "%A%n%D%n%C%n%S"),
    "SG": ("%A%n%C %Z", "%A%n%C %Z"),
    "MO": ("%C%D%n%A", "%A%n%D%n%C"),
    "HK": ("%S%C%D%n%A", "%A%n%D%n%C%n%S"),
    "GI": ("%A%n%D%n%C%n%Z", "%A%n%D%n%C%n%Z"),
    "FR": ("%O%n%A%n%D%n%Z %C %X", "%O%n%A%n%D%n%Z %C %X"),
    "KY": ("%A%n%C%n%S %Z", "%A%n%C%n%S %Z"),
    "NR": ("%A%n%C%n%S", "%A%n%C%n%S"),
}
_WITH_DISTRICT: Final = HOUSING_APART | frozenset("AE GB HK ID IE IL IT JP LV MO PT TR VN".split())
# Forms of postal codes that are newer than the data.
_POSTAL_PATTERNS: Final = {"SA": r"\d{5}(?:-\d{4})?", "KZ": r"\d{6}|[A-Z]\d{2}[A-Z]\d[A-Z]\d"}
_REGION_WORDS: Final = {
    "area": "Area", "county": "County", "department": "Department", "district": "District", "do_si": "Province or city",
    "emirate": "Emirate", "island": "Island", "oblast": "Region (oblast)", "parish": "Parish",
    "prefecture": "Prefecture", "province": "Province", "state": "State",
}  # fmt: skip
_CITY_WORDS: Final = {"city": "City", "suburb": "Suburb", "post_town": "Town", "district": "District"}
_DISTRICT_WORDS: Final = {
    "suburb": "Suburb", "district": "District", "neighborhood": "Neighborhood", "townland": "Townland",
    "village_township": "Village or township",
}  # fmt: skip
_POSTAL_WORDS: Final = {"postal": "Postal code", "zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode"}
_OWN_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    **{key: {"postal_code": "Postcode"} for key in ("GB", "AU", "NZ", "GG", "JE", "IM", "GI", "ZA", "MY", "NL")},
    "BR": {"postal_code": "Postal code (CEP)", "flat": "Complement"},
    "DE": {"postal_code": "Postal code (PLZ)"}, "AT": {"postal_code": "Postal code (PLZ)"},
    "RU": {"postal_code": "Postal code (index)"},
    "US": {"flat": "Apartment, suite"}, "CA": {"flat": "Apartment, suite"},
    "TR": {"region": "Province (il)", "city": "District (ilçe)", "district": "Neighborhood (mahalle)"},
    "TW": {"region": "County or city"}, "CN": {"region": "Province", "district": "District or county"},
    "KZ": {"region": "Region (oblys)"}, "BY": {"region": "Region (voblast)"}, "CH": {"region": "Canton"},
    "JP": {"city": "City, ward, town", "street": "Block and number"}, "IE": {"city": "Town"},
}  # fmt: skip
_WORDS: Final = {
    "country": "Country", "sorting_code": "Sorting code (CEDEX)", "street": "Street and number", "house": "House",
    "building": "Building", "housing": "Block", "entrance": "Entrance", "floor": "Floor", "flat": "Flat, office",
    "metro": "Metro station", "courier_notes": "Notes for the courier", "company": "Company",
}  # fmt: skip
_COLUMN_OF: Final = {"C": "city", "D": "district", "S": "region", "X": "sorting_code", "Z": "postal_code"}


@dataclass(frozen=True)
class Layout:
    """The form for one country: `lines` are rows of columns from top to bottom, the country itself first.

    `required` are the columns without which the country's mail does not arrive. `postal_pattern` must match a whole
    postal code, capitals first; "" where the country has none or nobody says how they look.
    """

    country: str
    lines: tuple[tuple[str, ...], ...]
    labels: Mapping[str, str]
    required: frozenset[str]
    postal_pattern: str
    postal_examples: tuple[str, ...]
    regions: tuple[Region, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in the order of the form."""
        return tuple(column for line in self.lines for column in line)

    def also(self, address: Address) -> tuple[str, ...]:
        """Columns that say something about the address although the country's form has no field for them."""
        return tuple(column for column in COLUMNS if column not in self.columns and getattr(address, column))

    @property
    def has_house(self) -> bool:
        """Whether the house number has a field of its own."""
        return "house" in self.columns


@cache
def fields_for(country: str) -> Layout:
    """The layout of a country's addresses; for a code nobody knows, the one that suits most of the world."""
    country = country.strip().upper()
    rules = data_of(country)
    rows = tuple(_row(country, line) for line in format_of(country, latin=False).split("%n"))
    hidden = set() if country in _WITH_DISTRICT or "%D" in str(rules["fmt"]) else {"district"}
    rows = tuple(row for row in (tuple(one for one in row if one not in hidden) for row in rows) if row)
    last = ("metro", "courier_notes") if country in HOUSING_APART else ("courier_notes",)
    return Layout(
        country=country,
        lines=(("country",), *rows, last),
        labels=_labels(country),
        required=frozenset(_columns(country, str(rules.get("require", "AC")))),
        postal_pattern=_POSTAL_PATTERNS.get(country, str(rules.get("zip", "")))
        if "%Z" in format_of(country, latin=False)
        else "",
        postal_examples=tuple(filter(None, str(rules.get("zipex", "")).split(","))),
        regions=regions_of(country),
    )


@cache
def format_of(country: str, *, latin: bool) -> str:
    """The country's order in the library's letters (A street, C city …), without the recipient."""
    rules = data_of(country)
    if country in _WITH_CITY:
        own = _WITH_CITY[country][latin]
    else:
        own = str(rules.get("lfmt") or rules["fmt"]) if latin else str(rules["fmt"])
    # The data of Mozambique lacks a blank between city and province.
    own = re.sub(r"(%C)(%S)", r"\1, \2", own) if country == "MZ" else own
    # Ivory Coast's sorting code stands before the street and behind the city; one is enough.
    own = own.replace("%X %A", "%A") if own.count("%X") > 1 else own
    lines = [line for line in own.replace("%N", "").split("%n") if line.strip() and line.strip() != "%O"]
    # Quarters and villages are told everywhere, whether the country's mail asks for them or not.
    if "%D" not in own:
        street = next(index for index, line in enumerate(lines) if "%A" in line)
        lines.insert(street + 1, "%D")
    company_first = own.find("%O") < own.find("%A")
    return "%n".join(["%O", *lines] if company_first else [*lines, "%O"])


def _row(country: str, line: str) -> tuple[str, ...]:
    return tuple(_columns(country, re.sub(r"[^ACDOSXZ]", "", "".join(re.findall("%[A-Z]", line))), in_form=True))


def _columns(country: str, letters: str, *, in_form: bool = False) -> list[str]:
    found: list[str] = []
    for letter in letters:
        if letter == "A":
            found += _street_columns(country) if in_form else ["street"]
        else:
            found.append("company" if letter == "O" else _COLUMN_OF[letter])
    return found


def _street_columns(country: str) -> list[str]:
    if country in HOUSING_APART:
        return ["street", "house", "building", "housing", "entrance", "floor", "flat"]
    if country in HOUSE_APART:
        return ["street", "house", "building", "entrance", "floor", "flat"]
    return ["street", "building", "entrance", "floor", "flat"]


def _labels(country: str) -> Mapping[str, str]:
    rules = data_of(country)
    labels = {
        **_WORDS,
        "region": _REGION_WORDS.get(rules["state_name_type"], "Region"),
        "city": _CITY_WORDS.get(rules["locality_name_type"], "City"),
        "district": _DISTRICT_WORDS.get(rules["sublocality_name_type"], "District"),
        "postal_code": _POSTAL_WORDS.get(rules["zip_name_type"], "Postal code"),
    }
    if country in HOUSE_APART:
        labels["street"] = "Street"
    return {**labels, **_OWN_WORDS.get(country, {})}
