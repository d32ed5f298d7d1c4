"""Codes by which programs call custom fields and their options: lower case Latin letters, digits, underscores."""

import re
import unicodedata

from core.text import fold

LONGEST_CODE = 60
CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")

# Names in Cyrillic get a readable code too (ICAO Doc 9303, part 3, section 6, with ь left out).
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        ("a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y  e iu ia i i ie g").split(" "),
        strict=True,
    )
)


class BadCode(ValueError):
    """Not a code: it begins with a letter and holds letters a to z, digits and underscores, at most 60."""


def make_code(name: str, *, taken: frozenset[str] = frozenset(), fallback: str = "field") -> str:
    """A code from a name, apart from those `taken` by a number at its end. Names in other scripts get `fallback`."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in fold(name))
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: LONGEST_CODE - 5].strip("_")
    if not code:
        code = fallback
    elif not code[0].isalpha():
        code = f"{fallback}_{code}"[: LONGEST_CODE - 5]
    free, number = code, 2
    while free in taken:
        free, number = f"{code}_{number}", number + 1
    return free


def check_code(code: str) -> str:
    """The same code. Raises BadCode."""
    if not CODE.fullmatch(code):
        raise BadCode(code[:LONGEST_CODE])
    return code
