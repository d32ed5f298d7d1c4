"""How a number is stored: without what people put between its digits, in capitals, and otherwise as it was typed."""

import unicodedata

_BETWEEN = frozenset(".,/'’‘`´_:·•−№#")
_SEPARATING = frozenset(["Zs", "Zl", "Zp", "Cc", "Cf", "Pd"])
_FULL_WIDTH_CAPITALS = range(0xFF21, 0xFF3B)
_FULL_WIDTH_SMALLS = range(0xFF41, 0xFF5B)
_FROM_FULL_WIDTH = 0xFEE0


def compact_number(typed: str) -> str:
    """Digits of other scripts become ours; a letter that only looks like a digit or like a Latin letter stays."""
    return "".join(_one(letter) for letter in typed if not _stands_between(letter))


def tidy_text(typed: str) -> str:
    """Free text: single spaces, none around."""
    return " ".join(typed.split())


def _stands_between(letter: str) -> bool:
    return letter in _BETWEEN or unicodedata.category(letter) in _SEPARATING


def _one(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    if value is not None:
        return str(value)
    if ord(letter) in _FULL_WIDTH_CAPITALS or ord(letter) in _FULL_WIDTH_SMALLS:
        letter = chr(ord(letter) - _FROM_FULL_WIDTH)
    # The Turkish dotless i and the long s have capitals of other letters: such are left alone.
    capital = letter.upper()
    return capital if capital.lower() == letter else letter
