"""Words by which mail of many languages is understood; the lists are the data files beside this module."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@cache
def words(name: str) -> dict[str, Any]:
    """Return the lists of the data file `name`."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return the form in which texts are compared with the lists: compatibility form, lower case, straight quotes.

    A Turkish capital "İ" becomes a plain "i".
    """
    return unicodedata.normalize("NFKC", without_direction(text)).lower().replace("’", "'").replace("i\u0307", "i")


def without_direction(text: str) -> str:
    """Return `text` without the marks that turn the reading direction, which programs put around names."""
    return text if text.isascii() else _DIRECTION.sub("", text)
