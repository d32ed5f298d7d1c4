"""Whom a message goes to: addresses as agents type them, each with a name or without."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.contacts import NotAnAddress, normalize_email
from core.text import clean_text

MOST_RECIPIENTS = 40  # of one message, hidden ones included; more are a mailing
LONGEST_LIST = 8_000  # characters of a field
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|<[^<>]*>|[^,;\r\n"<]|["<])+')
_NAMED = re.compile(r'(?P<name>(?:"(?:[^"\\]|\\.)*"|[^<>"])*)<(?P<address>[^<>]*)>')
_ESCAPED = re.compile(r"\\(.)", re.S)
_PLAIN_NAME = re.compile(r"[^\",;<>()@:\\\[\]]*")


class WrongAddresses(ValueError):
    """What was typed and is no address, as it was typed."""

    def __init__(self, typed: Collection[str]) -> None:
        super().__init__(", ".join(typed))
        self.typed = tuple(typed)


class TooManyRecipients(ValueError):
    """More than `MOST_RECIPIENTS` in one message."""


@dataclass(frozen=True)
class Person:
    """An address in its normal spelling, and the name written beside it ("" for none), on one line."""

    address: str
    name: str = ""

    def __str__(self) -> str:
        """As it stands in a field, and is read again from there."""
        if not self.name:
            return self.address
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        name = self.name if _PLAIN_NAME.fullmatch(self.name) else f'"{escaped}"'
        return f"{name} <{self.address}>"

    @property
    def short(self) -> str:
        return self.name or self.address


@dataclass(frozen=True)
class Recipients:
    """Everybody a message goes to, each once: who stands in two lists counts in the more open one."""

    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    bcc: tuple[Person, ...] = ()

    @classmethod
    def of(cls, *, to: Iterable[Person], cc: Iterable[Person] = (), bcc: Iterable[Person] = ()) -> Recipients:
        """Raises TooManyRecipients."""
        seen: set[str] = set()
        lists = [tuple(_unseen(people, seen)) for people in (to, cc, bcc)]
        if len(seen) > MOST_RECIPIENTS:
            raise TooManyRecipients
        return cls(*lists)

    @property
    def everybody(self) -> tuple[Person, ...]:
        return (*self.to, *self.cc, *self.bcc)


def read_people(typed: str) -> tuple[Person, ...]:
    """Addresses with names or without, between commas, semicolons or line ends. Raises WrongAddresses."""
    people, wrong = [], []
    for match in _PIECE.finditer(typed[:LONGEST_LIST]):
        piece = " ".join(clean_text(match[0]).split())
        if piece:
            person = _read(piece)
            people.append(person) if person else wrong.append(piece[:80])
    if wrong:
        raise WrongAddresses(wrong)
    return tuple(people)


def write_people(people: Iterable[Person]) -> str:
    """As they stand in a field."""
    return ", ".join(str(person) for person in people)


def _read(piece: str) -> Person | None:
    named = _NAMED.fullmatch(piece)
    name, typed = (named["name"].strip(), named["address"]) if named else ("", piece)
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = _ESCAPED.sub(r"\1", name[1:-1])
    try:
        return Person(normalize_email(typed), name.strip()[:200])
    except NotAnAddress:
        return None


def _unseen(people: Iterable[Person], seen: set[str]) -> Iterable[Person]:
    for person in people:
        if person.address not in seen:
            seen.add(person.address)
            yield person
