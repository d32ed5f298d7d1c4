"""What two profiles say, field beside field, and what of it was chosen (F44)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from core.languages import language_name
from customers.changes import CUSTOM, DETAILS
from customers.kinds import PreferredChannel
from customers.models import Customer
from customers.services.merging.fields import LEGAL, MARKS, NAMES, NOTE, OWN, PHOTO, SOURCE, Said, choose
from customers.services.noting import LONGEST_NOTE
from customers.services.reading_contractor import read_contractor
from customers.services.stating import Fact, state_facts
from files.models import StoredFile

MINE, THEIRS, BOTH = "mine", "theirs", "both"
NAME = "name"  # first, middle and last, which are chosen as one
BETWEEN_NOTES = "\n\n"
LINES_SHOWN, LINES_LONG = 6, 200  # lines, and characters that may need as many where it is narrow
# In the order of the page; custom fields follow in theirs.
FIRST = (NAME, PHOTO, *sorted(MARKS, reverse=True), NOTE, "sex", "birthday", "location", "time_zone", "language")
LAST = (LEGAL, SOURCE)
LABELS = {NAME: "Name", PHOTO: "Photo", NOTE: "Note", LEGAL: "Legal details", SOURCE: "Came from"}
SOURCES = ("source", "medium", "campaign", "landing_page", "referrer")


@dataclass(frozen=True)
class Side:
    """What one profile says of a field, as people read it; "" and no photo: nothing."""

    text: str = ""
    hint: str = ""
    photo: StoredFile | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text and self.photo is None

    @property
    def is_long(self) -> bool:
        """Whether it may have to be scrolled."""
        return len(self.text) > LINES_LONG or self.text.count("\n") > LINES_SHOWN


@dataclass(frozen=True)
class Choice:
    """One field. `kept` is MINE (the survivor's), THEIRS or BOTH; `seen` changes with what either says of it."""

    code: str
    label: str
    mine: Side
    theirs: Side
    is_same: bool
    kept: str
    seen: str
    is_new: bool = False  # said by somebody while the page was open

    @property
    def can_be_both(self) -> bool:
        """Of two notes, as long as a person could write them as one."""
        if self.code != NOTE or self.is_same or self.mine.is_empty or self.theirs.is_empty:
            return False
        return len(join_notes(self.mine.text, self.theirs.text)) <= LONGEST_NOTE


@dataclass(frozen=True)
class Pages:
    """Both profiles as `fields.read_said` reads them, and who reads the page: `zone` and `today` are theirs."""

    survivor: Customer
    other: Customer
    mine: Said
    theirs: Said
    zone: ZoneInfo
    today: date


def read_choices(pages: Pages, *, kept: Mapping[str, str], seen: Mapping[str, str] | None) -> tuple[Choice, ...]:
    """Fields of which either says something: in a constant number of queries, however much is known.

    `kept` is what was picked, by code; `seen` what the page showed when it was opened, None for one that opens.
    """
    sides = [_Shown(pages, one, said) for one, said in ((pages.survivor, pages.mine), (pages.other, pages.theirs))]
    known = {code: fact.label for shown in reversed(sides) for code, fact in shown.facts.items()}
    after = choose(pages.mine, pages.theirs, {})
    choices = []
    for code in _codes(pages.mine | pages.theirs, known):
        mine, theirs = sides[0].side(code), sides[1].side(code)
        if mine.is_empty and theirs.is_empty:
            continue
        said = [_value(one, code) for one in (pages.mine, pages.theirs)]
        choice = Choice(
            code=code,
            label=LABELS.get(code) or known.get(code) or DETAILS.get(code, code),
            mine=mine,
            theirs=theirs,
            is_same=said[0] == said[1],
            kept=MINE if _value(after, code) == said[0] else THEIRS,
            seen=digest(said),
            is_new=seen is not None and seen.get(code) != digest(said),
        )
        choices.append(replace(choice, kept=_kept(choice, kept.get(code, ""))))
    return tuple(choices)


def read_chosen(pages: Pages, choices: Iterable[Choice]) -> Said:
    """What the survivor is to say, for joining.merge_customers: every field that differs, as the page shows it."""
    chosen: Said = {}
    for choice in choices:
        side = pages.theirs if choice.kept == THEIRS else pages.mine
        if choice.kept == BOTH:
            chosen[NOTE] = join_notes(pages.mine[NOTE], pages.theirs[NOTE])
        elif not choice.is_same:
            names = NAMES if choice.code == NAME else (_name_of(choice.code),)
            chosen |= {name: side.get(name, "" if name.startswith(OWN) else None) for name in names}
    return chosen


def join_notes(mine: str, theirs: str) -> str:
    """Both, with a blank line between them."""
    return BETWEEN_NOTES.join(text for text in (mine, theirs) if text)


def digest_of(choices: Iterable[Choice]) -> dict[str, str]:
    """What the page shows, so that it can tell later what changed meanwhile."""
    return {choice.code: choice.seen for choice in choices}


def digest(said: list[Any]) -> str:
    """Short, and another one for anything else."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()[:12]


class _Shown:
    """One profile in the words of its page."""

    def __init__(self, pages: Pages, customer: Customer, said: Said) -> None:
        self.customer, self.said = customer, said
        stated = state_facts(customer=customer, zone=pages.zone, today=pages.today)
        self.facts: dict[str, Fact] = {fact.code: fact for fact in stated}

    def side(self, code: str) -> Side:
        if code == PHOTO:
            return Side(photo=self.customer.photo)
        if code == NAME:
            return Side(self.customer.full_name)
        if code in MARKS:
            return Side(DETAILS[code] if self.said[code] else "")
        if code == NOTE:
            return Side(str(self.said[NOTE]))
        if code in (LEGAL, SOURCE):
            return Side(self._legal() if code == LEGAL else self._source())
        if not _value(self.said, code):
            return Side()  # a sex that is only supposed is not said
        if fact := self.facts.get(code):
            return Side(fact.value, fact.hint)
        return Side(_PLAIN.get(code, str)(self.said[code]))

    def _legal(self) -> str:
        contractor = read_contractor(customer=self.customer)
        if contractor is None:
            return ""
        said = [f"{fact.label}: {fact.value}" for fact in (*contractor.details, *contractor.bank)]
        return "\n".join([f"{contractor.type}{f', {contractor.country}' if contractor.country else ''}", *said])

    def _source(self) -> str:
        row = self.said[SOURCE] or {}
        said = [row.get(name) for name in SOURCES]
        return " · ".join(word for word in said if word) or (f"First visit {row['first_visit_at'][:10]}" if row else "")


_PLAIN: Mapping[str, Callable[[Any], str]] = {
    "language": language_name,
    "preferred_channel": lambda code: str(PreferredChannel(code).label),
}


def _codes(said: Said, known: Mapping[str, str]) -> Iterator[str]:
    """Custom fields are called as facts call them; those that are switched off are not asked about."""
    plain = [name for name in said if not name.startswith(OWN) and name not in (*NAMES, *FIRST, *LAST)]
    yield from (*FIRST, *plain)
    yield from (code for code in known if code.startswith(CUSTOM))
    yield from LAST


def _name_of(code: str) -> str:
    return f"{OWN}{code.removeprefix(CUSTOM)}" if code.startswith(CUSTOM) else code


def _value(said: Said, code: str) -> Any:
    """Nothing, "" and False are one, as for people."""
    value = [said[name] for name in NAMES] if code == NAME else said.get(_name_of(code))
    return None if value in ("", False, ["", "", ""]) else value


def _kept(choice: Choice, picked: str) -> str:
    """What was picked, else what stands if nobody chooses: as fields.choose has it, but no note is dropped."""
    if picked in (MINE, THEIRS):
        return picked
    return BOTH if choice.can_be_both else choice.kept
