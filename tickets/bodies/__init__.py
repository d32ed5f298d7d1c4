"""What an agent wrote: as HTML of a few harmless elements, and as the plain text beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

import nh3

from core.html import html_to_text
from core.text import clean_text
from tickets.bodies.markup import FindImage, Writer

TEXT_LIMIT = 100_000  # characters of text; longer than any letter an agent writes
HTML_LIMIT = 1_000_000  # characters of markup around it

TAGS = frozenset("p br strong em u s code a ul ol li blockquote pre img mark".split())
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_SCHEMES = {"http", "https", "mailto", "cid"}
_WEB_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"\x00-\x1f]{1,2000}", re.I)
_ENDS_SENTENCE = ".,;:!?'\")]}\u2019\u201d\u00bb\u2026"
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
_ANY_MARKUP = re.compile(r"<(?:p|br|div|a|b|i|u|em|strong|span|ul|ol)\b[^<>]*>", re.I)


class TooLong(Exception):
    """More than `TEXT_LIMIT` characters of text, or far too much markup around it."""


@dataclass(frozen=True)
class Body:
    """Both forms say the same. Without words in it, `text` is empty: a picture alone says nothing."""

    html: str
    text: str


def body_from_html(html: str, *, image: FindImage | None = None) -> Body:
    """Clean what an editor or a paste made of it. `image` says which pictures are the agent's own. Raises TooLong."""
    if len(html) > HTML_LIMIT:
        raise TooLong
    cleaned = clean(html, image=image)
    text = html_to_text(cleaned).strip()
    if len(text) > TEXT_LIMIT:
        raise TooLong
    return Body(html=cleaned if text else "", text=text)


def body_from_text(text: str) -> Body:
    """What was typed into a plain field: a blank line parts paragraphs, web addresses become links. Raises TooLong."""
    text = clean_text(text).strip()
    if len(text) > TEXT_LIMIT:
        raise TooLong
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text) if text else []
    html = "".join(f"<p>{_linked(one)}</p>" for one in paragraphs)
    return Body(html=clean(html) if html else "", text=text)


def body_from_either(words: str) -> Body:
    """A text that may hold markup, such as a signature an admin typed or designed. Raises TooLong."""
    return body_from_html(words) if _ANY_MARKUP.search(words) else body_from_text(words)


def clean(html: str, *, image: FindImage | None = None, keep_marks: bool = False) -> str:
    """The allow-list: only elements of `TAGS`, only their own attributes, everything closed and in its place.

    Our own tokenizer comes first, since nh3 is slow or explosive on unbalanced markup (`core.html_tokens`); nh3 has
    the last word. `keep_marks` is for what we marked ourselves, never for what was posted.
    """
    writer = Writer(image, keep_marks)
    written = writer.run(html)
    sources = writer.sources
    return nh3.clean(
        written,
        tags=set(TAGS if keep_marks else TAGS - {"mark"}),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=lambda tag, name, value: value if name != "src" or value in sources else None,
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def show(html: str, *, image: FindImage) -> str:
    """A stored body for a page of ours: cleaned once more, its links open elsewhere and tell nothing of us."""
    cleaned = clean(html, image=image, keep_marks=True)
    return cleaned.replace("<a href=", '<a target="_blank" rel="nofollow noopener noreferrer" href=')


def for_editor(html: str) -> str:
    """A stored body as the editor holds it: each line in an element of its own, an empty one between paragraphs."""
    blank = "<div><br></div>"

    def lines(match: re.Match[str]) -> str:
        is_followed = match.string.startswith("<p>", match.end())
        shown = "".join(f"<div>{line or '<br>'}</div>" for line in _whole_lines(match[1]))
        return shown + (blank if is_followed else "")

    return _PARAGRAPH.sub(lines, html)


def _whole_lines(paragraph: str) -> list[str]:
    """Its lines; where a format goes on over a line's end, they stay one."""
    lines = paragraph.split("<br>")
    are_whole = all(line.count("<") - line.count("<img") == 2 * line.count("</") for line in lines)
    return lines if are_whole else [paragraph]


def _linked(paragraph: str) -> str:
    parts, position = [], 0
    for match in _WEB_ADDRESS.finditer(paragraph):
        address = match[0].rstrip(_ENDS_SENTENCE)
        parts.append(_lines(paragraph[position : match.start()]))
        parts.append(f'<a href="{escape(address)}">{escape(address)}</a>')
        position = match.start() + len(address)
    return "".join([*parts, _lines(paragraph[position:])])


def _lines(text: str) -> str:
    # Rows of spaces, which people line things up with, would become one.
    spaced = text.replace("\t", "    ").replace("  ", " \xa0").replace("\n ", "\n\xa0")
    return escape(spaced, quote=False).replace("\n", "<br>")
