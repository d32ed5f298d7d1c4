"""Finds the street among the pieces of a text, and what belongs to it before and behind."""

import re
from dataclasses import dataclass, field
from typing import Final

from customers.addresses.layouts import HOUSE_APART, HOUSING_APART
from customers.addresses.offline import place_words
from customers.addresses.offline.cities import is_city
from customers.addresses.offline.doors import bare_number, is_number, read_door, split_door, split_flat, split_house
from customers.addresses.offline.street_words import names_a_street
from customers.addresses.spelling import has_letters

_BOX: Final = re.compile(
    r"(?i)^(?:p\.?\s?o\.?\s?box|post box|private bag|locked bag|gpo box|postfach|apartado|casilla|caixa postal|"
    r"boîte postale|b\.?p\.?\s\d|postbus|"
    r"casella postale|skr(?:\.|ytka) poczt|а/я|ص\.?ب|ת\.?ד\.?|box \d|postboks|pl \d|cs \d)"
)
_NUMBERED_STREET: Final = re.compile(
    r"(?i)^(?:street|st\.?|road|rd\.?|lane|ln\.?|gali|sec\.?|section|alley) (?:no\.? ?)?\d+[a-z]?$"
)
_NUMBERED_HOUSE: Final = re.compile(
    r"(?i)^(?:(?:house|villa|plot|lot|door|d\.? ?no|h\.? ?no|shop|no)\b\.?.{0,6}\d+.{0,3}|\d+ ?-? ?[a-z]?)$"
)


@dataclass
class Pieces:
    """The text cut up: pieces in their order, `anchor` the place of the one beside the postal code, -1 without."""

    parts: list[str]
    anchor: int = -1
    values: dict[str, str] = field(default_factory=dict)
    is_sure: bool = False  # the code stands directly before it, where the country writes it so


def is_street(part: str, country: str) -> bool:
    """Whether the piece has a word for street, is a post-office box, or a street that only has a number."""
    return names_a_street(part, country) or bool(_BOX.match(part) or _NUMBERED_STREET.match(part))


def is_box(part: str) -> bool:
    """Whether the piece is a post-office box."""
    return bool(_BOX.match(part))


def take_street(pieces: Pieces, country: str) -> None:
    """Move the street, its number and its doors from the pieces to the values; leave the pieces that are places."""
    index = _find_street(pieces, country)
    if index < 0:
        return
    street = pieces.parts.pop(index)
    if pieces.anchor >= 0 and pieces.anchor > index:
        pieces.anchor -= 1
    elif pieces.anchor == index:
        pieces.anchor = -1
    before, after = pieces.parts[:index], pieces.parts[index:]
    is_counted = bool(_NUMBERED_STREET.match(street))
    while before and country not in HOUSE_APART and _leads_to(before[-1], street, is_counted=is_counted):
        is_counted = bool(_NUMBERED_STREET.match(before[-1]))
        street = f"{before.pop()}, {street}"
        pieces.anchor -= 1 if pieces.anchor >= 0 else 0
    if before and is_number(before[-1]) and not re.search(r"\d", street):
        number = bare_number(before.pop())
        street = f"{number} {street}" if country not in HOUSE_APART else street
        if country in HOUSE_APART:
            pieces.values.setdefault("house", number)
        pieces.anchor -= 1 if pieces.anchor >= 0 else 0
    _put_street(pieces.values, street, country)
    _take_numbers(pieces, before, after, country)
    _open_door(pieces.values, country)
    _put_before(pieces, before, after, country)


def _leads_to(part: str, street: str, *, is_counted: bool) -> bool:
    """Whether the piece belongs to the street behind it: "Lane 5, Nanjing Road", "Lot 3, Main Street"."""
    is_numberless = not re.match(r"\d+(?!st|nd|rd|th)", street) and has_letters(part)
    return (
        bool(_NUMBERED_STREET.match(part))
        or ((is_counted or is_numberless) and bool(_NUMBERED_HOUSE.match(part)) and not bare_number(part).isdigit())
        or (is_counted and bool(_NUMBERED_HOUSE.match(part)))
    )


def _find_street(pieces: Pieces, country: str) -> int:
    named = [index for index, part in enumerate(pieces.parts) if is_street(part, country) and index != pieces.anchor]
    named = [index for index in named if not is_box(pieces.parts[index])] or named
    # "The Green" is a street where no piece says so plainer: "The Old Rectory, Church Road".
    by_name = [
        index
        for index in named
        if not re.match(r"(?i)(?:street|st|road|rd|lane|ln|gali|sec|section|alley|the)\b", pieces.parts[index])
    ]
    named = by_name or named
    with_number = [index for index in named if re.search(r"\d", pieces.parts[index])]
    if with_number or named:
        return (with_number or named)[0] if not _is_big_first(pieces, named, country) else (with_number or named)[-1]
    numbered = [
        index
        for index, part in enumerate(pieces.parts)
        if re.search(r"\d", part) and has_letters(part) and index != pieces.anchor and not is_city(part, country)
    ]
    if numbered:
        return numbered[0]
    for index, part in enumerate(pieces.parts[:-1]):
        if is_number(pieces.parts[index + 1]) and has_letters(part) and not is_city(part, country):
            return index
    plain_ones = [index for index, part in enumerate(pieces.parts) if has_letters(part) and index != pieces.anchor]
    known = "city" in pieces.values or pieces.anchor >= 0
    free = [index for index in plain_ones if not is_city(pieces.parts[index], country)]
    return free[0] if free and (known or len(plain_ones) > 1) and not pieces.values.get("house") else -1


def _is_big_first(pieces: Pieces, named: list[int], country: str) -> bool:
    """Whether place comes before street, as in Russia; then the last street counts."""
    return bool(named) and country in HOUSING_APART and named[-1] > 0


def _take_numbers(pieces: Pieces, before: list[str], after: list[str], country: str) -> None:
    """Numbers in pieces of their own behind the street: first the house, then the flat."""
    while after and (door := {} if is_number(after[0], country) else read_door(after[0], country)):
        for column, value in door.items():
            pieces.values.setdefault(column, value)
        _drop(pieces, before, after)
    for column in ("house", "flat"):
        if after and is_number(after[0], country) and column not in pieces.values:
            if column == "house" and country not in HOUSE_APART and re.search(r"\d", pieces.values.get("street", "")):
                continue
            pieces.values[column] = bare_number(after[0])
            _drop(pieces, before, after)
    while after and (door := read_door(after[0], country)):
        for column, value in door.items():
            pieces.values.setdefault(column, value)
        _drop(pieces, before, after)


def _drop(pieces: Pieces, before: list[str], after: list[str]) -> None:
    after.pop(0)
    pieces.parts = before + after
    if pieces.anchor == len(before):
        pieces.anchor = -1
    elif pieces.anchor > len(before):
        pieces.anchor -= 1


def _put_street(values: dict[str, str], street: str, country: str) -> None:
    street, flat = split_flat(street, country)
    if flat:
        values.setdefault("flat", flat)
    if country not in HOUSE_APART or _BOX.match(street):
        number = values.pop("house", "")
        # "No. 5 Long Road", but not "No. 5, Lane 7, Long Road".
        street = re.sub(r"(?i)^no\.?\s*(\d[\w/-]*)\s+(?=[^\W\d_])", r"\1 ", street)
        values["street"] = f"{number} {street}" if number else street
        return
    if "house" in values:
        values["street"] = street
        return
    values["street"], house = split_house(street, country)
    if house:
        values["house"] = house


def _open_door(values: dict[str, str], country: str) -> None:
    if country in HOUSE_APART and "house" in values:
        # "5/7 m. 12": the flat is told apart, so the stroke belongs to the house.
        if "flat" in values and re.fullmatch(r"\d+/\d+", values["house"]):
            return
        for column, value in split_door(values["house"], country).items():
            if column == "house" or not values.get(column):
                values[column] = value


def _put_before(pieces: Pieces, before: list[str], after: list[str], country: str) -> None:
    """What stands before the street: a company or a building where small comes first, place where it comes last."""
    big_first = not after and bool(before) and ("city" not in pieces.values or country in HOUSING_APART)
    kept = []
    for index, part in enumerate(before):
        if place_words.is_company(part):
            pieces.values.setdefault("company", part)
        elif index == pieces.anchor or big_first or is_city(part, country):
            kept.append(part)
        elif "building" not in pieces.values:
            pieces.values["building"] = part
        else:
            pieces.values["building"] = f"{pieces.values['building']}, {part}"
    if pieces.anchor >= len(before):
        pieces.anchor -= len(before) - len(kept)
    elif pieces.anchor >= 0:
        pieces.anchor = kept.index(before[pieces.anchor]) if before[pieces.anchor] in kept else -1
    pieces.parts = kept + after
