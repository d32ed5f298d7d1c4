"""The lines of a letter as rows, each with what is known of it before its words are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from channels.email.words import without_direction

MOST_ROWS = 20_000

# "AL> text": The Bat! quotes with the initials of the writer.
_INITIALS = re.compile(r" ?[A-ZА-ЯЁ]{1,3}>+(?: |$)")


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
    rows = []
    for line in text.split("\n", MOST_ROWS):
        line = line.rstrip()
        is_quoted = (line.startswith(">") and not line.startswith(">From ")) or bool(_INITIALS.match(line))
        rows.append(Row(without_direction(line).strip(), line, Mark.QUOTE if is_quoted else Mark.TEXT))
    return rows
