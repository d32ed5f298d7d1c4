"""What an address is made of, and how a service says that a text is none."""

from dataclasses import dataclass, fields
from typing import Final

LONGEST: Final = 500  # characters of one line of text that may be divided


class NotReal(Exception):
    """The text is no address anybody can be found at; the message is a plain sentence for the person who typed it."""


class Unreachable(Exception):
    """The map service brought no answer; the message is a plain sentence without keys, addresses or other secrets."""


@dataclass(frozen=True)
class Address:
    """The columns of an address; "" is what nobody said.

    `country` is two capital letters (ISO 3166-1, and XK). `region` is the spelling the country's mail uses (CA, 東京),
    or whatever was typed. `street` carries the house number where people of the country write both in one line.
    In Russian words: house дом, building строение (elsewhere a building's name), housing корпус, entrance подъезд.
    """

    country: str = ""
    region: str = ""
    city: str = ""
    district: str = ""
    postal_code: str = ""
    sorting_code: str = ""
    street: str = ""
    house: str = ""
    building: str = ""
    housing: str = ""
    entrance: str = ""
    floor: str = ""
    flat: str = ""
    metro: str = ""
    courier_notes: str = ""
    company: str = ""

    def is_empty(self) -> bool:
        """Whether nothing but the country was said."""
        return not any(getattr(self, column) for column in COLUMNS if column != "country")


COLUMNS: Final = tuple(one.name for one in fields(Address))
