"""Finds somebody's addresses and numbers in texts, however they are spaced or escaped, and strikes them out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import phonenumbers

STRUCK = "[erased]"
ENOUGH_DIGITS = 7
ENOUGH_AT_HOME = 9  # digits without the country's code: fewer are dates and order numbers, too

_BETWEEN = "[ ()./+\t\n\r\u00a0\u2011\u202f-]{0,3}"  # what people and programs put between digits
_AT = r"(?:@|%40|&#0*64;|&#x0*40;|&commat;|\\u0040|=40)"
_PLUS = r"(?:\+|%2B|&#0*43;|\\u002b|=2B)"
# Not the end of a longer one, unless what stands before is itself an escaped character.
_BEGIN = r"(?:(?<![\w.%+-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
# A longer domain is another address; what ends the name of a file is none.
_FILE = r"(?:csv|docx?|eml|gif|html?|jpe?g|json|mbox|msg|ods|odt|pdf|png|rtf|tsv|txt|vcf|xlsx?|xml|zip)\b"
_END = rf"(?![\w-]|\.(?!{_FILE})\w)"


class Wanted:
    """What is looked for: e-mail addresses and whole phone numbers. Handles and short numbers are not: they stand in
    too much that is not about the person.
    """

    def __init__(self, addresses: Iterable[str]) -> None:
        addresses = set(addresses)
        self.emails = sorted({one.casefold() for one in addresses if "@" in one[1:]})
        typed = {one for one in addresses if "@" not in one[1:]}
        self.numbers = sorted({digits for one in typed for digits in _numbers(one)}, key=lambda one: (-len(one), one))
        patterns = [*map(_email_pattern, self.emails), *map(_number_pattern, self.numbers)]
        self._pattern = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    @property
    def likely(self) -> str:
        """A regular expression that PostgreSQL understands, too: it stands in each text that has one of them, and in
        some that have a longer one. "" where nothing is looked for.
        """
        return "|".join([*map(_email, self.emails), *map(_BETWEEN.join, self.numbers)])

    def is_in(self, text: str) -> bool:
        return bool(self._pattern and self._pattern.search(text))

    def strike(self, value: Any) -> Any:
        """The same without them; goes into lists and dictionaries, whose keys stay."""
        if isinstance(value, str):
            return self._pattern.sub(STRUCK, value) if self._pattern else value
        if isinstance(value, list):
            return [self.strike(one) for one in value]
        if isinstance(value, dict):
            return {key: self.strike(one) for key, one in value.items()}
        return value


def _email_pattern(address: str) -> str:
    return f"{_BEGIN}{_email(address)}{_END}"


def _email(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{_PLUS.join(map(re.escape, local.split('+')))}{_AT}{re.escape(domain)}"


def _numbers(typed: str) -> Iterator[str]:
    """Its digits, and those that are dialed at home."""
    digits = "".join(letter for letter in typed if letter.isdecimal())
    if len(digits) >= ENOUGH_DIGITS:
        yield digits
    if typed.startswith("+"):
        try:
            at_home = phonenumbers.national_significant_number(phonenumbers.parse(typed))
        except phonenumbers.NumberParseException:
            return
        if len(at_home) >= ENOUGH_AT_HOME:
            yield at_home


def _number_pattern(digits: str) -> str:
    return rf"(?<!\d)(?:\+|00|0)?{_BETWEEN.join(digits)}(?!\d)"
