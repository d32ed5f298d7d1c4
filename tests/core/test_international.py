"""The quick reading of international numbers says what the library says, or nothing."""

import random
from collections.abc import Iterator

import phonenumbers
import pytest

from core import contacts
from core.international import read_international

FORMATS = (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def examples() -> Iterator[str]:
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in range(11):
            if found := phonenumbers.example_number_for_type(region, kind):
                yield from (phonenumbers.format_number(found, form) for form in FORMATS)
    for code in phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS:
        if found := phonenumbers.example_number_for_non_geo_entity(code):
            yield phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def changed(number: str, chance: random.Random) -> str:
    """With a digit changed, added or lost."""
    signs = list(number)
    place = chance.randrange(1, len(signs))
    way = chance.random()
    if way < 0.6:
        signs[place] = chance.choice("0123456789")
    elif way < 0.8:
        signs.insert(place, chance.choice("0123456789 -."))
    else:
        del signs[place]
    return "".join(signs)


def at_home(number: str) -> list[str]:
    """With what is dialed before it at home behind the country's code, as people write it by mistake."""
    code = len(str(phonenumbers.parse(number).country_code)) + 1
    return [f"{number[:code]}{prefix}{number[code:]}" for prefix in ("0", "1", "8", "06")]


def test_every_example_and_its_slips_are_read_as_the_library_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(1)
    right = list(examples())
    slips = [slip for one in right for slip in (changed(one, chance), changed(one, chance), *at_home(one))]
    quick = {number: found for number in (*right, *slips) if (found := read_international(number))}
    monkeypatch.setattr(contacts, "read_international", lambda typed: None)

    wrong = {number: found for number, found in quick.items() if contacts.normalize_phone(number).number != found}

    assert not wrong
    assert sum(number in quick for number in right) > len(right) * 2 // 3


@pytest.mark.parametrize("typed", ["+44 (0)20 7946 0018", "+1 800 FLOWERS", "00351912345678", "+351", "+0351912345678"])
def test_what_is_not_plain_is_left_to_the_library(typed: str) -> None:
    assert read_international(typed) is None
