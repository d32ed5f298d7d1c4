"""Finds signatures, lines of mail programs ("Sent from my phone") and footers of lists at the end of a text."""

from __future__ import annotations

import re
from functools import cache

from channels.email.new_text.closings import contact_block, framed_block, note
from channels.email.new_text.rows import Hint, Mark, Row
from channels.email.new_text.separators import is_rule
from channels.email.words import plain, words

# The last one is put there by an extension that counts readers.
_DELIMITERS = frozenset({"--", "—", "–", "- -", "---", "*--*", "–-", "-–", "ᐧ"})
_LONGEST_SIGNATURE = 18
_LONGEST_LINE = 110
_ROWS_BEHIND_DEVICE = 3
_MOST_DEVICES = 12
_LIST_RULE = 30
_UNDERSCORES = 10
_SHORT_SIGNATURE = 6
_SHORT = 60
_LIST_NAME = re.compile(r"\b(?:mailing list|mailingliste|liste de diffusion|lista de correo)(?: -- .{0,80})?$")
_LIST_FOOTER = 7
_FEW_WORDS = 9
_SHORT_DEVICES = ("cell", "pc", "laptop", "mobile")
# "Get Outlook for iOS", whatever the language, by where it leads.
_GETS_PROGRAM = re.compile(
    r"https?://aka\.ms/|https?://go\.microsoft\.com/fwlink|https?://go\.onelink\.me/|https?://overview\.mail\.yahoo"
)
_LINK = re.compile(r"[<(\[]?\b(?:https?://|www\.)\S{1,600}")


def mark_signatures(rows: list[Row]) -> None:
    """Mark what stands under the new text, wherever a stretch of it ends."""
    start = 0
    for end in range(len(rows) + 1):
        if end < len(rows) and (rows[end].mark is Mark.TEXT or rows[end].is_blank):
            continue
        if start < end:
            _mark_stretch(rows, start, end)
        start = end + 1


def is_program_line(text: str) -> bool:
    """Tell whether a line was put under a letter by the program that sent it."""
    if "http" in text and _GETS_PROGRAM.search(text) and len(text.split()) <= _FEW_WORDS:
        return True
    lowered = plain(_LINK.sub("", text)).strip(" \t*_[]()<>|-–—.:\"'")
    if not lowered or len(lowered) > _LONGEST_LINE:
        return False
    if lowered.startswith(_program_lines()):
        # "Sent from my desk, which is easier" is a sentence.
        start = next(line for line in _program_lines() if lowered.startswith(line))
        first, _, more = lowered[len(start) :].partition(",")
        return not more or any(device in start + first for device in (*words("closing")["devices"], *_SHORT_DEVICES))
    may_be_one = lowered.startswith(_maybe_program_lines()) or lowered.endswith(_program_ends())
    return may_be_one and any(device in lowered for device in words("closing")["devices"])


def _mark_stretch(rows: list[Row], start: int, end: int) -> None:
    for index in range(start, end):
        if rows[index].hint is Hint.SIGNATURE:
            rows[index].mark = Mark.SIGNATURE
    filled = [index for index in range(start, end) if rows[index].text and rows[index].mark is Mark.TEXT]
    if not filled:
        return
    cut = _first_of(_delimiter(rows, filled), _footer(rows, filled), note(rows, filled), framed_block(rows, filled))
    if cut is not None:
        _mark_from(rows, cut, end)
        filled = [index for index in filled if index < cut]
    # People write under the line of the program, too.
    if len(filled) > 1 and is_program_line(rows[filled[0]].text):
        rows[filled.pop(0)].mark = Mark.SIGNATURE
    for _ in range(_MOST_DEVICES):
        device = _device_line(rows, filled)
        if device is None:
            break
        _mark_from(rows, device, end)
        filled = [index for index in filled if index < device]
    contacts = contact_block(rows, filled)
    if contacts is not None:
        _mark_from(rows, contacts, end)


def _delimiter(rows: list[Row], filled: list[int]) -> int | None:
    """The signature begins at the last delimiter that has few enough lines under it."""
    for index in filled[-_LONGEST_SIGNATURE - 1 :]:
        if rows[index].text in _DELIMITERS:
            return index
    # A line of underscores and a few words, none of them a sentence.
    for place, index in enumerate(filled[-_SHORT_SIGNATURE - 1 :], start=max(len(filled) - _SHORT_SIGNATURE - 1, 0)):
        below = [rows[following].text for following in filled[place + 1 :]]
        is_line = len(rows[index].text) >= _UNDERSCORES and not rows[index].text.strip("_")
        if place and is_line and below and all(len(text) <= _SHORT and text[-1] not in ".?!:" for text in below):
            return index
    return None


def _footer(rows: list[Row], filled: list[int]) -> int | None:
    lists = words("closing")
    for place, index in enumerate(filled[-_LIST_FOOTER - 1 :], start=max(len(filled) - _LIST_FOOTER - 1, 0)):
        text = rows[index].text
        lowered = plain(text)
        behind = " ".join(rows[following].text for following in filled[place + 1 :])
        is_list = _LIST_NAME.search(lowered) and ("http" in behind or "@" in behind)
        if is_list or any(lowered.startswith(footer) for footer in lists["footers"]):
            above = filled[place - 1] if place else index
            return index if rows[above].text.strip("_-=") else above
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
