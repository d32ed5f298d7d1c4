"""Mentions in internal notes: "@Full Name" of somebody on the team."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from html import escape

from core.html_tokens import Tag, tokens, unescape

# Nobody is called so; a name of one letter would be found in every "@".
_SHORTEST = 2


@dataclass(frozen=True)
class Marked:
    """HTML with the mentions marked, and the names in it, spelled as they were given."""

    html: str
    names: frozenset[str]


def mark_mentions(html: str, *, names: Collection[str]) -> Marked:
    """Mark "@" with one of the names behind it, in a cleaned body. Case does not count; the longest name wins.

    An "@" inside a word, as in an e-mail address, mentions nobody.
    """
    pattern = _pattern(names)
    if pattern is None or "@" not in html:
        return Marked(html, frozenset())
    spelled = {_fold(name): name for name in names}
    found: set[str] = set()
    out: list[str] = []
    in_link = 0
    for token in tokens(html):
        if isinstance(token, Tag):
            in_link += (-1 if token.is_closing else 1) * (token.name == "a")
            out.append(f"<{'/' * token.is_closing}{token.name}{token.raw}>")
        elif in_link:
            out.append(token)
        else:
            out.extend(_marked(unescape(token), pattern, spelled, found))
    return Marked("".join(out), frozenset(found))


def _marked(text: str, pattern: re.Pattern[str], spelled: dict[str, str], found: set[str]) -> Iterable[str]:
    position = 0
    for match in pattern.finditer(text):
        # The pattern's idea of case is wider than ours by a few letters (a long s, the sign for kelvin).
        found.update(filter(None, [spelled.get(_fold(match["name"]))]))
        yield escape(text[position : match.start()], quote=False)
        yield f"<mark>{escape(match[0], quote=False)}</mark>"
        position = match.end()
    yield escape(text[position:], quote=False)


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    folded = {_fold(name) for name in names if len(_fold(name)) >= _SHORTEST}
    if not folded:
        return None
    longest_first = sorted(folded, key=len, reverse=True)
    words = "|".join(r"\s+".join(re.escape(word) for word in name.split()) for name in longest_first)
    return re.compile(rf"(?<![\w.@])@(?P<name>{words})(?!\w)", re.IGNORECASE)


def _fold(name: str) -> str:
    return " ".join(name.lower().split())
