"""Splits the HTML of strangers into tags and text in one pass whose time grows only with its length.

Neither `html.parser` nor html5ever behind nh3 can be given raw mail: the first was quadratic on unclosed markup
(CVE-2025-6069), the second needs 23 s for 100,000 nested elements and turns 36 kB of unclosed formatting into 87 MB.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html import unescape as _unescape

VOID_TAGS = frozenset("area base br col embed hr img input link meta param source track wbr".split())
MAX_TAGS = 50_000
MAX_DEPTH = 256

_ATTRIBUTES_PER_TAG = 60
_MARKUP = re.compile(
    r"<(?:(?P<comment>!--)|(?P<bogus>[!?]|/(?=[^a-zA-Z]))|(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]{0,40}))"
)
_TAG_REST = re.compile(r"""(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+>""")
_ATTRIBUTE = re.compile(r"""([^\s=/>"']++)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
# In an attribute "&copy=1" is part of an address, not a sign.
_BARE_REFERENCE = re.compile(r"&(?=[a-zA-Z][a-zA-Z0-9]{0,40}+(?:[^;a-zA-Z0-9]|$))")
_ANY_TAG = re.compile(r"<[^<>]*>")
_LONG_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_SWALLOWED = ("script", "style", "title")
_RAW_TEXT = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in (*_SWALLOWED, "textarea", "xmp")}
_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_TABLE = frozenset({"table"})
_BLOCKS = frozenset("table tr td th ul ol li dl dd dt blockquote div center form pre body".split())
_LISTS = frozenset("table td th ul ol dl blockquote".split())
# What the next element of a kind closes, and what it never closes through: people rarely close paragraphs and cells.
_CLOSED_BY_NEXT = {
    "p": (frozenset({"p"}), _BLOCKS),
    "li": (frozenset({"li"}), _LISTS),
    "dt": (frozenset({"dt", "dd"}), _LISTS),
    "dd": (frozenset({"dt", "dd"}), _LISTS),
    "td": (frozenset({"td", "th"}), _TABLE),
    "th": (frozenset({"td", "th"}), _TABLE),
    "tr": (frozenset({"td", "th", "tr"}), _TABLE),
    "tbody": (frozenset({"td", "th", "tr", "thead", "tbody"}), _TABLE),
}


@dataclass(frozen=True, slots=True)
class Tag:
    """An opening or closing tag; `name` is lower case, `raw` is its attributes as they were written."""

    name: str
    is_closing: bool
    raw: str

    def attributes(self) -> dict[str, str]:
        """Return the attributes with lower-case names and decoded values; of two with one name the first counts."""
        found: dict[str, str] = {}
        for number, match in enumerate(_ATTRIBUTE.finditer(self.raw)):
            if number >= _ATTRIBUTES_PER_TAG:
                break
            name, *values = match.groups()
            value = next((value for value in values if value is not None), "")
            if "&" in value:
                value = unescape(_BARE_REFERENCE.sub("&amp;", value))
            found.setdefault(name.lower(), value)
        return found


def unescape(text: str) -> str:
    """Return `text` with character references decoded; absurdly long numbers, which Python refuses, become U+FFFD."""
    return _unescape(_LONG_NUMBER.sub("\ufffd", text)) if "&" in text else text


def tokens(html: str) -> Iterator[Tag | str]:
    """Yield the tags and the (still escaped) text between them; scripts, styles, titles and comments are left out.

    After `MAX_TAGS` tags only text is yielded.
    """
    return _Scanner(html).run()


class OpenElements:
    """The elements that are open at one point of a letter, never deeper than `MAX_DEPTH`."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._open: dict[str, int] = {}

    def closed_by_opening(self, name: str) -> int:
        """Return how many of the innermost elements end because `name` begins."""
        closes, barriers = _CLOSED_BY_NEXT.get(name, _NOTHING)
        if not any(self._open.get(closed) for closed in closes):
            return 0
        count = 0
        for distance, inner in enumerate(reversed(self.names), start=1):
            if inner in closes:
                count = distance
            elif inner in barriers:
                break
        return count

    def closed_by_closing(self, name: str) -> int:
        """Return how many of the innermost elements end with the closing tag of `name`; 0 when none is open."""
        if not self._open.get(name):
            return 0
        count = 1
        while self.names[-count] != name:
            # A stray closing tag inside a cell does not end the table around it.
            if self.names[-count] == "table":
                return 0
            count += 1
        return count

    def push(self, name: str) -> bool:
        """Open `name`; False when the letter is already nested too deeply."""
        if len(self.names) >= MAX_DEPTH:
            return False
        self.names.append(name)
        self._open[name] = self._open.get(name, 0) + 1
        return True

    def pop(self) -> str:
        """Close the innermost element and return its name."""
        name = self.names.pop()
        self._open[name] -= 1
        return name


class _Scanner:
    def __init__(self, html: str) -> None:
        self.html = html
        self.position = 0
        self.tags = 0
        self.respects_quotes = True
        self.never_closed: set[str] = set()

    def run(self) -> Iterator[Tag | str]:
        html = self.html
        while self.tags < MAX_TAGS and (match := _MARKUP.search(html, self.position)):
            if match.start() > self.position:
                yield html[self.position : match.start()]
            self.position = match.end()
            if match["comment"]:
                self._skip("-->")
            elif match["bogus"]:
                self._skip(">")
            else:
                yield from self._tag(match)
        if self.position < len(html):
            rest = html[self.position :]
            yield rest if self.tags < MAX_TAGS else _ANY_TAG.sub(" ", rest)

    def _skip(self, end: str) -> None:
        """Go behind the next `end`; when there is none, only the opening mark is dropped and the rest stays text."""
        found = self.html.find(end, self.position) if end not in self.never_closed else -1
        if found < 0:
            self.never_closed.add(end)
        else:
            self.position = found + len(end)

    def _tag(self, match: re.Match[str]) -> Iterator[Tag | str]:
        end = self._tag_end(match.end())
        if end < 0:
            yield "&lt;" + self.html[match.start() + 1 :]
            self.position = len(self.html)
            return
        tag = Tag(match["name"].lower(), bool(match["close"]), self.html[match.end() : end - 1])
        self.position = end
        self.tags += 1
        if not tag.is_closing and (closing := _RAW_TEXT.get(tag.name)):
            yield from self._raw_text(tag.name, closing)
        else:
            yield tag

    def _tag_end(self, position: int) -> int:
        """Return the position behind the tag's ">", or -1 when the tag never ends."""
        if self.respects_quotes:
            if match := _TAG_REST.match(self.html, position):
                return match.end()
            # A quote is never closed: from here on the nearest ">" ends a tag, or each tag would scan to the end.
            self.respects_quotes = False
        if ">" in self.never_closed:
            return -1
        found = self.html.find(">", position)
        if found < 0:
            self.never_closed.add(">")
        return found + 1 if found >= 0 else -1

    def _raw_text(self, name: str, closing: re.Pattern[str]) -> Iterator[str]:
        """Pass over what browsers do not read as markup; of a text field or <xmp> they show it."""
        match = None if name in self.never_closed else closing.search(self.html, self.position)
        if match is None:
            self.never_closed.add(name)
            return
        if name not in _SWALLOWED and match.start() > self.position:
            yield escape(self.html[self.position : match.start()], quote=False)
        self.position = match.start()
        end = self._tag_end(match.end())
        self.position = end if end >= 0 else match.end()
