"""The filter that shows what people wrote as plain text: escaped, with its web addresses as links."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# One pass without backtracking: the schemes are fixed words and the rest is a single class of a bounded length.
_ADDRESS = re.compile(r"\b(?:https?://|mailto:)[^\s<>\"\x00-\x1f]{1,2000}", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_TRAILING = ".,;:!?'\u2019\u201d\u00bb\u2026"
_LINK = '<a href="{0}" rel="nofollow noopener noreferrer" target="_blank">{1}</a>'


@register.filter
def prose(text: str | None) -> SafeString:
    """Escaped text whose http, https and mailto addresses are links; line breaks stay as they are for CSS to keep.

    Takes time in proportion to the length: a letter may be long and hostile.
    """
    parts: list[str] = []
    position = 0
    text = str(text or "")
    for match in _ADDRESS.finditer(text):
        address = _without_punctuation(match[0])
        parts.append(escape(text[position : match.start()]))
        parts.append(_LINK.format(escape(address), escape(address)))
        position = match.start() + len(address)
    parts.append(escape(text[position:]))
    return mark_safe("".join(parts))  # noqa: S308  every part was escaped above


def _without_punctuation(address: str) -> str:
    """The address without the end of the sentence it stands in; a bracket it opened itself stays."""
    end = len(address)
    surplus = {closing: address.count(closing) - address.count(opening) for closing, opening in _CLOSING.items()}
    while end > 1:
        last = address[end - 1]
        if last in _CLOSING and surplus[last] > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]
