"""HTML of strangers: as plain text, and as a letter that is safe to show in a frame of its own."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

import nh3

from core.html_lines import render_lines
from core.html_tokens import VOID_TAGS, OpenElements, Tag, tokens, unescape
from core.text import clean_text

_TAGS = frozenset(
    "a abbr b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em"
    " figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strike"
    " strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr".split()
)
_EVERYWHERE = frozenset({"align", "dir", "lang", "style", "title", "valign"})
_ATTRIBUTES = {
    "a": frozenset({"href"}),
    "col": frozenset({"span", "width"}),
    "font": frozenset({"color", "face", "size"}),
    "hr": frozenset({"size", "width"}),
    "img": frozenset({"alt", "height", "src", "width"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "table": frozenset({"bgcolor", "border", "cellpadding", "cellspacing", "height", "width"}),
    "td": frozenset({"bgcolor", "colspan", "height", "nowrap", "rowspan", "width"}),
    "th": frozenset({"bgcolor", "colspan", "height", "nowrap", "rowspan", "width"}),
    "tr": frozenset({"bgcolor", "height"}),
    "ul": frozenset({"type"}),
}
# Nothing that can lift content out of its place (position, z-index, transform) or ask for a file (url).
_PROPERTIES = frozenset(
    "background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width"
    " border-collapse border-color border-left border-left-color border-left-style border-left-width border-radius"
    " border-right border-right-color border-right-style border-right-width border-spacing border-style border-top"
    " border-top-color border-top-style border-top-width border-width clear color direction display float font font-"
    " family font-size font-style font-variant font-weight height letter-spacing line-height list-style-position"
    " list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-"
    " width opacity overflow overflow-wrap padding padding-bottom padding-left padding-right padding-top table-"
    " layout text-align text-decoration text-indent text-transform unicode-bidi vertical-align visibility white-"
    " space width word-break word-wrap".split()
)
_COLOR_FUNCTION = re.compile(r"\b(?:rgb|rgba|hsl|hsla)\([0-9.,%/\s+-]*+\)", re.I)
_UNSAFE_VALUE = re.compile(r"[(){}<>\\@]|/\*|expression|javascript|-moz-binding", re.I)
_LONGEST_STYLE = 4000
_COLOR = re.compile(r"#?[0-9A-Za-z]{1,20}")
_LINK = re.compile(r"(?:https?|mailto|tel):", re.I)
_REMOTE = re.compile(r"(?:https?:)?//", re.I)
_EMBEDDED = re.compile(r"data:image/[a-z.+-]{1,20};base64,", re.I)
# No more of one letter are asked for: it must not send us to thousands of addresses.
MOST_REMOTE = 200
_SPECK = r"0{0,9}[01](?:\.\d{0,9})?\s{0,9}(?:px)?"
_SMALL = re.compile(rf"\s{{0,9}}{_SPECK}\s{{0,9}}", re.I)
_HIDDEN = re.compile(
    r"(?:^|[;\s])(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|opacity\s{0,9}:\s{0,9}0(?:\.0{0,9})?"
    rf"|(?:max-)?(?:width|height)\s{{0,9}}:\s{{0,9}}{_SPECK})\s{{0,9}}(?:[;!]|$)",
    re.I,
)
_SCHEME_NOISE = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029]")
# Stands for "&" in text while nh3 works (10 µs for each otherwise); a code point that no text may contain.
_AMPERSAND = "\ufdd0"


@dataclass(frozen=True, slots=True)
class SafeHtml:
    """A letter without anything that acts or asks. Of its remote pictures `parked_images` counts those taken out,
    `shown_images` those that got an address of ours, `trackers` the invisible ones, which are always taken out.
    """

    html: str
    parked_images: int
    shown_images: int = 0
    trackers: int = 0


def html_to_text(html: str) -> str:
    """Return what a reader of `html` would see, as text; time grows only with its length.

    Quotations begin with "> ", items with "- " or their number, cells of a row stand between "|", and links are
    followed by their address in parentheses unless they show it.
    """
    lines = [str(line) for line in render_lines(html)]
    text = "\n".join(lines).strip("\n")
    return re.sub("\n{3,}", "\n\n", text)


def sanitize_html(
    html: str,
    *,
    inline_image: Callable[[str], str | None] | None = None,
    remote_image: Callable[[str], str | None] | None = None,
    embedded_image: Callable[[int], str | None] | None = None,
) -> SafeHtml:
    """Return `html` reduced to letters, tables, colors and links.

    Each function answers an address of ours (a path) for a picture: `inline_image` is given the content id of a `cid:`
    picture, `remote_image` an http address, `embedded_image` the place of a picture that stands in the letter itself
    (see `embedded_picture`); None, or no function, takes the picture out. No class, id, data, event or unknown
    attribute survives, so no script and no style sheet of ours can be made to act on it.
    """
    images = _Images(inline_image, remote_image, embedded_image)
    cleaner = nh3.Cleaner(
        tags=set(_TAGS),
        attributes={"*": set(_EVERYWHERE)} | {name: set(names) for name, names in _ATTRIBUTES.items()},
        attribute_filter=images.check,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=set(_PROPERTIES),
        url_relative=lambda url: url if url.startswith("/") and not url.startswith("//") else None,
    )
    cleaned = cleaner.clean(_balanced(_plain(html), images))
    return SafeHtml(cleaned.replace(_AMPERSAND, "&amp;"), images.parked, images.shown, images.trackers)


def embedded_picture(html: str, place: int) -> bytes | None:
    """The bytes of the picture that a letter carries as a `data:` address, the first at place 1; None for no such."""
    for token in tokens(_plain(html)):
        if isinstance(token, Tag) and token.name == "img" and not token.is_closing:
            source = _SCHEME_NOISE.sub("", token.attributes().get("src", ""))
            if found := _EMBEDDED.match(source):
                place -= 1
                if place == 0:
                    return _decoded(unquote(source[found.end() :]))
    return None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None


def _plain(html: str) -> str:
    return clean_text(html).replace(_AMPERSAND, "")


class _Images:
    """Gives every picture an address of ours or none; remembers which ones, so that no other passes afterwards."""

    def __init__(
        self,
        inline: Callable[[str], str | None] | None,
        remote: Callable[[str], str | None] | None,
        embedded: Callable[[int], str | None] | None,
    ) -> None:
        self.inline, self.remote, self.embedded = inline, remote, embedded
        self.parked = self.shown = self.trackers = self.places = 0
        self.ours: set[str] = set()

    def address(self, attributes: dict[str, str]) -> str:
        source = _SCHEME_NOISE.sub("", attributes["src"])
        found: str | None = None
        if source[:4].lower() == "cid:":
            found = self.inline(unquote(source[4:]).strip("<>")) if self.inline else None
        elif _EMBEDDED.match(source):
            self.places += 1
            found = self.embedded(self.places) if self.embedded else None
        elif _REMOTE.match(source):
            found = self._remote(source if source[0] != "/" else f"https:{source}", attributes)
        if found:
            self.ours.add(found)
        return found or ""

    def _remote(self, source: str, attributes: dict[str, str]) -> str | None:
        """An invisible picture has only one use: to tell its sender that, when and where the letter was opened."""
        if _is_invisible(attributes):
            self.trackers += 1
            return None
        found = self.remote(source) if self.remote and self.shown < MOST_REMOTE else None
        self.shown += found is not None
        self.parked += found is None
        return found

    def check(self, tag: str, attribute: str, value: str) -> str | None:
        """The last word on each attribute, asked by nh3 after parsing as browsers do."""
        if attribute == "src":
            return value if value in self.ours else None
        if attribute == "href":
            return value if _LINK.match(value) else None
        return _safe_style(value) if attribute == "style" else value


def _is_invisible(attributes: dict[str, str]) -> bool:
    sizes = (attributes.get("width", ""), attributes.get("height", ""))
    return any(_SMALL.fullmatch(size) for size in sizes) or bool(
        _HIDDEN.search(attributes.get("style", "")[:_LONGEST_STYLE])
    )


def _safe_style(style: str) -> str | None:
    kept = []
    for declaration in style[:_LONGEST_STYLE].split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name not in _PROPERTIES or not value or _UNSAFE_VALUE.search(_COLOR_FUNCTION.sub("", value)):
            continue
        kept.append(f"{name}:{value}")
    return ";".join(kept) or None


def _balanced(html: str, images: _Images) -> str:
    """Return allowed markup in which every element is closed in its place and none is deep.

    nh3 parses as browsers do, and that is slow or explosive on unbalanced markup: see `core.html_tokens`.
    """
    nesting = OpenElements()
    out: list[str] = []
    for token in tokens(html):
        if isinstance(token, str):
            out.append(escape(unescape(token).replace("&", _AMPERSAND), quote=False))
        elif token.name == "body":
            # The color behind the letter belongs to it: white words may stand on it.
            opened = nesting.push("div") if not token.is_closing else False
            out.extend([_opening(Tag("div", False, token.raw), images)] if opened else [])
        elif token.name not in _TAGS:
            continue
        elif token.is_closing:
            out.extend(f"</{nesting.pop()}>" for _ in range(nesting.closed_by_closing(token.name)))
        else:
            out.extend(f"</{nesting.pop()}>" for _ in range(nesting.closed_by_opening(token.name)))
            if token.name in VOID_TAGS or nesting.push(token.name):
                out.append(_opening(token, images))
    out.extend(f"</{nesting.pop()}>" for _ in range(len(nesting.names)))
    return "".join(out)


def _opening(tag: Tag, images: _Images) -> str:
    allowed = _ATTRIBUTES.get(tag.name, frozenset()) | _EVERYWHERE
    written = [tag.name]
    attributes = tag.attributes() if tag.raw.strip() else {}
    if tag.name == "div" and _COLOR.fullmatch(attributes.get("bgcolor", "")):
        attributes["style"] = f"background-color:{attributes['bgcolor']};{attributes.get('style', '')}"
    for name, value in attributes.items():
        if name not in allowed:
            continue
        if name == "src":
            value = images.address(attributes)
        elif name == "href":
            value = _SCHEME_NOISE.sub("", value) if _LINK.match(_SCHEME_NOISE.sub("", value)) else ""
        if value or name in ("alt", "nowrap", "reversed"):
            written.append(f'{name}="{escape(value)}"')
    return f"<{' '.join(written)}>"
