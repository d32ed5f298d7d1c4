"""How texts of addresses are compared and tidied, whatever script they are written in."""

import re
import unicodedata

from core.contacts import strip_invisible
from core.text import clean_text, fold

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SINGLE = str.maketrans(
    {
        **dict.fromkeys("\u3000\u00a0\u2007\u202f\t", " "),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("，、،﹐", ","),
        **dict.fromkeys("’‘ʼʹ＇", "'"),
        "；": ";",
        "⁄": "/",
    }
)
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# Letters that are no base letter with a mark and yet are typed as one where a keyboard lacks them.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def plain(text: str) -> str:
    """The form under which two spellings of a name are equal: no case, no marks above or below letters."""
    apart = unicodedata.normalize("NFD", fold(text))
    kept = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept).translate(_LETTERS).replace("’", "'")


def tidy(text: str) -> str:
    """The text with ASCII digits, commas, dashes and blanks instead of their many forms; line ends stay."""
    text = clean_text(strip_invisible(text)).translate(_FULL_WIDTH).translate(_SINGLE)
    text = "".join(_digit(letter) for letter in text)
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def tidy_value(text: str) -> str:
    """One field on one line, without marks that nobody sees."""
    return " ".join(clean_text(strip_invisible(text)).split())


def is_right_to_left(text: str) -> bool:
    """Whether any letter is of a script written from right to left."""
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)


def is_latin(text: str) -> bool:
    """Whether no letter is of another script."""
    return not any(letter.isalpha() and "LATIN" not in unicodedata.name(letter, "LATIN") for letter in text)


def has_letters(text: str) -> bool:
    """Whether there is a letter of any script."""
    return bool(re.search(r"[^\W\d_]", text))


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None or letter.isascii() else str(int(value))
