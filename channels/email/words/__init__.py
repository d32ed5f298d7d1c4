"""Words by which mail of many languages is understood; the lists are the data files beside this module."""

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any


@cache
def words(name: str) -> dict[str, Any]:
    """Return the lists of the data file `name`."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """Return the form in which texts are compared with the lists: compatibility form, lower case, straight quotes."""
    return unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("\u200e", "").replace("\u200f", "")
