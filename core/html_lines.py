"""Turns HTML into lines of text that know how deep they are quoted and which labelled elements they stand in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from core.html_tokens import VOID_TAGS, OpenElements, Tag, tokens, unescape
from core.text import clean_text

_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote figure fieldset".split())
_BLOCKS = _PARAGRAPHS | frozenset(
    "address article aside body center dd details div dt fieldset figcaption footer form header html legend li main nav"
    " option section summary tbody tfoot thead tr".split()
)
_CELLS = frozenset({"td", "th"})
_LINE_END = re.compile("\r\n|[\r\n]")
_SPACE = re.compile("[ \t\n\r\f]+")
_INVISIBLE = re.compile("[\u200b\u034f\u00ad\u2060\ufeff]")
_HIDDEN = re.compile(r"(?:^|[;\s])display\s*:\s*none", re.I)
_PREFORMATTED = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.I)
# Outlook writes each line as a paragraph without a margin; the blank lines are paragraphs of their own.
_MARGINLESS = re.compile(r"\bMso(?:Normal|PlainText|ListParagraph|NoSpacing)|margin(?:-bottom)?\s*:\s*0", re.I)
_LINK = re.compile(r"(?:https?|mailto|tel):", re.I)
_LONGEST_LINK = 500
_LIST_INDENT = 8
_BULLET = -1
_DEEPEST_QUOTE = 12
_LONGEST_EMOJI = 8
_FIRST_SYMBOL = 0x203B


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a letter; `quotes` counts the quotations around it, `labels` those of the elements around it."""

    text: str
    quotes: int = 0
    labels: tuple[str, ...] = ()

    def __str__(self) -> str:
        quotes = min(self.quotes, _DEEPEST_QUOTE)
        return "> " * quotes + self.text if self.text else ("> " * quotes).rstrip()


def render_lines(html: str, label: Callable[[Tag], str] | None = None) -> list[Line]:
    """Return the visible lines of `html`; time grows only with its length.

    `label` may name an element ("" for most). A named element without text leaves an empty line with its label.
    """
    renderer = _Renderer(label)
    for token in tokens(html):
        if isinstance(token, str):
            renderer.text(token)
        elif token.is_closing:
            renderer.close(token.name)
        else:
            renderer.open(token)
    while renderer.elements:
        renderer.close_innermost()
    renderer.flush()
    return renderer.lines


@dataclass(slots=True)
class _Element:
    """What has to be undone when the element closes."""

    is_block: bool = False
    margin: bool = False
    hidden: bool = False
    preformatted: bool = False
    quoted: bool = False
    is_list: bool = False
    label: str = ""
    link: str = ""
    link_start: int = 0
    first_line: int = 0


@dataclass(slots=True)
class _Renderer:
    label: Callable[[Tag], str] | None
    lines: list[Line] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    prefix: str = ""
    wants_margin: bool = False
    wants_cell: bool = False
    hidden: int = 0
    preformatted: int = 0
    quotes: int = 0
    labels: tuple[str, ...] = ()
    lists: list[int] = field(default_factory=list)
    nesting: OpenElements = field(default_factory=OpenElements)
    elements: list[_Element] = field(default_factory=list)

    def text(self, escaped: str) -> None:
        if self.hidden:
            return
        text = unescape(escaped)
        if not text.isascii():
            text = _INVISIBLE.sub("", text)
        if self.preformatted:
            *whole, rest = _LINE_END.split(text)
            for line in whole:
                self.buffer.append(line)
                self.break_line()
            self.buffer.append(rest)
            return
        text = _SPACE.sub(" ", text)
        if text.startswith(" ") and (not self.buffer or self.buffer[-1].endswith(" ")):
            text = text[1:]
        if text.strip() and self.wants_cell:
            self.buffer.append(" | " if self.buffer else "")
            self.wants_cell = False
        if text:
            self.buffer.append(text)

    def open(self, tag: Tag) -> None:
        for _ in range(self.nesting.closed_by_opening(tag.name)):
            self.close_innermost()
        if tag.name in VOID_TAGS:
            self.void(tag)
            return
        if not self.nesting.push(tag.name):
            self.flush()
            return
        element = self.read(tag)
        if element.is_block:
            self.flush()
            self.wants_margin |= element.margin
        if tag.name == "li":
            self.prefix = self.item_mark()
        elif tag.name in _CELLS:
            self.wants_cell = bool(self.buffer)
        self.enter(element)

    def read(self, tag: Tag) -> _Element:
        attributes = tag.attributes() if tag.raw.strip() else {}
        style = attributes.get("style", "")
        link = attributes.get("href", "").strip() if tag.name == "a" else ""
        label = self.label(tag) if self.label else ""
        is_list = tag.name in ("ul", "ol")
        if is_list:
            start = attributes.get("start", "1")
            first = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
            self.lists.append(first if tag.name == "ol" else _BULLET)
        is_marginless = tag.name == "p" and bool(_MARGINLESS.search(attributes.get("class", "") + " " + style))
        return _Element(
            is_block=tag.name in _BLOCKS or bool(label),
            margin=tag.name in _PARAGRAPHS and not is_marginless and not (is_list and len(self.lists) > 1),
            hidden="hidden" in attributes or bool(_HIDDEN.search(style)),
            preformatted=tag.name == "pre" or bool(_PREFORMATTED.search(style)),
            quoted=tag.name == "blockquote",
            is_list=is_list,
            label=label,
            link=link if _LINK.match(link) and len(link) <= _LONGEST_LINK else "",
            link_start=len(self.buffer),
        )

    def item_mark(self) -> str:
        indent = "  " * min(max(len(self.lists) - 1, 0), _LIST_INDENT)
        if not self.lists or self.lists[-1] == _BULLET:
            return indent + "- "
        self.lists[-1] += 1
        return f"{indent}{self.lists[-1] - 1}. "

    def enter(self, element: _Element) -> None:
        self.elements.append(element)
        self.hidden += element.hidden
        self.preformatted += element.preformatted
        self.quotes += element.quoted
        if element.label:
            self.labels += (element.label,)
            element.first_line = len(self.lines)

    def close(self, name: str) -> None:
        count = self.nesting.closed_by_closing(name)
        for _ in range(count):
            self.close_innermost()
        if not count and name == "p":
            self.wants_margin = True

    def close_innermost(self) -> None:
        self.nesting.pop()
        element = self.elements.pop()
        if element.link and not self.hidden:
            self.add_link(element)
        if element.is_block:
            self.flush()
            self.wants_margin |= element.margin
            self.prefix = ""
        if element.label and len(self.lines) == element.first_line:
            self.lines.append(Line("", self.quotes, self.labels))
        if element.is_list:
            self.lists.pop()
        self.hidden -= element.hidden
        self.preformatted -= element.preformatted
        self.quotes -= element.quoted
        if element.label:
            self.labels = self.labels[:-1]

    def add_link(self, element: _Element) -> None:
        """Write the address behind the words of a link unless the words are the address."""
        shown = "".join(self.buffer[element.link_start :]).strip()
        if shown and _bare_address(shown) != _bare_address(element.link):
            self.buffer.append(f" ({element.link})")

    def void(self, tag: Tag) -> None:
        label = self.label(tag) if self.label else ""
        if tag.name == "br" and not self.hidden:
            self.break_line()
        elif tag.name == "hr":
            self.flush()
            self.wants_margin = True
        elif tag.name == "img" and not self.hidden:
            picture = tag.attributes().get("alt", "").strip()
            # Gmail and Outlook send emoji as pictures.
            if 0 < len(picture) <= _LONGEST_EMOJI and all(ord(character) > _FIRST_SYMBOL for character in picture):
                self.buffer.append(picture)
        if label:
            self.flush()
            self.lines.append(Line("", self.quotes, (*self.labels, label)))

    def flush(self) -> None:
        """End the current line if there is anything on it."""
        line = "".join(self.buffer)
        self.buffer.clear()
        self.wants_cell = False
        if line.strip():
            self.add(line)
        elif "\xa0" in line:
            self.add_blank()

    def break_line(self) -> None:
        """End the current line even if it is empty."""
        line = "".join(self.buffer)
        self.buffer.clear()
        if line.strip():
            self.add(line)
        else:
            self.wants_margin = False
            self.add_blank()

    def add_blank(self) -> None:
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.quotes, self.labels))

    def add(self, line: str) -> None:
        line = line.replace("\xa0", " ").rstrip()
        if not self.preformatted:
            line = line.lstrip()
        if self.wants_margin and self.lines and self.lines[-1].text:
            self.lines.append(Line("", min(self.quotes, self.lines[-1].quotes), self.labels))
        self.wants_margin = False
        self.lines.append(Line(self.prefix + _on_one_line(line), self.quotes, self.labels))
        # The further lines of an item stand under its first word.
        self.prefix = " " * len(self.prefix)


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else clean_text(text).replace("\n", " ")


def _bare_address(link: str) -> str:
    return re.sub(r"^(?:https?://|mailto:|tel:)?(?:www\.)?", "", unescape(link).lower()).rstrip("/ ")
