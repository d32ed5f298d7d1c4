"""Divides addresses of scripts with blanks between words: street, house, place and code in the order of the country."""

import re
from typing import Final

from customers.addresses.countries import CITY_STATES
from customers.addresses.kinds import Address
from customers.addresses.layouts import HOUSE_APART, HOUSING_APART, fields_for
from customers.addresses.offline import place_words
from customers.addresses.offline.cities import countries_of_city, is_city
from customers.addresses.offline.codes import Found, find_code, is_before_city
from customers.addresses.offline.splitting import (
    split_parts,
    split_region,
    split_street_and_city,
    take_brackets,
)
from customers.addresses.offline.streets import Pieces, is_box, is_street, take_street
from customers.addresses.offline.units import Taken, take_units
from customers.addresses.regions import find_region
from customers.addresses.spelling import has_letters, plain

_WITH_STATE_BEFORE_CODE: Final = frozenset("US CA AU".split())
_CANTON: Final = re.compile(
    r"^(?P<city>.{3,}) (?P<canton>ZH|BE|LU|UR|SZ|OW|NW|GL|ZG|FR|SO|BS|BL|SH|AR|AI|SG|GR|AG|TG|TI|VD|VS|NE|GE|JU)$"
)
_JOINED_CODES: Final = frozenset("BD IN LK NP PK BT MM".split())
# Cities that are called like a state they do not lie in, or that are only a part of it.
_CITY_IS_NO_REGION: Final = frozenset("US CA AU BR MX AR IE".split())


def divide_listed(text: str, country: str) -> Address:
    """Divide as far as words, numbers and commas tell; what cannot be told from the street stays in it."""
    text, notes = take_brackets(_part_codes(text, country), country)
    found = find_code(text, country)
    pieces = _cut(text, found, country)
    for note in notes:
        old = pieces.values.get("courier_notes", "")
        pieces.values["courier_notes"] = f"{old}; {note}" if old else note
    if found:
        pieces.values["postal_code"] = found.code
    _take_places(pieces, country)
    take_street(pieces, country)
    _take_rest(pieces, country)
    return _finished(pieces.values, country)


def _part_codes(text: str, country: str) -> str:
    """Codes that people join to what stands before them: "Dhaka-1213", "P.O. Box 30075-00100"."""
    if country in _JOINED_CODES:
        text = re.sub(r"(?<=[^\W\d_]{3})-(?=\d{3,6}(?!\d))", " ", text)
    return re.sub(r"(?i)(\bbox\.? \d+)-(\d{5})\b", r"\1, \2", text) if country == "KE" else text


def _cut(text: str, found: Found | None, country: str) -> Pieces:
    before = take_units(split_parts(found.before if found else text, country), country)
    after = take_units(split_parts(found.after, country) if found else [], country)
    parts = before.parts + after.parts
    anchor, starts, touches = -1, False, False
    if found:
        touches = bool(after.parts) and not found.after.lstrip(" ").startswith((",", "\n", ")"))
        opens = not before.parts or found.before.rstrip(" ").endswith((",", "\n", ";", "-"))
        starts = not before.parts or ((is_before_city(country) or opens) and touches)
        anchor = len(before.parts) if (starts and touches) else len(before.parts) - 1
        if is_before_city(country) and not touches and after.parts and before.parts:
            anchor = len(before.parts)
    values = Taken({**after.values, **before.values}).values
    pieces = Pieces(parts, anchor if 0 <= anchor < len(parts) else -1, values)
    pieces.is_sure = bool(found) and is_before_city(country) and starts and touches
    _cut_further(pieces, country)
    if pieces.anchor >= 0 and len(pieces.parts) > 1 and _is_no_city(pieces, country):
        pieces.anchor, pieces.is_sure = -1, False
    return pieces


def _is_no_city(pieces: Pieces, country: str) -> bool:
    """Whether the piece beside the code is a street, by its words, or has a number while a city stands apart."""
    part = pieces.parts[pieces.anchor]
    others = [one for index, one in enumerate(pieces.parts) if index != pieces.anchor]
    return is_street(part, country) or (
        bool(re.search(r"\d", part)) and not is_city(part, country) and any(is_city(one, country) for one in others)
    )


def _cut_further(pieces: Pieces, country: str) -> None:
    """Part the street from the city and the city from the region where they stand in one piece."""
    parts: list[str] = []
    anchor = -1
    known = any(is_city(part, country) for part in pieces.parts)
    for index, part in enumerate(pieces.parts):
        is_open = index == pieces.anchor or len(pieces.parts) == 1 or (pieces.anchor < 0 and not known)
        cut = _cut_part(part, country, is_anchor=index == pieces.anchor, is_open=is_open)
        if index == pieces.anchor:
            anchor = len(parts) + len(cut) - 1
        parts += cut
    pieces.parts, pieces.anchor = parts, anchor


def _cut_part(part: str, country: str, *, is_anchor: bool, is_open: bool) -> list[str]:
    region = ""
    if (is_anchor or country in _WITH_STATE_BEFORE_CODE) and country not in countries_of_city(part):
        rest, region = split_region(part, country)
        part, region = (rest, region) if rest else (part, "")
    if re.search(r"\d", part) and is_open:
        street, city = split_street_and_city(part, country)
        # "Cinnah Caddesi 28/4 Çankaya Ankara": the town, then the province or large city it belongs to.
        street, town = split_street_and_city(street, country) if city and country == "TR" else (street, "")
        return [one for one in (street, town, city, region) if one]
    return [one for one in (part, region) if one]


def _take_places(pieces: Pieces, country: str) -> None:
    """Regions, cities and districts that say what they are, or that a table knows; each piece once."""
    is_cis = country in HOUSING_APART or country in {"BG", "RS", "MK", "MN"}
    kept: list[str] = []
    anchor = -1
    spare = [part for part in pieces.parts if not is_street(part, country) and not re.search(r"\d", part)]
    for index, part in enumerate(pieces.parts):
        column, value = _place(part, country, is_cis=is_cis)
        is_name = column == "region" and bool(find_region(country, part)) and not place_words.is_region_word(part)
        if is_name and _stands_for_city(part, pieces, index, spare, country):
            column = ""
        if column and (column not in pieces.values or column == "district"):
            old = pieces.values.get(column, "") if column == "district" else ""
            pieces.values[column] = f"{old}, {value}" if old else value
            continue
        if index == pieces.anchor:
            anchor = len(kept)
        kept.append(part)
    pieces.parts, pieces.anchor = kept, anchor


def _place(part: str, country: str, *, is_cis: bool) -> tuple[str, str]:
    if country == "VN" and (city := place_words.read_city(part, is_cis=False)):
        return "city", city  # "thành phố" has the word for street in it
    if is_street(part, country) and not (is_cis and place_words.is_region_word(part)):
        return "", ""
    if city := place_words.read_city(part, is_cis=is_cis):
        return ("city", city) if not re.search(r"\d$", part) else ("", "")
    if place_words.is_region_word(part) and not place_words.is_district_word(part):
        return "region", part
    if not re.search(r"\d", part) and find_region(country, part) and (len(part) > 3 or part.isupper()):
        return "region", part
    if country == "GB" and place_words.is_british_county(part):
        return "region", part
    if place_words.is_district_word(part) and not is_city(part, country):
        return "district", part
    return "", ""


def _stands_for_city(part: str, pieces: Pieces, index: int, spare: list[str], country: str) -> bool:
    """Whether the name of a region is the city here: "New York, NY", "Москва" alone, "Roma RM"."""
    others = [one for one in spare if one != part]
    later = [one for one in pieces.parts[index + 1 :] if find_region(country, one) and one in spare]
    if len(part) < 4 and part.isascii():
        return False
    if later:
        return True
    if not is_city(part, country) and (index != pieces.anchor or others):
        return False
    if pieces.is_sure and index != pieces.anchor and pieces.parts[pieces.anchor] in others:
        return False  # "28906 Getafe, Madrid": the code stands beside the town
    return not any(is_city(one, country) or place_words.ends_like_a_city(one) for one in others) and (
        "city" not in pieces.values and (not others or index == pieces.anchor or is_city(part, country))
    )


def _take_rest(pieces: Pieces, country: str) -> None:
    values, parts = pieces.values, pieces.parts
    if parts and "city" not in values:
        city = _known_city(parts, country)
        is_anchor = pieces.anchor >= 0 and (pieces.is_sure or city < 0 or parts[pieces.anchor] == parts[city])
        index = pieces.anchor if is_anchor else city
        index = index if index >= 0 else _usual_city(parts, country)
        values["city"] = parts.pop(index)
    if parts:
        said = {plain(values.get("city", "")), plain(values.get("region", ""))}
        parts = [part for part in parts if plain(part) not in said]
        if boxes := [part for part in parts if is_box(part)]:
            values["courier_notes"] = "; ".join(filter(None, [values.get("courier_notes"), *boxes]))
            parts = [part for part in parts if part not in boxes]
        if "building" not in values and (named := [part for part in parts if place_words.is_building(part)]):
            values["building"] = named[0]
            parts.remove(named[0])
        rest = ", ".join(parts)
        values["district"] = ", ".join(filter(None, [values.get("district"), rest]))


def _known_city(parts: list[str], country: str) -> int:
    """A large city before the many small ones of the postal data, which have the names of quarters, too."""
    large = [index for index, part in enumerate(parts) if country in countries_of_city(part)]
    small = [index for index, part in enumerate(parts) if is_city(part, country)]
    return large[0] if large else small[-1] if small else -1


def _usual_city(parts: list[str], country: str) -> int:
    lettered = [index for index, part in enumerate(parts) if has_letters(part)]
    if not lettered:
        return len(parts) - 1
    ending = [index for index in lettered if place_words.ends_like_a_city(parts[index])]
    return ending[0] if ending else lettered[0] if country in HOUSING_APART else lettered[-1]


def _take_cedex(values: dict[str, str]) -> None:
    """The French sorting code, wherever it ended up."""
    for column in ("district", "city"):
        if found := re.search(r"(?i)\bcedex(?: \d{1,2})?\b", values.get(column, "")):
            values["sorting_code"] = found[0].upper()
            values[column] = (values[column][: found.start()] + values[column][found.end() :]).strip(" ,")


def _take_canton(values: dict[str, str], country: str) -> None:
    """Swiss towns of one name are told apart by the letters of their canton: "Küsnacht ZH"."""
    if country == "CH" and (found := _CANTON.match(values.get("city", ""))):
        values["city"] = found["city"]
        values.setdefault("region", found["canton"])


def _finished(values: dict[str, str], country: str) -> Address:
    _take_cedex(values)
    _take_canton(values, country)
    region = values["region"] = place_words.without_region_word(values.get("region", ""))
    known = find_region(country, region) if region else None
    if known and not values.get("city"):
        values["city"] = region
    if not values.get("city") and country in CITY_STATES and country != "MX":
        values["city"] = CITY_STATES[country]
    if (
        not region
        and (alike := find_region(country, values.get("city", "")))
        and plain(alike.value) == plain(values["city"])
    ):
        values["region"] = alike.value
    own = find_region(country, values.get("city", "")) if country not in _CITY_IS_NO_REGION else None
    if not region and own and "region" in fields_for(country).required:
        values["region"] = own.value if own.value.isascii() == values["city"].isascii() else values["city"]
    if known and region.isascii() == known.value.isascii():
        values["region"] = known.value
    if country not in HOUSE_APART and values.get("house"):
        values["street"] = " ".join(filter(None, [values.pop("house"), values.get("street", "")]))
    return Address(country=country, **{column: value for column, value in values.items() if value})
