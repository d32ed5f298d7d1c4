"""Finds signatures, lines of mail programs ("Sent from my phone") and footers of lists at the end of a text."""

from __future__ import annotations

import re
from functools import cache

from channels.email.new_text.rows import Hint, Mark, Row
from channels.email.new_text.separators import is_rule
from channels.email.words import plain, words

_DELIMITERS = frozenset({"--", "—", "–", "- -", "---", "*--*", "–-", "-–"})
_LONGEST_SIGNATURE = 18
_LONGEST_LINE = 110
_ROWS_BEHIND_DEVICE = 3
_LIST_RULE = 30
_LIST_FOOTER = 7
_LINK = re.compile(r"[<(\[]?\b(?:https?://|www\.)\S{1,600}")


def mark_signatures(rows: list[Row]) -> None:
    """Mark what stands under the new text, wherever a stretch of it ends."""
    start = 0
    for end in range(len(rows) + 1):
        if end < len(rows) and (rows[end].mark is Mark.TEXT or rows[end].is_blank):
            continue
        _mark_stretch(rows, start, end)
        start = end + 1


def is_program_line(text: str) -> bool:
    """Tell whether a line was put under a letter by the program that sent it."""
    lowered = plain(_LINK.sub("", text)).strip(" \t*_[]()<>|-–—.:\"'")
    if not lowered or len(lowered) > _LONGEST_LINE:
        return False
    if lowered.startswith(_program_lines()):
        return True
    may_be_one = lowered.startswith(_maybe_program_lines()) or lowered.endswith(_program_ends())
    return may_be_one and any(device in lowered for device in words("closing")["devices"])


def _mark_stretch(rows: list[Row], start: int, end: int) -> None:
    for index in range(start, end):
        if rows[index].hint is Hint.SIGNATURE:
            rows[index].mark = Mark.SIGNATURE
    filled = [index for index in range(start, end) if rows[index].text and rows[index].mark is Mark.TEXT]
    cut = _first_of(_delimiter(rows, filled), _footer(rows, filled))
    if cut is not None:
        _mark_from(rows, cut, end)
        filled = [index for index in filled if index < cut]
    device = _device_line(rows, filled)
    if device is not None:
        _mark_from(rows, device, end)


def _delimiter(rows: list[Row], filled: list[int]) -> int | None:
    """The signature begins at the last delimiter that has few enough lines under it."""
    for index in filled[-_LONGEST_SIGNATURE - 1 :]:
        if rows[index].text in _DELIMITERS:
            return index
    return None


def _footer(rows: list[Row], filled: list[int]) -> int | None:
    lists = words("closing")
    for place, index in enumerate(filled[-_LIST_FOOTER - 1 :], start=max(len(filled) - _LIST_FOOTER - 1, 0)):
        text = rows[index].text
        lowered = plain(text)
        if any(lowered.startswith(footer) for footer in lists["footers"]):
            above = filled[place - 1] if place else index
            return above if is_rule(rows[above].text) else index
        behind = " ".join(rows[following].text for following in filled[place + 1 :])
        if is_rule(text) and len(text) >= _LIST_RULE and ("http" in behind or "@" in behind):
            return index
    return None


def _device_line(rows: list[Row], filled: list[int]) -> int | None:
    for index in filled[-_ROWS_BEHIND_DEVICE - 1 :]:
        if is_program_line(rows[index].text):
            return index
    return None


def _mark_from(rows: list[Row], first: int, end: int) -> None:
    for row in rows[first:end]:
        if row.mark is Mark.TEXT:
            row.mark = Mark.SIGNATURE


def _first_of(*found: int | None) -> int | None:
    return min((index for index in found if index is not None), default=None)


@cache
def _program_lines() -> tuple[str, ...]:
    return tuple(plain(line) for line in words("closing")["sent_from"])


@cache
def _maybe_program_lines() -> tuple[str, ...]:
    return tuple(plain(line) for line in words("closing")["sent_by"])


@cache
def _program_ends() -> tuple[str, ...]:
    return tuple(plain(line) for line in words("closing")["sent_from_ends"])
