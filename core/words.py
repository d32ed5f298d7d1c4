"""What somebody typed into a search box, taken apart, and where its words stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.text import clean_text

LONGEST = 200  # characters of a query; more is a pasted letter
MOST_WORDS = 12
SHORTEST_BEGINNING = 3  # letters of a word that is still being typed
# Writing without blanks between words; the same characters as in the database's search_grams().
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{3,}")
_RUN = re.compile(f"[{UNSPACED}]+")
_TERM = re.compile(r'(?P<without>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}](?:[^\W_{UNSPACED}]|[\u0300-\u036f])*")
# Letters that Unicode does not take apart into a plain one and a mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True)
class Typed:
    """A query: words that must all be there, phrases, words that must not. `beginning` is the last word when it may
    still be typed; it is one of `words` too. `grams` are pairs of characters of writing without blanks."""

    text: str
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    grams: tuple[str, ...] = ()
    beginning: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for; words that must not be there ask for nothing."""
        return not (self.words or self.phrases or self.grams)

    @property
    def is_address(self) -> bool:
        """Whether it is a whole e-mail address: nobody looks for words that begin like its end."""
        return _ADDRESS.fullmatch(self.text) is not None

    @property
    def shown(self) -> tuple[str, ...]:
        """What to mark in a text."""
        return (*self.words, *(word for phrase in self.phrases for word in phrase.split()), *self.grams)


@dataclass(frozen=True)
class Piece:
    """A part of an excerpt; `is_hit` parts are shown marked."""

    text: str
    is_hit: bool = False


def take_apart(typed: str) -> Typed:
    """`"exact words"`, -without and plain words. Whatever is typed is a query, at worst an empty one."""
    ends_in_word = not typed[:LONGEST][-1:].isspace()
    text = " ".join(unicodedata.normalize("NFKC", clean_text(typed[: LONGEST * 5])).split())[:LONGEST]
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    grams: list[str] = []
    last = ""
    for term in list(_TERM.finditer(text))[:MOST_WORDS]:
        said = term["phrase"] if term["phrase"] is not None else term["word"].lstrip("-")
        grams += [] if term["without"] else _grams(said)
        found = _RUN.sub(" ", said).split()
        plain = " ".join(word for word in found if any(letter.isalnum() for letter in word))
        last = ""
        if not plain:
            continue
        if term["without"]:
            without.append(plain)
        elif term["phrase"] is not None:
            phrases.append(plain)
        else:
            words.append(plain)
            last = plain if ends_in_word and len(plain) >= SHORTEST_BEGINNING else ""
    return Typed(text, tuple(words), tuple(phrases), tuple(without), tuple(grams), last)


def plain(text: str) -> str:
    """Without case and accents, as the database's search_fold() has it for the letters people search for."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def mark(text: str, typed: Typed, *, length: int = 140) -> tuple[Piece, ...]:
    """The place of `text` where the first word of the query stands, on one line; empty when none stands there."""
    line = " ".join(text.split())
    spans = list(_joined(line, _hits(line, typed)))
    if not spans:
        return ()
    begin = _begin_of_word(line, max(0, spans[0][0] - length // 3))
    end = min(len(line), begin + length)
    pieces, at = [Piece("…")] if begin else [], begin
    for first, last in spans:
        if first >= at and last <= end:
            pieces += [Piece(line[at:first]), Piece(line[first:last], is_hit=True)]
            at = last
    pieces += [Piece(line[at:end]), Piece("…" if end < len(line) else "")]
    return tuple(piece for piece in pieces if piece.text)


def _hits(line: str, typed: Typed) -> Iterator[tuple[int, int]]:
    wanted = {plain(part) for word in typed.shown for part in _WORD.findall(word)}
    beginning = [plain(part) for part in _WORD.findall(typed.beginning)][-1:]
    for word in _WORD.finditer(line):
        folded = plain(word[0])
        if folded in wanted or (beginning and folded.startswith(beginning[0])):
            yield word.span()


def _joined(line: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Hits with nothing or one sign between them, as in an address, are one."""
    last: tuple[int, int] | None = None
    for begin, end in spans:
        gap = line[last[1] : begin] if last else ""
        if last and (len(gap) > 1 or gap.isspace()):
            yield last
            last = None
        last = (last[0] if last else begin, end)
    if last:
        yield last


def _begin_of_word(line: str, at: int) -> int:
    blank = line.find(" ", at, at + 20)
    return 0 if at == 0 else (blank + 1 if blank >= 0 else at)


def _grams(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        yield from ([run] if len(run) == 1 else (run[place : place + 2] for place in range(len(run) - 1)))
