"""Finds the lines that say who wrote what is quoted below them: "On Monday, Ada wrote:" in many languages."""

from __future__ import annotations

import re
from functools import cache

from channels.email.new_text.rows import Hint, Row
from channels.email.words import plain, words

_MOST_ROWS = 5
_LONGEST = 500
_FEWEST_WORDS = 3
_LONGEST_SURE = 220
_COLONS = (":", "：", ":*", ":_", ": *", ":>", ":**")
_EMAIL = re.compile(r"[^\s<>@\[\]():;,]{1,64}@[^\s<>@\[\]():;,]{1,120}")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.h時点点시]\s?\d{2}(?!\d)|(?<!\d)\d{1,2}\s?(?:am|pm|uhr)\b|[上下]午")
_DAY = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d月\s?\d|\d월\s?\d")
_ENDS_IN_ADDRESS = re.compile(r"[<(\[][^\s<>@]{1,64}@[^\s<>@]{1,120}[>)\]]+\s*[:：]\W*$")
_ENDS_IN_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s[a-z]{2,5})?\s*[:：]\W*$")


def find_attribution(rows: list[Row], last: int, quote_follows: bool) -> int | None:
    """Return the first row of the attribution that ends with row `last`, or None when that row ends none.

    `quote_follows` tells whether marked quotation is next: then less proof is asked for than in front of bare text.
    """
    if not may_end_attribution(rows[last]):
        return None
    found: int | None = None
    found_words = 0
    for first in range(last, max(last - _MOST_ROWS, -1), -1):
        row = rows[first]
        if row.is_blank or row.is_quoted or row.hint is Hint.INDENT:
            break
        text = plain(" ".join(candidate.text for candidate in rows[first : last + 1])).lstrip("-–—*_ \t~>\"'")
        if len(text) > _LONGEST:
            break
        if not _is_attribution(text, quote_follows):
            continue
        names_somebody = bool(_verbs().search(text) or _EMAIL.search(text))
        if _begins(text) and names_somebody:
            return first
        # "wrote:" or "10:15):" alone is the end of one that began further up.
        if found is None or found_words < _FEWEST_WORDS:
            found, found_words = first, len(text.split()) if names_somebody else 0
    return found


def opens_with_attribution(row: Row) -> bool:
    """Tell whether an attribution and what it introduces stand on one line: "On …, Ada <a@b> wrote:   Hello"."""
    head = plain(row.text[:_LONGEST])
    for match in _verbs().finditer(head):
        end = match.end()
        if head[end : end + 2].lstrip().startswith((":", "：")):
            text = head[:end] + ":"
            return _begins(text) and bool(_EMAIL.search(text)) and _is_attribution(text, False)
    return False


def may_end_attribution(row: Row) -> bool:
    """Tell quickly whether a row can be the last one of an attribution."""
    return (not row.is_blank and not row.is_quoted and row.text.endswith(_COLONS)) or row.text.endswith(_endings())


def _is_attribution(text: str, quote_follows: bool) -> bool:
    has_verb = bool(_verbs().search(text))
    has_email = bool(_EMAIL.search(text))
    has_time = bool(_TIME.search(text))
    has_date = has_time or bool(_YEAR.search(text) or _DAY.search(text))
    if quote_follows:
        ends_in_address = bool(_ENDS_IN_ADDRESS.search(text))
        return (has_verb and len(text) <= _LONGEST_SURE) or (has_email and (has_date or ends_in_address)) or has_time
    if len(text) > _LONGEST_SURE + 60 * has_email:
        return False
    if has_verb and has_date and (has_email or _begins(text) or _ENDS_IN_TIME.search(text)):
        return True
    return (has_email and has_date and bool(_ENDS_IN_ADDRESS.search(text))) or (
        has_verb and has_email and (bool(_ENDS_IN_ADDRESS.search(text)) or _ends_in_verb(text))
    )


def _begins(text: str) -> bool:
    return bool(_starts().match(text)) or text[:1].isdigit()


def _ends_in_verb(text: str) -> bool:
    return text.rstrip(":： *_").endswith(tuple(words("quoting")["wrote"]))


@cache
def _endings() -> tuple[str, ...]:
    """Verbs at the end of a line without a colon, in scripts whose programs leave it out."""
    return tuple(verb for verb in words("quoting")["wrote"] if not verb.isascii() and ord(verb[-1]) > 0x2E80)


@cache
def _verbs() -> re.Pattern[str]:
    verbs = sorted((plain(verb) for verb in words("quoting")["wrote"]), key=len, reverse=True)
    spaced = "|".join(re.escape(verb) for verb in verbs if ord(verb[0]) < 0x2E80)
    unspaced = "|".join(re.escape(verb) for verb in verbs if ord(verb[0]) >= 0x2E80)
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{unspaced}")


@cache
def _starts() -> re.Pattern[str]:
    starts = sorted((plain(start) for start in words("quoting")["starts"]), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(re.escape(start) for start in starts)})(?:[\s.,:，]|(?=\d))")
