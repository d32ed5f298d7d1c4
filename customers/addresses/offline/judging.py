"""Refuses what is no address: too little, too much, a sentence, a code no region has."""

import re
from typing import Final

from customers.addresses.checking import WHOLE_LISTS, check, exists
from customers.addresses.countries import country_name
from customers.addresses.kinds import LONGEST, Address, NotReal
from customers.addresses.layouts import HOUSING_APART, fields_for
from customers.addresses.offline.cities import is_city
from customers.addresses.offline.place_words import is_district_word
from customers.addresses.offline.street_words import names_a_street
from customers.addresses.regions import find_region
from customers.addresses.spelling import has_letters, plain

_ELSEWHERE: Final = re.compile(r"https?://|www\.|\S@\S+\.\S")
_SENTENCE: Final = re.compile(r"[?!]\s*$|[?!]\s+\S")
_KEYBOARD: Final = re.compile(r"(?i)qwert|asdf|zxcv|йцук|фыва|ячсм")
# What forms call their fields, and what people write to fill them.
_FIELD_NAMES: Final = frozenset(
    "city town state street address nowhere anywhere somewhere test testcity teststreet город улица адрес тест "
    "ciudad stadt ort ville".split()
)
_MOST_WORDS: Final = 40


def refuse_text(text: str) -> None:
    """Raise NotReal for a text that cannot be an address, whatever the country."""
    if not text:
        raise NotReal("Write an address first.")
    if len(text) > LONGEST:
        raise NotReal(f"This is longer than {LONGEST} characters: too long for an address.")
    if not has_letters(text):
        raise NotReal("This is no address: it has no names of a street or a place.")
    if _ELSEWHERE.search(text):
        raise NotReal("This is an address on the internet, not one that mail is carried to.")
    if _SENTENCE.search(text) or len(text.split()) > _MOST_WORDS:
        raise NotReal("This reads like a message, not like an address.")
    if _KEYBOARD.search(text):
        raise NotReal("This looks like keys pressed at random, not like an address.")


def refuse_unreal(address: Address, *, is_named: bool) -> None:
    """Raise NotReal for parts that do not make an address. `is_named`: the text itself named the country."""
    if not address.country:
        raise NotReal("We cannot tell which country this address is in: add the country at its end.")
    if not (address.street or address.house) or (not address.street and not address.city):
        raise NotReal("No street or house was found: write street and number, then the city.")
    if not (address.city or address.region or address.postal_code):
        raise NotReal("No city was found: write it behind street and number, with a comma between.")
    if plain(address.city) in _FIELD_NAMES or plain(address.street) in _FIELD_NAMES:
        raise NotReal("This is a form's wording, not an address: write the names of the street and the city.")
    _refuse_contradiction(address)
    if address.postal_code and not exists(address.country, address.postal_code):
        name = country_name(address.country)
        raise NotReal(f"{name} has no postal code {address.postal_code}.")
    if not _is_known(address, is_named=is_named):
        raise NotReal("This address is not real as far as we can tell: neither its place nor its postal code is known.")


def _refuse_contradiction(address: Address) -> None:
    """Where the list of states and their codes is whole, a state that does not exist and a code of another one."""
    layout = fields_for(address.country)
    if "region" not in layout.required or not layout.regions:
        return
    label, name = layout.labels["region"].lower(), country_name(address.country)
    if re.fullmatch(r"[A-Z]{2}", address.city) and not find_region(address.country, address.city):
        raise NotReal(f"{name} has no {label} {address.city}.")
    wrong = check(address).get("postal_code", "")
    if " is not in " in wrong and address.country in WHOLE_LISTS:
        raise NotReal(wrong.replace(": check both.", ": one of them is wrong."))


def _is_known(address: Address, *, is_named: bool) -> bool:
    country = address.country
    if address.postal_code or is_city(address.city, country) or find_region(country, address.region):
        return True
    street = f"{address.street} {address.house}"
    has_number = bool(re.search(r"\d", street)) or bool(address.flat or address.building)
    # A street of the country, a number and a place that no table knows: most villages are like this.
    is_quarter = (
        country in HOUSING_APART and bool(address.house) and is_district_word(address.district)
    )  # "мкр. 45, д. 12"
    return has_number and (is_named or is_quarter or names_a_street(address.street, country))
