"""Words by which people of each country call streets, before the name or after it."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from customers.addresses.spelling import plain

# One letter alone is a street only where a name follows, and two of these are words of other things.
_WEAK = frozenset("r c v g u k ch al an as st the in am im of park hill view green main plot house villa".split())


@dataclass(frozen=True)
class StreetWords:
    """Words of one line of the table, folded; `joined` are ends of words such as "straße"."""

    countries: tuple[str, ...]
    before: frozenset[str]
    after: frozenset[str]
    joined: tuple[str, ...]


def countries_of_street(text: str) -> dict[str, float]:
    """Points by country for the words for streets in a piece of text; the more countries share a word, the fewer."""
    points: dict[str, float] = {}
    words = _words(text)
    for table in _tables():
        strong = [one for one in _hits(words, table) if one not in _WEAK and len(one) > 1]
        if strong:
            for index, country in enumerate(table.countries):
                points[country] = max(points.get(country, 0.0), 2.3 if not index else 2.0)
    return points


def names_a_street(text: str, country: str) -> bool:
    """Whether the text has a word for a street of the country, or an English one where the text is in English."""
    words = _words(text)
    return any(_hits(words, table) for table in _tables_of(country))


def end_of_street(text: str, country: str) -> int:
    """The number of words up to and with the last word that follows a street's name; 0 when there is none."""
    words = [plain(word).strip(".,") for word in text.split(" ")]
    after = frozenset().union(*(table.after for table in _tables_of(country)))
    joined = tuple(end for table in _tables_of(country) for end in table.joined)
    last = 0
    for index, word in enumerate(words):
        if index and (word in after or (joined and word.endswith(joined))):
            last = index + 1
    return last


@cache
def words_before(country: str) -> frozenset[str]:
    """Words that stand before a street's name in the country."""
    return frozenset().union(*(table.before for table in _tables_of(country)))


@cache
def _tables_of(country: str) -> tuple[StreetWords, ...]:
    own = tuple(table for table in _tables() if country in table.countries)
    english = next(table for table in _tables() if "US" in table.countries)
    return own if english in own else (*own, english)


def _words(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,()]+", plain(text)) if one]


def _hits(words: list[str], table: StreetWords) -> list[str]:
    found = []
    bare = [word.strip(".") for word in words]
    for index, word in enumerate(bare):
        pair = f"{word} {bare[index + 1]}" if index + 1 < len(bare) else ""
        if pair and pair in table.before | table.after:
            found.append(pair)
        elif (
            (
                word in table.before
                and pair
                and not bare[index + 1][0].isdigit() | (len(word) < 2 and words[index] == word)
            )
            or (word in table.after and index and not (len(word) < 2 and words[index] == word and word != "u"))
            or (
                table.joined
                and word.endswith(table.joined)
                and len(word) > max(len(end) for end in table.joined if word.endswith(end)) + 1
            )
        ):
            found.append(word)
    return found


@cache
def _tables() -> tuple[StreetWords, ...]:
    text = files("customers.addresses.offline").joinpath("street_words.txt").read_text(encoding="utf-8")
    return tuple(_table(line) for line in text.splitlines() if line and not line.startswith("#"))


def _table(line: str) -> StreetWords:
    countries, before, after = (part.split() for part in line.split("|"))
    spelled = [plain(word.replace("¤", " ")).strip(".") for word in after if not word.startswith("*")]
    joined = tuple(sorted({plain(word[1:]) for word in after if word.startswith("*")}, key=len, reverse=True))
    starts = frozenset(plain(word.replace("¤", " ")).strip(".") for word in before)
    return StreetWords(tuple(countries), starts, frozenset(spelled), joined)
