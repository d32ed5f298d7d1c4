"""Guesses the charset of bytes that name none, by the letters they would stand for in each."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from channels.email.words import words

_SAMPLE = 20_000
_HIGH = re.compile(rb"[\x80-\xff]")
_LATIN = ("cp1252", "cp1250", "cp1254")
_UNRANKED = (*_LATIN, "cp874")
_HIGH_ROW = re.compile(rb"[\x80-\xff]{3,}")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HIGH_PAIR = re.compile(rb"[\x80-\xff][\x40-\xff]")
_AMONG_PLAIN = re.compile(rb"(?<=[a-z])[\x80-\xff]+|[\x80-\xff]+(?=[a-z])")
_SHORTEST_THAI = 3
_MULTI_BYTE = ("gb18030", "big5", "cp932", "euc_jp", "euc_kr")
_FEWEST_LETTERS = 2
# The rows of the ideographs that nearly all text is made of.
_COMMON_ROWS = {
    "gb18030": re.compile(rb"[\xb0-\xd7][\xa1-\xfe]"),
    "big5": re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]"),
}
_COMMON = 0.5
_SURE = 0.55
_NEAR = 0.1
_FREQUENT = 15
_CAPITAL = 0.9
_LIKELY = frozenset({"cp1252", "cp1250", "cp1251", "koi8-r"})
_UNLIKELY = 0.9


def guess(raw: bytes) -> str:
    """Return the charset that makes most sense of 8-bit bytes which are not UTF-8."""
    sample = raw[:_SAMPLE]
    if len(_HIGH.findall(sample)) < _FEWEST_LETTERS:
        return "cp1252"
    single, single_fit = max(((name, _fit(sample, name)) for name in words("letters")["alphabets"]), key=_second)
    multi, multi_fit = max(((name, _multi_fit(sample, name)) for name in _MULTI_BYTE), key=_second)
    if multi_fit >= _SURE and multi_fit > single_fit - _NEAR:
        return multi
    return single if single_fit > 0 else "cp1252"


def _second(pair: tuple[str, float]) -> float:
    return pair[1]


def _read(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except ValueError:
        return None


def _fit(sample: bytes, name: str) -> float:
    high = b"".join(_HIGH.findall(sample))
    weights = _weights(name)
    letters = high.decode(name, "replace")
    good = sum(weights.get(character, 0.0) for character in letters)
    # KOI8 has its capitals where Windows has small letters: words of the wrong one begin small and go on in capitals.
    good -= sum(first.islower() and second.isupper() for first, second in pairwise(letters))
    if name in _LATIN:
        # Letters with accents stand alone among plain ones; a row of them is another script.
        good -= 2 * sum(len(row) for row in _HIGH_ROW.findall(sample))
    else:
        good -= sum(len(row) for row in _AMONG_PLAIN.findall(sample))
    if name == "cp874":
        # Thai has no spaces between words: a letter by itself is another script.
        good -= 2 * sum(len(row) for row in _HIGH_RUN.findall(sample) if len(row) < _SHORTEST_THAI)
    return good / max(len(high), 1)


def _multi_fit(sample: bytes, name: str) -> float:
    text = _read(sample, name)
    if text is None and len(sample) == _SAMPLE:
        text = next(filter(None, (_read(sample[:-cut], name) for cut in (1, 2, 3))), None)
    if not text:
        return 0.0
    high = [character for character in text if ord(character) > 0x7F]
    good: float = sum(_frequency(character, name) for character in high)
    if name in _COMMON_ROWS:
        good += _COMMON * sum(bool(_COMMON_ROWS[name].fullmatch(pair)) for pair in _HIGH_PAIR.findall(sample))
    return good / max(len(high), 1)


def _frequency(character: str, name: str) -> float:
    if name in ("gb18030", "big5"):
        return character in words("letters")["ideographs"][name]
    if name == "euc_kr":
        is_frequent = character in words("letters")["ideographs"][name]
        return 1.0 if is_frequent else 0.6 if "\uac00" <= character <= "\ud7a3" else 0.0
    return "\u3040" <= character <= "\u30ff" or character in words("letters")["ideographs"]["japanese"]


@cache
def _weights(name: str) -> dict[str, float]:
    """Return what each letter says for a charset; the lists begin with the most frequent letters."""
    alphabet = words("letters")["alphabets"][name]
    frequent = len(alphabet) if name in _UNRANKED else _FREQUENT
    weights: dict[str, float] = {}
    for place, letter in enumerate(alphabet):
        weight = (1.0 if place < frequent else 0.5) * (1.0 if name in _LIKELY else _UNLIKELY)
        weights.setdefault(letter, weight)
        weights.setdefault(letter.upper(), weight * _CAPITAL)
    return weights
