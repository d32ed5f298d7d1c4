"""Finds what stands around a letter without being marked: contact data under a name, notes of lawyers, warnings."""

from __future__ import annotations

import re
from functools import cache

from channels.email.new_text.rows import Mark, Row
from channels.email.new_text.separators import is_rule
from channels.email.words import plain, words

_LONGEST_BLOCK = 16
_LONGEST_ROW = 140
_LONGEST_VALEDICTION = 40
_LONGEST_NAME = 40
_NAME_WORDS = 4
_CONTACTS = 2
_LONGEST_LABEL = 12
_SHORTEST_NOTE = 80
_NOTE_ROWS = 40
_TOP_ROWS = 6
_WRAPPED_FROM = 60
_NUMBER = re.compile(r"\+?\(?\d[\d\s()./–-]{6,24}\d")
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,120}\.\w")
_LINK = re.compile(r"\b(?:https?://|www\.)\S|\b[a-z0-9-]{2,60}\.(?:com|net|org|de|fr|co\.uk)\b", re.I)
_COLON = re.compile(r":\s*")
_SENTENCE_END = re.compile(r"[a-zà-ÿа-яё]{2}[.?!…]$|[。？！]$|\?$")


def is_valediction(text: str) -> bool:
    """Tell whether a line begins as the last lines of letters do."""
    return len(text) <= _LONGEST_ROW and plain(text).startswith(_valedictions())


def contact_block(rows: list[Row], filled: list[int]) -> int | None:
    """Return where the contact data begin that stand under "Regards" and a name, None when it is not sure."""
    for place in range(len(filled) - 1, max(len(filled) - _LONGEST_BLOCK, 0) - 1, -1):
        text = rows[filled[place]].text
        if len(text) <= _LONGEST_VALEDICTION and is_valediction(text):
            break
    else:
        return None
    below = filled[place + 1 :]
    if below and _is_name(rows[below[0]].text):
        below = below[1:]
    texts = [rows[index].text for index in below]
    if any(len(text) > _LONGEST_ROW or _SENTENCE_END.search(text) for text in texts):
        return None
    # Links alone may be footnotes.
    if not any(_is_reachable(text) for text in texts) or sum(_is_contact(text) for text in texts) < _CONTACTS:
        return None
    return below[0]


def framed_block(rows: list[Row], filled: list[int]) -> int | None:
    """Return where the contact data begin that stand between two lines of dashes at the end, as in Japan."""
    if not filled or not is_rule(rows[filled[-1]].text):
        return None
    for place in range(len(filled) - 2, max(len(filled) - _LONGEST_BLOCK, 1) - 1, -1):
        if is_rule(rows[filled[place]].text):
            inside = [rows[index].text for index in filled[place + 1 : -1]]
            is_sure = any(_is_reachable(text) for text in inside) and not any(map(_SENTENCE_END.search, inside))
            return filled[place] if is_sure else None
    return None


def note(rows: list[Row], filled: list[int]) -> int | None:
    """Return where the note on confidentiality begins with which a letter ends."""
    for index in filled[max(len(filled) - _NOTE_ROWS, 2) :]:
        if index and rows[index - 1].text:
            continue
        first = plain(_paragraph(rows, index))
        if not _has(first, "letter") or not (_has(first, "confidential") or _has(first, "mistaken")):
            continue
        rest = plain(" ".join(rows[place].text for place in filled if place >= index))
        if len(rest) >= _SHORTEST_NOTE and _has(rest, "confidential") and _has(rest, "mistaken"):
            return next(place for place in filled if place >= index and _is_of_note(rows[place].text))
    return None


def mark_warnings(rows: list[Row]) -> None:
    """Mark what the recipient's mail server wrote above a letter: "This message came from outside"."""
    filled = [index for index, row in enumerate(rows) if row.text][:_TOP_ROWS]
    for index in filled:
        if rows[index].mark is not Mark.TEXT:
            continue
        lowered = _COLON.sub(": ", plain(rows[index].text)).lstrip("*[!<( ")
        if not lowered.startswith(tuple(words("closing")["warnings"])):
            return
        for row in rows[index:]:
            if not row.text:
                break
            row.mark = Mark.SIGNATURE
            if len(row.text) < _WRAPPED_FROM or row.text.endswith((".", "]", "*")):
                break


def _has(text: str, list_name: str) -> bool:
    return any(word in text for word in words("closing")[list_name])


def _paragraph(rows: list[Row], first: int) -> str:
    text = []
    for row in rows[first : first + _NOTE_ROWS]:
        if not row.text or row.mark is not Mark.TEXT:
            break
        text.append(row.text)
    return " ".join(text)


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and len(text.split()) <= _NAME_WORDS and not _is_contact(text)


def _is_of_note(text: str) -> bool:
    lowered = plain(text)
    return _has(lowered, "letter") or _has(lowered, "confidential") or _has(lowered, "mistaken")


def _is_contact(text: str) -> bool:
    return bool(_LINK.search(text)) or _is_reachable(text)


def _is_reachable(text: str) -> bool:
    """Tell whether a line holds an address or a telephone number."""
    label = plain(text[:_LONGEST_LABEL]).lstrip(" *•|")
    has_label = label.startswith(tuple(words("closing")["contacts"]))
    return bool(_ADDRESS.search(text)) or (bool(_NUMBER.search(text)) and (has_label or "+" in text or "(" in text))


@cache
def _valedictions() -> tuple[str, ...]:
    return tuple(plain(line) for line in words("closing")["valedictions"])
