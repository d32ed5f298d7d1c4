"""The lines of a letter as rows, each with what is known of it before its words are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from channels.email.words import without_direction

MOST_ROWS = 20_000

# "AL> text": The Bat! quotes with the initials of the writer.
_INITIALS = re.compile(r" ?[A-ZА-ЯЁ]{1,3}>+(?: |$)")

# The bracket of an address that was wrapped: "<ada@shopper.example" and then "> wrote:".
_BRACKET = re.compile(r">[\s)]*[^\d>]{0,40}[:：]\s*$")
_GROUPWISE = re.compile(r">>> [^>]{0,200}(?:>[^>]{0,60})?>>>$")


class Mark(StrEnum):
    """What a row is: of the new text, or folded away for one of these reasons."""

    TEXT = "text"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    SIGNATURE = "signature"
    REST = "rest"


class Hint(StrEnum):
    """What the markup says of a row before its words are read."""

    NONE = ""
    INDENT = "indent"
    BARE = "bare"
    CONTAINER = "container"
    BORDER = "border"
    ATTRIBUTION = "attribution"
    SIGNATURE = "signature"
    REST = "rest"


@dataclass(slots=True)
class Row:
    """A line of a letter. `text` is what it says, `shown` how it is written with its marks of quotation."""

    text: str
    shown: str
    mark: Mark = Mark.TEXT
    hint: Hint = Hint.NONE

    @property
    def is_blank(self) -> bool:
        return not self.text

    @property
    def is_quoted(self) -> bool:
        return self.mark is Mark.QUOTE


def plain_rows(text: str) -> list[Row]:
    """Return the rows of plain text; what stands beyond `MOST_ROWS` is one row."""
    rows: list[Row] = []
    for line in text.split("\n", MOST_ROWS):
        line = line.rstrip()
        is_quoted = (line.startswith(">") and not line.startswith(">From ")) or bool(_INITIALS.match(line))
        is_wrapped = is_quoted and bool(rows) and bool(_BRACKET.match(line)) and _is_open(rows[-1])
        is_quoted = is_quoted and not is_wrapped and not _GROUPWISE.match(line)
        rows.append(Row(without_direction(line).strip(), line, Mark.QUOTE if is_quoted else Mark.TEXT))
    return rows


def _is_open(row: Row) -> bool:
    """Tell whether an address begins in a row and does not end there."""
    return not row.is_quoted and (row.text.rfind("<") > row.text.rfind(">") or row.text.startswith("mailto:"))
