"""Finds the lines that say who wrote what is quoted below them: "On Monday, Ada wrote:" in many languages."""

from __future__ import annotations

import re
from functools import cache

from channels.email.new_text.rows import Hint, Mark, Row
from channels.email.words import plain, words

_MOST_ROWS = 5
_LONGEST = 500
# "a écrit :" begins as an attribution may, and is the end of one.
_SHORTEST = 14
_FEWEST_WORDS = 3
_LONGEST_SURE = 220
_COLONS = (":", "：", ":*", ":_", ": *", ":>", ":**")
_EMAIL = re.compile(r"[^\s<>@\[\]():;,]{1,64}@[^\s<>@\[\]():;,]{1,120}")
_YEAR = re.compile(r"(?<!\d)(?:19|20|25)\d\d(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.h時点点시]\s?\d{2}(?!\d)|(?<!\d)\d{1,2}\s?(?:am|pm|uhr)\b|[上下]午")
_DAY = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d月\s?\d|\d월\s?\d")
_ENDS_IN_ADDRESS = re.compile(r"[<(\[][^\s<>@]{1,64}@[^\s<>@]{1,120}[>)\]]+\s*[:：]\W*$")
_DASHED = "-–—= "
# Gmail of long ago: "2013/7/20 Ada <ada@…>", "2016-03-03 17:21 GMT+01:00 Ada".
_BARE_DATE = re.compile(
    r"\d{4}[/-]\d{1,2}[/-]\d{1,2} (?:(?:\d{1,2}:\d{2} )?(?:[^<>@:]{1,80} )?<?[^\s<>@]{1,64}@[^\s<>@]{1,120}>|"
    r"\d{1,2}:\d{2} (?:gmt|utc)[+-]\d{1,2}:\d{2} [^<>@:]{2,80})\W*$"
)
# "Yes, blue. On 2 November 2026, Ada wrote:" on one line.
_STARTS_INSIDE = re.compile(
    r"(?<=\S)(?:\s+|\s*-{2,}\s*)(?=(?:On|Am|Le|El|Il|Op|Em|Den|På|W dniu|Dnia)\s(?:\w{2,12}[.,]{0,2}\s){0,2}\d{1,4})"
)
_LONGEST_SHARED = 600
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
        if row.is_blank and first < last and rows[first + 1].text.startswith(("<", "mailto:")):
            continue
        if row.is_blank or row.is_quoted or row.hint is Hint.INDENT:
            break
        text = plain(" ".join(candidate.text for candidate in rows[first : last + 1])).lstrip("-–—*_ \t~>\"'")
        if len(text) > _LONGEST:
            break
        if not _is_attribution(text, quote_follows):
            continue
        names_somebody = bool(_verbs().search(text) or _EMAIL.search(text))
        if _begins(text) and names_somebody and len(text) >= _SHORTEST:
            return first
        # "wrote:" or "10:15):" alone is the end of one that began further up.
        if found is None or found_words < _FEWEST_WORDS:
            found, found_words = first, len(text.split()) if names_somebody else 0
    return found


def is_bare_attribution(row: Row) -> bool:
    """Tell whether a row is an attribution that ends in neither a colon nor a verb: an old form of Gmail."""
    return row.text[:1].isdigit() and bool(_BARE_DATE.match(plain(row.text[:_LONGEST])))


def proves_attribution(text: str) -> bool:
    """Tell whether a text is an attribution beyond doubt, whatever stands below it and however it ends."""
    lowered = plain(text[:_LONGEST]).strip(_DASHED)
    return _begins(lowered) and _is_attribution(lowered.rstrip(":： ") + ":", False)


def attribution_above(rows: list[Row], start: int) -> int:
    """Return where the attribution above row `start` begins; `start` itself when none stands there.

    Some programs write one above a block of header lines, without a colon.
    """
    filled = [index for index in range(max(start - _MOST_ROWS, 0), start) if rows[index].text]
    for index in reversed(filled[-2:]):
        text = " ".join(rows[place].text for place in filled if place >= index)
        if _verbs().search(plain(text[:_LONGEST])) and proves_attribution(text):
            return index
    return start


def leads_quotation(rows: list[Row], first: int) -> bool:
    """Tell whether an indented stretch that begins with row `first` opens with an attribution."""
    text = ""
    for row in rows[first : first + _MOST_ROWS]:
        if row.hint is not rows[first].hint:
            break
        text = f"{text} {row.text}".strip()[:_LONGEST]
        if row.text.endswith(_COLONS):
            return proves_attribution(text)
    lowered = plain(text)
    match = _verbs().search(lowered)
    if match is None or not set(lowered[match.end() - 1 : match.end() + 2]) & {":", "："}:
        return False
    return proves_attribution(lowered[: match.end()])


def split_shared(rows: list[Row]) -> None:
    """Put an attribution that shares its line with the text before it on a line of its own."""
    for index in range(len(rows) - 2, -1, -1):
        row = rows[index]
        if not row.text.endswith(_COLONS) or row.mark is Mark.QUOTE or rows[index + 1].mark is not Mark.QUOTE:
            continue
        if len(row.text) > _LONGEST_SHARED:
            continue
        for match in _STARTS_INSIDE.finditer(row.text):
            new, text = row.text[: match.start()].rstrip(), row.text[match.start() :].strip()
            if _verbs().search(plain(text)) and proves_attribution(text):
                rows[index : index + 1] = [Row(new, new, row.mark, row.hint), Row(text, text, row.mark, row.hint)]
                break


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
    if row.is_blank or row.is_quoted:
        return False
    text = row.text
    if text.startswith("--"):
        # Zoho and Samsung: "---- On …, Ada wrote ----".
        return text.endswith(("-", "–", "—")) or text.endswith(_COLONS)
    return text.endswith(_COLONS) or text.endswith(_endings()) or is_bare_attribution(row)


def _is_attribution(text: str, quote_follows: bool) -> bool:
    if _BARE_DATE.match(text):
        return True
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
