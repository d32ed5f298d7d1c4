"""Guesses the encoding of text in which a letter is one byte, by how its words would look."""

import re
import unicodedata

# The first of equals wins. latin-1 has a character for every byte, so it is left for what has bytes that Windows-1252
# does not know. Others (Greek, Turkish, Hebrew …) look as plausible as these letter by letter: a person chooses them.
_CANDIDATES = ("cp1252", "latin-1", "cp1251", "cp1250", "koi8-r", "cp866")
_MOST_WORDS = 3000
_WORD = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")
_UNDEFINED = "\N{REPLACEMENT CHARACTER}"
_FIRST_CYRILLIC = "\u0400"


def guess_encoding(sample: bytes) -> str:
    """The encoding under which the words with bytes beyond ASCII look most like words.

    Inside a word, one script goes with itself, small letters are not followed by capitals, and symbols do not
    touch letters; Latin letters with accents seldom stand beside each other, Cyrillic letters always do. Only the
    order of the candidates decides between Western and Central European texts without such signs.
    """
    words = _WORD.findall(sample)[:_MOST_WORDS]
    scores = {name: sum(_plausibility(word, name) for word in words) for name in _CANDIDATES}
    return max(_CANDIDATES, key=lambda name: scores[name])


def _plausibility(word: bytes, encoding: str) -> int:
    """0 at best: only what does not fit is counted."""
    text = word.decode(encoding, "replace")
    odd = sum(1 for char in text if char == _UNDEFINED) * 5 + sum(1 for char in text if "\x80" <= char <= "\x9f") * 4
    return sum(map(_fit, text, text[1:])) - odd


def _fit(left: str, right: str) -> int:
    """How well two neighbors go together; pairs in ASCII say nothing."""
    if left.isascii() and right.isascii():
        return 0
    if not (left.isalpha() and right.isalpha()):
        return -1 if _is_symbol(left, right) or _is_symbol(right, left) else 0
    if (left >= _FIRST_CYRILLIC) != (right >= _FIRST_CYRILLIC):
        return -3
    if left.islower() and right.isupper():
        return -2
    return 0 if left.isascii() or right.isascii() or left >= _FIRST_CYRILLIC else -1


def _is_symbol(sign: str, letter: str) -> bool:
    """Quotation marks and dashes touch letters; signs of money, powers and frames hardly ever do."""
    return letter.isalpha() and not sign.isalpha() and unicodedata.category(sign)[0] not in "PZ"
