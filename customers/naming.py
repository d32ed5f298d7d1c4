"""Reads a person's name out of the display name of a message, and admits when there is none."""

import re
import unicodedata
from dataclasses import dataclass

from core.text import clean_text, fold

LONGEST_NAME = 100  # characters; longer ones are sentences
MOST_WORDS = 5

# Mailboxes of a function, not of a person.
_ROLES = frozenset(
    "abuse accounting accounts admin administrator alert alerts billing bot bounce care career careers contact "
    "contacto customercare customerservice daemon donotreply enquiries feedback hello help helpdesk hi hr info "
    "information inquiries invoice invoices jobs kontakt legal mail mailer mailerdaemon marketing news newsletter "
    "noreply notification notifications notify office order orders payments postmaster press privacy purchasing "
    "receipts reception returns root sales security service services shipping shop store support system team "
    "update updates webmaster".split()
)
# What stands in names of companies and functions and in hardly any person's.
_IMPERSONAL = _ROLES - {"hi", "hello", "mail"} | frozenset(
    "ag agency bank bv center club co company corp corporation customer department desk gmbh group holding "
    "hotel inc incorporated international kg lda limited llc llp ltd ltda market nv online oy plc pty reply sa sarl "
    "school shops sl software solutions spa srl stores studio technologies university via".split()
)
_TITLES = frozenset("dr prof mr mrs ms miss mx sr sra herr frau mme mlle dipl ing".split())
_SUFFIXES = frozenset("jr sr ii iii iv phd md dds esq msc bsc mba".split())

_NOT_A_NAME = re.compile(r"[@\d_/\\=#%&*+<>\[\]{}]|://|\.\w{2,}")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\s[|\u2013\u2014-]\s.*|,?\s+(?:via|from|at)\s+.*)$", re.IGNORECASE)
_QUOTES = " \t\n\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb,;:.-"
_JOINERS = "\u200c\u200d"  # belong to words in Persian and Hindi, to nothing once the emoji around them are gone
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019\u02bc\u00b7\u30fb-])*\.?|(?:[^\W\d_]\.)+")


@dataclass(frozen=True)
class PersonName:
    """The first word is the first name, the rest the last one: where a middle name ends nobody can tell."""

    first: str
    last: str = ""


def read_person_name(display_name: str, address: str = "") -> PersonName | None:
    """The name a person goes by, None for companies, functions, addresses, sentences and the like.

    Doubt means None: a wrong name in a greeting is worse than an address on a card.
    """
    shown = _plain(display_name)
    if not shown or len(shown) > LONGEST_NAME or _is_function(address) or _names_a_function(shown):
        return None
    if _NOT_A_NAME.search(shown):
        return None
    words = _in_order(shown)
    if not words or len(words) > MOST_WORDS or not all(_WORD.fullmatch(_base(word)) for word in words):
        return None
    if len(words) == 1 and _is_brand(words[0], address):
        return None
    return PersonName(first=words[0], last=" ".join(words[1:]))


def _plain(display_name: str) -> str:
    """One line without emoji, quotes around, and what others appended ("… via Shop", "(Sales)")."""
    text = _undecorated(unicodedata.normalize("NFC", clean_text(display_name[: LONGEST_NAME * 4])))
    while (shorter := _ASIDE.sub("", text).strip(_QUOTES)) != text:
        text = shorter
    return text


def _undecorated(text: str) -> str:
    kept: list[str] = []
    before = " "
    for letter in text:
        decorates = _is_decoration(before) or before.isspace() if letter in _JOINERS else _is_decoration(letter)
        if not decorates:
            kept.append(letter)
        before = letter
    return " ".join("".join(kept).split())


def _is_decoration(letter: str) -> bool:
    return unicodedata.category(letter) in {"So", "Sk", "Cf", "Co", "Cn"} or letter in "\ufe0e\ufe0f"


def _is_function(address: str) -> bool:
    local = address.partition("@")[0].partition("+")[0]
    parts = re.split(r"[._-]", fold(local))
    return "".join(parts) in _ROLES or any(part in _ROLES - {"hi"} for part in parts)


def _names_a_function(shown: str) -> bool:
    words = re.split(r"[\s,.&/|_-]+", fold(shown))
    return any(word in _IMPERSONAL for word in words)


def _in_order(shown: str) -> list[str]:
    """First name first: "Lopes, Ana" and "Dr. Ana Lopes, PhD" are both Ana Lopes."""
    parts = [part.split() for part in shown.split(",")]
    while len(parts) > 1 and all(_bare(word) in _SUFFIXES for word in parts[-1]):
        parts.pop()
    if len(parts) > 2:
        return []
    words = parts[0] if len(parts) == 1 else parts[1] + parts[0]
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        words = words[1:]
    return words


def _is_brand(word: str, address: str) -> bool:
    """One word alone, written like a sign or like the address's own domain."""
    labels = fold(address.rpartition("@")[2]).split(".")
    return (len(word) > 3 and word.isupper()) or fold(word) in labels


def _bare(word: str) -> str:
    return fold(word).replace(".", "")


def _base(word: str) -> str:
    """The word without combining marks and joiners, which are part of letters but not letters."""
    return "".join(letter for letter in word if not unicodedata.category(letter).startswith(("M", "Cf")))
