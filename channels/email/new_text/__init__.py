"""Only the new text of a letter: history and signatures are folded away, the HTML's marks are asked first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from channels.email.new_text.markup import html_rows
from channels.email.new_text.rows import plain_rows
from channels.email.new_text.separators import REPLY_MARKER
from channels.email.new_text.splitting import Split, split_rows

__all__ = ["REPLY_MARKER", "NewText", "find_new_text"]

_WORD = re.compile(r"\w+")
_URL = re.compile(r"[<(\[]?\b(?:https?://|mailto:|www\.)\S{1,2000}")
_STUB_WORDS = 12
_COMPARED = 400_000


@dataclass(frozen=True, slots=True)
class NewText:
    """`text` is new, `quoted` folded away, `full` the whole letter as text."""

    text: str
    quoted: str
    full: str


def find_new_text(plain: str, html: str) -> NewText:
    """Return what is new in a letter that came as plain text, HTML, or both. Time grows only with its length."""
    if not html.strip():
        return _of(split_rows(plain_rows(plain)), plain)
    rows = html_rows(html)
    full = "\n".join(row.shown for row in rows)
    by_html = split_rows(rows)
    if not plain.strip() or _is_stub(plain, full):
        return _of(by_html, full)
    by_plain = split_rows(plain_rows(plain))
    return _of(_better(by_plain, by_html), plain)


def _of(split: Split, full: str) -> NewText:
    return NewText(split.text, split.quoted, full.strip("\n").rstrip())


def _is_stub(plain: str, shown: str) -> bool:
    """Tell whether the plain form only says that a better program is needed."""
    count = len(_WORD.findall(plain[:_COMPARED]))
    return count < 60 and len(_words(shown)) > max(3 * count, _STUB_WORDS)


def _better(by_plain: Split, by_html: Split) -> Split:
    """Choose the form whose new text is cut right: the markup knows more, the plain form reads better."""
    plain_words, html_words = _words(by_plain.text), _words(by_html.text)
    if not html_words or plain_words == html_words or not by_html.quoted:
        return by_plain
    if not by_plain.quoted:
        return by_html
    return by_plain if len(plain_words) <= len(html_words) else by_html


def _words(text: str) -> list[str]:
    return _WORD.findall(_URL.sub(" ", text[:_COMPARED]).lower())
