"""What spreadsheets do with a text file, as far as it is known, and texts made to make them run something."""

import re
import unicodedata
from collections.abc import Iterator

from hypothesis import strategies as st

_PIECES = ["=", "+", "-", "@", "＝", "－", "\t", "\r", "\n", "\r\n", ";", ",", "|", "'", '"', " ", "\u00a0", "\u200b"]
_PIECES += ["\ufeff", "1", "x", "cmd", "(", ")", "!", "é", "日", "SUM(1)", "cmd|' /C calc'!A0", "33 1 23"]
HOSTILE = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)
_INVISIBLE = re.compile("[\x00-\x20\u00a0\u200b\ufeff]+")


def would_run(cell: str) -> bool:
    """Blanks are trimmed, compatibility forms are equal; a sign alone before words or numbers only reckons."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", cell))
    return shown.startswith(("=", "@", "+", "-"))


def could_call(cell: str) -> bool:
    """Among them, those that call a function, another sheet or another program."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", cell))
    return shown.startswith(("=", "@")) or (shown.startswith(("+", "-")) and re.search("[(|!]", cell) is not None)


def cells_as_opened(text: str, separators: str) -> Iterator[str]:
    """Split as Excel and LibreOffice do: quotation marks count only where they begin a cell."""
    at = 0
    while at <= len(text):
        cell = []
        if text[at : at + 1] == '"':
            at += 1
            while at < len(text) and not (text[at] == '"' and text[at + 1 : at + 2] != '"'):
                at += 2 if text[at] == '"' else 1
                cell.append(text[at - 1])
            at += 1
        while at < len(text) and text[at] not in separators + "\r\n":
            cell.append(text[at])
            at += 1
        yield "".join(cell)
        at += 1
