"""Finds where everything below is an older message: dashes with words, header lines, a request to answer above."""

from __future__ import annotations

from functools import cache

from channels.email.new_text.rows import Hint, Row
from channels.email.words import plain, words

# Our own letters may carry this line; what stands below it when they come back is ours.
REPLY_MARKER = "– Please answer above this line –"

_DASHES = "-_=~*#—–─━ \t|>"
_LONGEST_LINE = 400
_LONGEST_LABEL = 40
_BLOCK_ROWS = 14
_MOST_FILLERS = 3
_RULE = 5


def begins_rest(rows: list[Row], index: int) -> bool:
    """Tell whether the older message begins with row `index`."""
    text = rows[index].text
    if len(text) > _LONGEST_LINE:
        return False
    lowered = plain(text)
    return _is_marker(lowered) or _is_named_separator(rows, index, lowered) or _is_header_block(rows, index)


def is_rule(text: str) -> bool:
    """Tell whether a line consists of dashes or the like."""
    return len(text) >= _RULE and not text.strip("-_=~*#—–─━ ")


def _is_marker(text: str) -> bool:
    return len(text) < 200 and any(marker in text for marker in _markers())


def _is_named_separator(rows: list[Row], index: int, text: str) -> bool:
    core = text.strip(_DASHES + ":：")
    lists = words("quoting")
    # Dashes on the left are enough: programs glue the header lines to those on the right.
    has_dashes = len(text) - len(text.lstrip(_DASHES)) >= 2
    if has_dashes and core.startswith(_separators()):
        rest = core[len(max((name for name in _separators() if core.startswith(name)), key=len)) :]
        return not rest or not rest[0].isalpha() or core.startswith("forwarded by")
    if core in lists["forwarded"] or (core in lists["original"] and len(core) > len("original")):
        return _label_follows(rows, index)
    if has_dashes and text.endswith(("--", "__", "==")) and 0 < len(core.split()) <= _MOST_FILLERS + 1:
        return _unknown_block_follows(rows, index)
    return False


def _label_follows(rows: list[Row], index: int) -> bool:
    following = [row.text for row in rows[index + 1 : index + 5] if row.text]
    return bool(following) and _role(following[0]) != ""


def _unknown_block_follows(rows: list[Row], index: int) -> bool:
    """Tell whether "Word: value" lines with an address follow: a language that we do not know."""
    following = [row.text for row in rows[index + 1 : index + 9] if row.text]
    labelled = [text for text in following if 0 < _colon(text) <= _LONGEST_LABEL]
    return len(labelled) >= 3 and following[0] in labelled and any("@" in text for text in labelled)


def _is_header_block(rows: list[Row], index: int) -> bool:
    first = _role(rows[index].text)
    if rows[index].hint is Hint.BORDER and _unknown_block_follows(rows, index - 1):
        return True
    if first not in ("from", "sent", "subject", "to"):
        return False
    roles, has_address, fillers = {first}, "@" in rows[index].text, 0
    for row in rows[index + 1 : index + _BLOCK_ROWS]:
        role = "" if row.is_blank else _role(row.text)
        # A long list of recipients is wrapped; some programs put empty lines between.
        fillers = 0 if role else fillers + 1
        if fillers >= _MOST_FILLERS:
            break
        if role:
            roles.add(role)
            has_address = has_address or "@" in row.text
    if "from" not in roles or (first != "from" and len(roles) < 4):
        return False
    if len(roles) >= 3:
        return has_address or ("subject" in roles and "sent" in roles) or ("subject" in roles and "to" in roles)
    above = rows[index - 1].text if index else ""
    return len(roles) == 2 and has_address and (is_rule(above) or rows[index].hint is Hint.BORDER)


def _role(text: str) -> str:
    colon = _colon(text)
    if colon <= 0:
        return ""
    return _labels().get(plain(text[:colon]).strip(" *_\t>|•·\"'"), "")


def _colon(text: str) -> int:
    """Return where the label of a header line ends, 0 when there is none."""
    head = text[: _LONGEST_LABEL + 1].replace("：", ":")
    return max(head.find(":"), 0)


@cache
def _markers() -> tuple[str, ...]:
    return (plain(REPLY_MARKER).strip("– "), *(plain(marker) for marker in words("quoting")["markers"]))


@cache
def _separators() -> tuple[str, ...]:
    lists = words("quoting")
    return tuple(plain(name) for name in (*lists["original"], *lists["forwarded"]))


@cache
def _labels() -> dict[str, str]:
    return {plain(name): role for role, names in words("quoting")["labels"].items() for name in reversed(names)}
