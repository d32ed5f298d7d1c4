"""Decides which rows of a letter are its new text and which are folded away."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.email.new_text.attributions import (
    attribution_above,
    find_attribution,
    leads_quotation,
    may_end_attribution,
    opens_with_attribution,
    proves_attribution,
    split_shared,
)
from channels.email.new_text.closings import is_valediction, mark_warnings
from channels.email.new_text.rows import Hint, Mark, Row
from channels.email.new_text.separators import find_rest, header_end, is_rule, is_title, may_be_marker
from channels.email.new_text.signatures import is_program_line, mark_signatures

_MOST_CHECKS = 3_000
_LOOK_AHEAD = 4
_WRAPPED_FROM = 60
_LINK_ALONE = re.compile(r"[(<\[]https?://\S{1,2000}[)>\]](?:\s*>)?")
_OPEN_LINK = re.compile(r"[(<\[]https?://[^\s()<>\[\]]{0,2000}$")
_LONGEST_EXAMPLE = 15
_DIGITS = re.compile(r"\d{4}|@")
_LEAD_ENDS = (":", "：", ">")
_SIGN_OFF_ROWS = 4
_LONGEST_NAME = 50
_SENTENCE_ENDS = ".?!:;…。？！"


@dataclass(frozen=True, slots=True)
class Split:
    """The new text, and what was folded away ("" when nothing was)."""

    text: str
    quoted: str


def split_rows(rows: list[Row]) -> Split:
    """Return new and old; when nothing new would be left, everything is new."""
    split_shared(rows)
    _mend_wrapped(rows)
    _mark_older(rows)
    mark_warnings(rows)
    mark_signatures(rows)
    split = _compose(rows, _kept(rows))
    if split.text:
        return split
    if any(row.mark is Mark.SIGNATURE and row.text and not is_program_line(row.text) for row in rows):
        # Somebody wrote inside the field of the signature.
        for row in rows:
            row.mark = Mark.TEXT if row.mark is Mark.SIGNATURE else row.mark
        split = _compose(rows, _kept(rows))
    return split if split.text else _compose(rows, [True] * len(rows))


def _mark_older(rows: list[Row]) -> None:
    checks = 0
    has_quotes = has_written = False
    behind_headers = 0
    for index, row in enumerate(rows):
        if row.mark is not Mark.TEXT:
            has_quotes = has_quotes or row.is_quoted
            continue
        if row.hint is Hint.REST:
            _mark_rest(rows, index)
            return
        if row.is_blank:
            continue
        if row.hint is Hint.INDENT:
            _mark_indented(rows, index)
        elif checks < _MOST_CHECKS and index >= behind_headers and _may_matter(row):
            checks += 1
            start = find_rest(rows, index)
            if start is not None and not has_written:
                # Passed on without a word: what is passed on is what is new, and what it answers is not.
                behind_headers = header_end(rows, index) + 1
            elif start is not None or opens_with_attribution(row) or _mark_attribution(rows, index, has_quotes):
                _mark_rest(rows, index if start is None else attribution_above(rows, start))
                return
        has_written = has_written or row.mark is Mark.TEXT


def _may_matter(row: Row) -> bool:
    """Separators, header lines and attributions have a colon or dashes, or ask to answer above a line."""
    text = row.text
    return (
        ":" in text
        or "：" in text
        or text[0] in "-‐_=~*#—–─━>"
        or row.hint is not Hint.NONE
        or (len(text) < 200 and may_end_attribution(row))
        or may_be_marker(text)
    )


def _mark_attribution(rows: list[Row], last: int, has_quotes: bool) -> bool:
    """Mark the attribution that ends with row `last`; True when bare older text follows it to the end."""
    row = rows[last]
    quote_follows = _quote_follows(rows, last)
    first = find_attribution(rows, last, quote_follows)
    if first is None:
        # People also write inside the element that holds the attribution.
        is_hinted = row.hint is Hint.ATTRIBUTION or (row.hint is Hint.CONTAINER and not has_quotes)
        is_lead = quote_follows and row.text.endswith(_LEAD_ENDS)
        first = last if is_hinted and (is_lead or proves_attribution(row.text)) else None
        quote_follows = True
    if first is None:
        return False
    for index in range(first, last + 1):
        rows[index].mark = Mark.ATTRIBUTION
    return not quote_follows


def _quote_follows(rows: list[Row], index: int) -> bool:
    for row in rows[index + 1 : index + 1 + _LOOK_AHEAD]:
        if row.is_quoted or row.hint is Hint.INDENT:
            return True
        if row.text:
            return False
    return False


def _mark_indented(rows: list[Row], index: int) -> None:
    """Indented text is a quotation where an attribution stands above it, and a matter of style elsewhere."""
    above = next((row for row in reversed(rows[max(index - _LOOK_AHEAD, 0) : index]) if row.text), None)
    is_led = above is not None and (above.mark is Mark.ATTRIBUTION or (above.is_quoted and above.hint is Hint.INDENT))
    is_first = index == 0 or rows[index - 1].hint is not Hint.INDENT
    if is_led or (is_first and leads_quotation(rows, index)):
        rows[index].mark = Mark.QUOTE


def _mend_wrapped(rows: list[Row]) -> None:
    """Give back to a quotation the end of a line that a careless program wrapped."""
    for above, row, below in zip(rows, rows[1:], rows[2:], strict=False):
        if above.mark is not Mark.QUOTE or row.mark is not Mark.TEXT or not row.text or not below.is_quoted:
            continue
        is_rest_of_line = (
            row.text[:1].islower() and len(above.shown) >= _WRAPPED_FROM and above.text[-1:] not in _SENTENCE_ENDS
        )
        if is_rest_of_line or _LINK_ALONE.fullmatch(row.text) or _OPEN_LINK.search(above.text):
            row.mark = Mark.QUOTE


def _mark_rest(rows: list[Row], start: int) -> None:
    while start and (rows[start - 1].is_blank or is_rule(rows[start - 1].text) or is_title(rows[start - 1].text)):
        start -= 1
    for row in rows[start:]:
        row.mark = Mark.REST


def _kept(rows: list[Row]) -> list[bool]:
    """Quotations between answers stay, those around the new text go."""
    written = [index for index, row in enumerate(rows) if row.mark is Mark.TEXT and row.text]
    if not written:
        return [False] * len(rows)
    while len(written) > 1 and is_rule(rows[written[-1]].text) and any(row.text for row in rows[written[-1] + 1 :]):
        written.pop()
    first, last = written[0], _cited_end(rows, written[-1])
    quoted = [index for index, row in enumerate(rows) if row.is_quoted and row.text and index < written[-1]]
    is_answered_between = any(index > first for index in quoted)
    if is_answered_between and _is_signed_below(rows, written, quoted):
        return [index <= last and row.mark is Mark.TEXT for index, row in enumerate(rows)]
    has_attribution = any(row.mark is Mark.ATTRIBUTION for row in rows[:first])
    if (quoted and not has_attribution) or is_answered_between:
        first = 0
    shown = {Mark.TEXT, Mark.QUOTE, Mark.ATTRIBUTION}
    last = _example_end(rows, last)
    return [first <= index <= last and row.mark in shown for index, row in enumerate(rows)]


def _cited_end(rows: list[Row], last: int) -> int:
    """Return the end of a quotation between the last line written and the attribution of the history."""
    if any(row.is_quoted or row.mark is Mark.ATTRIBUTION for row in rows[:last]):
        return last
    below = next((index for index in range(last + 1, len(rows)) if rows[index].text), last)
    if rows[below].hint is Hint.BARE and not leads_quotation(rows, below):
        # What people paste into the editors of forums and helpdesks has no attribution either.
        return next(
            (index - 1 for index in range(below, len(rows)) if rows[index].hint is not Hint.BARE), len(rows) - 1
        )
    attribution = next((index for index in range(below, len(rows)) if rows[index].mark is Mark.ATTRIBUTION), 0)
    if not rows[below].is_quoted or not attribution:
        return last
    return max(index for index in range(last, attribution) if rows[index].text)


def _example_end(rows: list[Row], last: int) -> int:
    """Return the end of a short quotation that the last line written leads to: "I see this error:"."""
    if not rows[last].text.endswith(_LEAD_ENDS[:2]) or _DIGITS.search(rows[last].text):
        return last
    end = last
    for index in range(last + 1, min(last + 1 + _LONGEST_EXAMPLE, len(rows))):
        if rows[index].is_quoted and rows[index].text:
            end = index
        elif rows[index].text:
            return last
    is_short = not any(row.is_quoted for row in rows[last + 1 + _LONGEST_EXAMPLE :])
    return end if is_short else last


def _is_signed_below(rows: list[Row], written: list[int], quoted: list[int]) -> bool:
    """Tell whether below the only quotation stands no answer, just "Regards" and a name."""
    below = [index for index in written if index > quoted[0]]
    return (
        quoted[-1] < below[0]
        and len(below) <= _SIGN_OFF_ROWS
        and is_valediction(rows[below[0]].text)
        and all(len(rows[index].text) <= _LONGEST_NAME for index in below)
    )


def _compose(rows: list[Row], kept: list[bool]) -> Split:
    new = [row.shown for row, is_kept in zip(rows, kept, strict=True) if is_kept]
    old = [row.shown for row, is_kept in zip(rows, kept, strict=True) if not is_kept]
    return Split(_joined(new), _joined(old))


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n").rstrip()
