"""Rows of an HTML letter, with what its markup says of quotations and signatures."""

import re
from functools import cache

from channels.email.new_text.rows import Hint, Mark, Row
from channels.email.words import without_direction, words
from core.html_lines import Line, render_lines
from core.html_tokens import Tag

_QUOTE = "quote"
_LEFT_LINE = re.compile(r"border(?:-left)?\s*:\s*[^;]*(?:solid|\d)|border-left-(?:width|style|color)\s*:", re.I)
_NO_LINE = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)[^;]*(?:;|$)", re.I)
_TOP_LINE = re.compile(r"border-top\s*:\s*[^;]*solid", re.I)
# Yahoo puts marks of its own before the names that others gave.
_YAHOO = re.compile(r"^(?:ydp[0-9a-f]{6,10}|yiv\d{6,12})+")
_GROUPS = ("attribution", "signature", "rest", _QUOTE, "container")


def html_rows(html: str) -> list[Row]:
    """Return the rows of an HTML letter."""
    return [_row(line) for line in render_lines(html, _label)]


def _row(line: Line) -> Row:
    labels = line.labels
    # Programs that make HTML of plain text keep its marks of quotation.
    is_quoted = _QUOTE in labels or Hint.BARE.value in labels or line.text.startswith(">")
    hint = Hint.NONE
    for candidate in (Hint.REST, Hint.ATTRIBUTION, Hint.SIGNATURE, Hint.BARE, Hint.CONTAINER, Hint.BORDER):
        if candidate.value in labels:
            hint = candidate
            break
    if hint is Hint.BARE and _QUOTE in labels:
        hint = Hint.NONE
    if line.quotes and not is_quoted and hint in (Hint.NONE, Hint.CONTAINER):
        hint = Hint.INDENT
    return Row(without_direction(line.text).strip(), str(line), Mark.QUOTE if is_quoted else Mark.TEXT, hint)


@cache
def _groups() -> dict[str, str]:
    lists = words("marks")
    return {name: group for group in _GROUPS for name in lists[group]}


def _label(tag: Tag) -> str:
    """Name what an element is by the marks that mail programs leave."""
    if "=" not in tag.raw:
        # Programs that turn "> text" into HTML write it so; a mere indentation has a style.
        return Hint.BARE.value if tag.name == "blockquote" else ""
    attributes = tag.attributes()
    names = f"{attributes.get('class', '')} {attributes.get('id', '')} {attributes.get('name', '')}".lower().split()
    if "y" in {name[0] for name in names}:
        names = [_YAHOO.sub("", name) for name in names]
    if tag.name == "blockquote":
        return _QUOTE if _is_quotation(attributes, names) else ""
    if attributes.get("data-smartmail") == "gmail_signature" or "data-signature-widget" in attributes:
        return "signature"
    for name in names:
        if label := _groups().get(name):
            return label
    if tag.name in ("div", "td", "p") and _TOP_LINE.search(attributes.get("style", "")[:500]):
        return "border"
    return ""


def _is_quotation(attributes: dict[str, str], names: list[str]) -> bool:
    if attributes.get("type", "").lower() == "cite" or attributes.get("cite") or "data-quote" in attributes:
        return True
    if any(name in words("marks")["quoting_class"] for name in names):
        return True
    style = _NO_LINE.sub(";", attributes.get("style", "")[:500])
    return bool(_LEFT_LINE.search(style))
