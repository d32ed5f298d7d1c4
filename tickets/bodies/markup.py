"""Builds the markup of a body anew from whatever was posted: only what is allowed, each thing in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from core.html_tokens import VOID_TAGS, OpenElements, Tag, tokens, unescape
from core.text import clean_text

# Given the address of a picture; answers the one to write, or None to take the picture out.
FindImage = Callable[[str], str | None]

_FORMATS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "u", "ins": "u", "s": "s", "strike": "s"}
_FORMATS |= {"del": "s", "code": "code", "tt": "code"}
_STYLED = frozenset("b strong i em u s span font".split())
_CONTAINERS = frozenset({"ul", "ol", "li", "blockquote"})
# What begins a paragraph, and what only begins a line, as editors write them and as Outlook's paragraphs look.
_PARAGRAPHS = frozenset("dl fieldset figure form h1 h2 h3 h4 h5 h6 p pre table".split())
_LINES = frozenset(
    "address article aside body caption center dd details div dt figcaption footer header html legend main nav section"
    " summary tbody tfoot thead tr".split()
)
_MARGINLESS = re.compile(r"\bMso(?:Normal|PlainText|NoSpacing)|margin(?:-bottom)?\s*:\s*0", re.I)
_DEEPEST = 20  # containers inside each other
_LONGEST_LINK = 2000
_BLANKS = " \t\n\r\f"
_SPACE = re.compile("[ \t\n\r\f]+")
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.I)
_LINK_NOISE = re.compile('[\x00-\x20\x7f-\xa0\u2028\u2029"<>]')
_HIDDEN = re.compile(r"(?:^|[;\s])display\s*:\s*none", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_NOT_BOLD = re.compile(r"font-weight\s*:\s*(?:normal|[1-4]00)", re.I)
_STYLES = ((_BOLD, "strong"), (re.compile(r"font-style\s*:\s*italic", re.I), "em"))


@dataclass(frozen=True, slots=True)
class _Element:
    """How far to go back when the element closes."""

    name: str
    formats: int
    containers: int
    is_hidden: bool
    is_line: bool


@dataclass(slots=True)
class Writer:
    """Writes allowed markup: paragraphs are opened by the text in them, formats anew in each paragraph."""

    image: FindImage | None
    keep_marks: bool
    out: list[str] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    nesting: OpenElements = field(default_factory=OpenElements)
    elements: list[_Element] = field(default_factory=list)
    hidden: int = 0
    # What is open: wanted formats as (element, opening tag), those of them written, the paragraph, what is around it.
    formats: list[tuple[str, str]] = field(default_factory=list)
    opened: list[tuple[str, str]] = field(default_factory=list)
    leaf: str | None = None
    containers: list[str] = field(default_factory=list)
    # Line ends that are written once text comes behind them; from two on they part paragraphs.
    breaks: int = 0

    def run(self, html: str) -> str:
        for token in tokens(clean_text(html)):
            if isinstance(token, str):
                self.text(unescape(token))
            elif token.is_closing:
                for _ in range(self.nesting.closed_by_closing(token.name)):
                    self.close_innermost()
            else:
                self.open(token)
        self.close_containers(0)
        return "".join(self.out)

    def text(self, text: str) -> None:
        if self.hidden or not text:
            return
        if self.leaf != "pre":
            text = _SPACE.sub(" ", text)
            if (self.leaf is None or self.breaks) and not text.strip():
                # Outlook's empty line is a space that does not break.
                self.breaks += text.strip(_BLANKS) != "" and self.breaks == 1
                return
            if self._follows_a_blank():
                text = text.removeprefix(" ")
        if text:
            self.write(escape(text, quote=False))

    def _follows_a_blank(self) -> bool:
        """Whether text goes on right behind a blank, as it does where a comment stood between."""
        goes_on = self.leaf is not None and not self.breaks and self.formats == self.opened
        return goes_on and bool(self.out) and self.out[-1].endswith(" ")

    def write(self, markup: str) -> None:
        """Put something visible where it belongs, opening what it needs around it."""
        if self.breaks > 1 and self.leaf == "p":
            self.close_leaf()
        self.open_leaf()
        same = self.close_formats()
        if self.breaks:
            self.out.append(("\n" if self.leaf == "pre" else "<br>") * min(self.breaks, 2))
            self.breaks = 0
        for one in self.formats[same:]:
            self.out.append(one[1])
            self.opened.append(one)
        self.out.append(markup)

    def open(self, tag: Tag) -> None:
        for _ in range(self.nesting.closed_by_opening(tag.name)):
            self.close_innermost()
        attributes = tag.attributes() if tag.raw.strip() else {}
        if tag.name in VOID_TAGS:
            if not self.hidden:
                self.void(tag.name, attributes)
            return
        if not self.nesting.push(tag.name):
            self.end_line()
            return
        style = attributes.get("style", "")
        is_hidden = "hidden" in attributes or bool(_HIDDEN.search(style))
        look = f"{attributes.get('class', '')} {style}"
        is_line = tag.name in _LINES or (tag.name == "p" and bool(_MARGINLESS.search(look)))
        self.elements.append(_Element(tag.name, len(self.formats), len(self.containers), is_hidden, is_line))
        self.hidden += is_hidden
        if tag.name in _CONTAINERS:
            self.open_container(tag.name)
        elif is_line:
            self.end_line()
        elif tag.name in _PARAGRAPHS:
            self.end_paragraph()
            if tag.name == "pre" and not self.hidden:
                self.close_leaf()
                self.leaf = self.open_tag("pre")
        elif tag.name in ("td", "th"):
            self.text(" ")
        else:
            self.add_formats(tag.name, attributes, style)

    def close_innermost(self) -> None:
        self.nesting.pop()
        element = self.elements.pop()
        if element.name in _CONTAINERS:
            self.close_containers(element.containers)
        elif element.name == "pre":
            self.close_leaf()
        elif element.is_line:
            self.end_line()
        elif element.name in _PARAGRAPHS:
            self.end_paragraph()
        del self.formats[element.formats :]
        self.hidden -= element.is_hidden

    def end_line(self) -> None:
        if self.leaf is not None and not self.breaks and self.out[-1] != "<pre>":
            self.breaks = 1

    def end_paragraph(self) -> None:
        """In an item of a list it ends a line only: the item is one paragraph."""
        if self.leaf:
            self.close_leaf()
        else:
            self.end_line()

    def void(self, name: str, attributes: dict[str, str]) -> None:
        if name == "hr":
            self.end_paragraph()
        elif name == "br" and self.leaf == "pre":
            if self.out[-1] != "<pre>":  # browsers drop a line end that comes first
                self.out.append("\n")
        elif name == "br":
            self.breaks += self.leaf is not None
        elif name == "img" and self.image and (source := self.image(attributes.get("src", ""))):
            self.sources.add(source)
            self.write(f'<img src="{escape(source)}" alt="{escape(attributes.get("alt", "")[:200])}">')

    def add_formats(self, name: str, attributes: dict[str, str], style: str) -> None:
        wanted = [_FORMATS[name]] if name in _FORMATS else []
        if name in _STYLED and style:
            if _NOT_BOLD.search(style):  # Google's documents stand in a <b> that is none
                wanted = [one for one in wanted if one != "strong"]
            wanted += [one for pattern, one in _STYLES if pattern.search(style)]
        if name == "mark" and self.keep_marks:
            wanted.append("mark")
        openings = [(one, f"<{one}>") for one in wanted]
        if name == "a":
            link = _LINK_NOISE.sub("", attributes.get("href", ""))
            if _LINK.match(link) and len(link) <= _LONGEST_LINK:
                openings.append(("a", f'<a href="{escape(link)}">'))
        held = {one for one, _ in self.formats}
        self.formats += [opening for opening in dict.fromkeys(openings) if opening[0] not in held]

    def close_formats(self) -> int:
        """Close the written formats that are no longer wanted, or overlap; returns how many of the wanted stay open."""
        same = 0
        while same < min(len(self.opened), len(self.formats)) and self.opened[same] == self.formats[same]:
            same += 1
        while len(self.opened) > same:
            self.out.append(f"</{self.opened.pop()[0]}>")
        return same

    def open_tag(self, name: str) -> str:
        self.out.append(f"<{name}>")
        return name

    def open_leaf(self) -> None:
        if self.leaf is not None:
            return
        self.breaks = 0
        inside = self.containers[-1] if self.containers else ""
        if inside in ("ul", "ol"):
            self.containers.append(self.open_tag("li"))
            inside = "li"
        self.leaf = "" if inside == "li" else self.open_tag("p")

    def close_leaf(self) -> None:
        if self.leaf is None:
            return
        while self.opened:
            self.out.append(f"</{self.opened.pop()[0]}>")
        if self.leaf:
            self.out.append(f"</{self.leaf}>")
        self.leaf, self.breaks = None, 0

    def open_container(self, name: str) -> None:
        self.close_leaf()
        if name == "li":
            while self.containers and self.containers[-1] == "li":
                self.close_containers(len(self.containers) - 1)
            if not self.containers or self.containers[-1] not in ("ul", "ol"):
                return  # an item outside a list is a paragraph
        elif self.containers and self.containers[-1] in ("ul", "ol"):
            self.containers.append(self.open_tag("li"))
        if len(self.containers) < _DEEPEST and not self.hidden:
            self.containers.append(self.open_tag(name))

    def close_containers(self, count: int) -> None:
        self.close_leaf()
        while len(self.containers) > count:
            self.out.append(f"</{self.containers.pop()}>")
