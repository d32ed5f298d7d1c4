"""Finds where everything below is an older message: dashes with words, header lines, a request to answer above."""

from __future__ import annotations

import re
from functools import cache

from channels.email.new_text.rows import Hint, Row
from channels.email.words import plain, words

# Our own letters may carry this line; what stands below it when they come back is ours.
REPLY_MARKER = "– Please answer above this line –"

_DASHES = "-‐―_=~*#—–─━ \t|>"
_LONGEST_LINE = 400
_LONGEST_MARKER = 160
_LONGEST_LABEL = 40
_BLOCK_ROWS = 14
_MOST_FILLERS = 3
_RULE = 5
_PROVEN = 3
_SENDER_ROWS = 4
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")


def find_rest(rows: list[Row], index: int) -> int | None:
    """Return where the older message begins that row `index` opens, or None when it opens none."""
    text = rows[index].text
    if len(text) > _LONGEST_LINE:
        return None
    lowered = plain(text)
    if _is_marker(lowered) or _is_named_separator(rows, index, lowered):
        return index
    if not _is_header_block(rows, index):
        return None
    return index - (_lines_of_sender(rows, index) if _role(text) == "to" else 0)


def header_end(rows: list[Row], start: int) -> int:
    """Return the last header line of the older message that begins at row `start`."""
    end, fillers = start, 0
    for index in range(start, min(start + _BLOCK_ROWS, len(rows))):
        if rows[index].text and _role(rows[index].text):
            end, fillers = index, 0
        else:
            fillers += 1
        if fillers >= _MOST_FILLERS:
            break
    return end


def is_rule(text: str) -> bool:
    """Tell whether a line consists of dashes or the like."""
    return len(text) >= _RULE and not text.strip("-‐―_=~*#—–─━＊＝－ー‥…・☆★◇◆■□+.: ")


def is_title(text: str) -> bool:
    """Tell whether a line says nothing but "Original message" or the like."""
    lists = words("quoting")
    core = plain(text[:_LONGEST_MARKER]).strip(_DASHES + ":：")
    return core in lists["forwarded"] or (core in lists["original"] and len(core) > len("original"))


def may_be_marker(text: str) -> bool:
    """Tell quickly whether a line may ask to answer above it."""
    lowered = plain(text[: _LONGEST_MARKER + 1])
    return len(text) <= _LONGEST_MARKER and any(place in lowered for place in words("quoting")["above"])


def _is_marker(text: str) -> bool:
    if len(text) > _LONGEST_MARKER:
        return False
    # Other helpdesks write "##- … -##" in every language.
    if text.startswith("##") and text.endswith("##") and len(text) > _RULE:
        return True
    lists = words("quoting")
    return any(place in text for place in lists["above"]) and any(word in text for word in lists["asking"])


def _is_named_separator(rows: list[Row], index: int, text: str) -> bool:
    core = text.strip(_DASHES + ":：")
    # Dashes on the left are enough: programs glue the header lines to those on the right.
    has_dashes = len(text) - len(text.lstrip(_DASHES)) >= 2
    if has_dashes and core.startswith(_separators()):
        rest = core[len(max((name for name in _separators() if core.startswith(name)), key=len)) :].lstrip()
        return not rest or rest[0] in _DASHES or core.startswith("forwarded by")
    # Zoho in any language; GroupWise writes ">>> Ada <ada@…> 2.11.2026 10:15 >>>".
    if has_dashes and text.endswith(("--", ">>>")) and "@" in text and _CLOCK.search(text):
        return True
    if is_title(text):
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
    needed = _PROVEN if first == "from" else _PROVEN + 1
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
    # Old Notes wrote the sender and the date on lines of their own above.
    if first == "to" and {"cc", "subject"} <= roles and "from" not in roles:
        return _lines_of_sender(rows, index) > 0
    if "from" not in roles or (first != "from" and len(roles) < needed):
        return False
    if len(roles) >= _PROVEN:
        return has_address or ("subject" in roles and "sent" in roles) or ("subject" in roles and "to" in roles)
    above = rows[index - 1].text if index else ""
    return len(roles) == 2 and has_address and (is_rule(above) or rows[index].hint is Hint.BORDER)


def _lines_of_sender(rows: list[Row], index: int) -> int:
    """Count the rows above that hold sender and time; 0 when they do not hold both."""
    above = rows[max(index - _SENDER_ROWS, 0) : index]
    first = next((place for place, row in enumerate(above) if _CLOCK.search(row.text) or "@" in row.text), 0)
    text = " ".join(row.text for row in above[first:])
    is_both = len(text) <= _LONGEST_LINE and bool(_CLOCK.search(text)) and ("@" in text or "/" in text)
    return len(above) - first if is_both else 0


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
def _separators() -> tuple[str, ...]:
    lists = words("quoting")
    return tuple(plain(name) for name in (*lists["original"], *lists["forwarded"]))


@cache
def _labels() -> dict[str, str]:
    return {plain(name): role for role, names in words("quoting")["labels"].items() for name in reversed(names)}
