"""Tells a street's name from the number, and the number from the door behind it, as people of each country "
"write both."""

import re
from typing import Final

from customers.addresses.layouts import HOUSE_APART, HOUSING_APART

_HOUSE: Final = (
    r"(?:(?:№|#|nr\.?|no\.?:?|n[ºo°]\.?|núm\.?|num\.?|número|hnr\.?|č\.? ?p\.?|br\.?|αρ\.?|מס'?)\s*)?"
    r"(?P<house>\d+(?:\s?[^\W\d_](?![^\W\d_]))?(?:\s?[-/+]\s?\d*[^\W\d_]?\b)*(?:\s(?:bis|ter|quater|[IVX]{1,4})\b)?|"
    r"s/n|s\.n\.|sn|snc|bb|б/н|km\.? ?\d+(?:[.,]\d+)?)"
)
_LAST: Final = re.compile(rf"^(?P<name>.*?[^\W\d_].*?)[\s,]+{_HOUSE}\.?$", re.IGNORECASE)
_FIRST: Final = re.compile(r"^(?P<house>\d+[a-z]?(?:[-/]\d+[a-z]?)?),?\s+(?P<name>[^\W\d_].*)$", re.IGNORECASE)
_GLUED: Final = re.compile(
    r"^(?P<house>\d+[а-яіa-z]?(?:/\d+)?)(?:\s?(?:корп?|к|k)\.?\s?(?P<housing>\d+[а-я]?))?(?:\s?(?:стр|с|"
    r"c)\.?\s?(?P<building>\d+[а-я]?))?$",
    re.IGNORECASE,
)
_FINNISH: Final = re.compile(r"^(?P<house>\d+[a-z]?)\s(?P<entrance>[A-Z])(?:\s(?P<flat>\d+))?$")
_FINNISH_LINE: Final = re.compile(r"^(?P<name>.*[^\W\d_])\s(?P<number>\d+[a-z]?\s[A-Z](?:\s\d+)?)$")
_DANISH: Final = re.compile(
    r"^(?P<floor>\d{1,2}|st|kl)\.?\s*(?:sal)?\.?,?\s*(?P<flat>tv|th|mf|\d{1,3})?\.?$", re.IGNORECASE
)
_HUNGARIAN: Final = re.compile(
    r"^(?P<floor>[IVX]{1,5}|\d{1,2}|m?fszt?(?=\.))\.?\s?(?:(?:em\.?|emelet)\s?/?\s?(?P<flat>\d+)?|"
    r"/\s?(?P<door>\d+)|\s?(?<=t\. )(?P<ground>\d+))\.?\s?(?:a\.|ajtó)?$",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(
    r"^(?:№|#|nr\.?|no\.?:?|n[ºo°]\.?|núm\.?|número|num\.?|מס'?)?\s*\d+\s?[^\W\d_]?(?:[-/]\d*[^\W\d_]?)*(?: bis|"
    r" ter)?\.?$",
    re.IGNORECASE,
)
_ENGLISH_STREET: Final = re.compile(r"(?i)\b(?:street|st|road|rd|avenue|ave|boulevard|blvd|lane|square)\.?$")
# A flat before the number of the house: "5/12 Smith St", "5-1234 Granville Street", "3/2 27 Byres Road".
_FLAT_FIRST: Final = {
    **dict.fromkeys(("AU", "NZ"), re.compile(r"^(?P<flat>\d+[A-Za-z]?)/(?P<rest>\d+[A-Za-z]?(?:-\d+)?\s.+)$")),
    "CA": re.compile(r"^(?P<flat>\d{1,4}[A-Za-z]?)-(?P<rest>\d+\s.+)$"),
    "GB": re.compile(r"^(?P<flat>(?:\d|[BG])/\d),?\s(?P<rest>\d+[A-Za-z]?\s.+)$"),
}
_SIDES: Final = re.compile(r"^(?P<flat>links|rechts|mitte|li|re|mi)\.?$", re.IGNORECASE)
_NORWEGIAN: Final = re.compile(r"^(?P<flat>[HKLU]\d{4})$")
_DOOR_BEHIND_SLASH: Final = frozenset("PL TR IL AT CY UA".split()) - {"UA"}


def split_house(street: str, country: str) -> tuple[str, str]:
    """(name, number) where the country's people write the number behind the name; else the line as it is and ""."""
    if country == "FI" and (line := _FINNISH_LINE.match(street)):
        return line["name"], line["number"]
    if found := _LAST.match(street):
        return found["name"].strip(" ,"), re.sub(r"\s*([-/+])\s*", r"\1", found["house"]).strip()
    is_foreign = street.isascii() and (country in HOUSING_APART or bool(_ENGLISH_STREET.search(street)))
    if (is_foreign or country in {"IT", "BE", "GR"}) and (found := _FIRST.match(street)):
        return found["name"].strip(), found["house"]
    return street, ""


def is_number(part: str, country: str = "") -> bool:
    """Whether the piece is a house's or a flat's number and nothing else."""
    if country in HOUSING_APART and _GLUED.match(part):
        return True
    return bool(_PLAIN.match(part)) or part.casefold() in {"s/n", "s.n.", "б/н", "bb"}


def bare_number(part: str) -> str:
    """The number without "No." before it."""
    return re.sub(
        r"^(?:№|#|nr\.?|no\.?:?|n[ºo°]\.?|núm\.?|número|num\.?|מס'?)\s*", "", part, flags=re.IGNORECASE
    ).strip(" .")


def split_door(house: str, country: str) -> dict[str, str]:
    """The columns in a number that says more than the house: 7к2с1, 12 A 5, 5/12; {"house": house} when it does not."""
    if country in HOUSING_APART and (found := _GLUED.match(house)):
        return {key: value for key, value in found.groupdict().items() if value}
    if country == "FI" and (found := _FINNISH.match(house)):
        return {key: value for key, value in found.groupdict().items() if value}
    parts = house.split("/")
    if country in _DOOR_BEHIND_SLASH and len(parts) == 2 and all(parts):
        return {"house": parts[0], "flat": parts[1]}
    if country == "AT" and len(parts) == 3 and all(parts):
        return {"house": parts[0], "entrance": parts[1], "flat": parts[2]}
    return {"house": house}


def read_door(part: str, country: str) -> dict[str, str]:
    """Floor and door in a piece of its own, as Danes ("3. tv") and Hungarians ("II. em. 3") write them; else {}."""
    pattern = {"DK": _DANISH, "HU": _HUNGARIAN, "NO": _NORWEGIAN, **dict.fromkeys(("DE", "AT", "CH"), _SIDES)}.get(
        country
    )
    found = pattern.match(part) if pattern else None
    return (
        {"flat" if key in ("door", "ground") else key: value for key, value in found.groupdict().items() if value}
        if found
        else {}
    )


def split_flat(street: str, country: str) -> tuple[str, str]:
    """(street, flat) where the country's people write the flat before the number of the house; else (street, "")."""
    pattern = _FLAT_FIRST.get(country)
    found = pattern.match(street) if pattern else None
    return (found["rest"], found["flat"]) if found else (street, "")


def number_behind(country: str) -> bool:
    """Whether the number follows the street's name in the country."""
    return country in HOUSE_APART
