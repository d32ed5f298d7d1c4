"""Says quickly of digits behind a plus whether they are a number that somebody can have.

The library answers the same in a quarter of a millisecond, most of it for what most numbers do not need: extensions,
letters, prefixes dialed at home. Here stands what is left, by the library's own tables; whatever is not plain, or not
found, is for the library to say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

# No sign that begins an extension, and no letter; a bracket may hold a digit that is dialed at home only.
_PLAIN = re.compile(r"\+[1-9][0-9 .-]{5,30}[0-9]")
_BETWEEN = str.maketrans("", "", " .-+")
_TYPES = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)


def read_international(typed: str) -> str | None:
    """The number (E.164) when this is plainly one that is given out; None when the library must be asked."""
    if not _PLAIN.fullmatch(typed):
        return None
    digits = typed.translate(_BETWEEN)
    for length in (1, 2, 3):
        if regions := COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length])):
            return f"+{digits}" if _is_given_out(regions, digits[length:]) else None
    return None


def _is_given_out(regions: Sequence[str], digits: str) -> bool:
    """Countries that share a code: the first whose area it is, or that gives out such a number, is the one asked."""
    home = _tables(regions[0]).home
    if home and home.match(digits):
        return False
    for region in regions:
        area = _tables(region).area if len(regions) > 1 else None
        if area and area.match(digits):
            return _tables(region).have(digits)
        if not area and _tables(region).have(digits):
            return True
    return False


@dataclass(frozen=True)
class _Tables:
    """`home` is what is dialed before a number at home, `area` how numbers begin where a code is shared."""

    home: re.Pattern[str] | None
    area: re.Pattern[str] | None
    shapes: tuple[tuple[frozenset[int], re.Pattern[str]], ...]  # of all numbers, then of each type

    def have(self, digits: str) -> bool:
        fitting = (len(digits) in lengths and pattern.fullmatch(digits) for lengths, pattern in self.shapes)
        return bool(next(fitting, None)) and any(fitting)


@cache
def _tables(region: str) -> _Tables:
    found = PhoneMetadata.metadata_for_region(region, None)
    if found is None or found.general_desc is None:  # of no country, such as those of satellites
        return _Tables(None, None, ())
    described = [one for one in (getattr(found, name) for name in _TYPES) if one and one.national_number_pattern]
    general = frozenset(found.general_desc.possible_length)
    return _Tables(
        _pattern(found.national_prefix_for_parsing),
        _pattern(found.leading_digits),
        tuple(
            (frozenset(one.possible_length) or general, re.compile(one.national_number_pattern))
            for one in (found.general_desc, *described)
        ),
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text) if text else None
