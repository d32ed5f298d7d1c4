"""Read what a row of a table says of a customer, and say in words what cannot be taken of it, or why nothing can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core.contacts import NotAnAddress
from core.tables.reading import RefusedRow, Row
from core.text import clean_text, excerpt, fold
from customers.addresses.checking import normalize_postal_code
from customers.addresses.countries import find_country
from customers.addresses.regions import is_country
from customers.field_values import LONGEST_TEXT, BadValue, Value, read_value
from customers.kinds import ContactKind, FieldKind, Sex
from customers.models import CustomField
from customers.services.importing.mapping import LABELS, OWN, SEVERAL
from customers.services.importing.reading_dates import Order, read_date
from customers.spelling import Regions, spell

# Lengths of the columns of the tables.
NAMES = {"first_name": 100, "middle_name": 100, "last_name": 100}
PLACES = {"street": 200, "city": 100, "region": 100, "postal_code": 20, "country": 100, "company": 200}
KINDS = {"email": ContactKind.EMAIL, "phone": ContactKind.PHONE, "twitter": ContactKind.HANDLE}
CALLED = {"email": "e-mail address", "phone": "phone number", "twitter": "handle"}
LONGEST_REFERENCE, LONGEST_TYPED = 255, 320
MOST_CONTACTS = 200  # of one row
LONGEST_QUOTED = 60  # characters of a value
EARLIEST_BIRTHDAY = date(1000, 1, 1)  # a year of fewer digits is a slip; others are the owner's to judge
_SEXES = {
    **dict.fromkeys("female f woman w frau weiblich femme mujer mulher ж жен женский женщина".split(), Sex.FEMALE),
    **dict.fromkeys("male m man mann männlich homme hombre homem м муж мужской мужчина".split(), Sex.MALE),
}


class Unfit(Exception):
    """The row cannot be taken; the text tells a person why."""


class Unread(Exception):
    """A value is left out, and the row is taken without it; the text goes on behind the value: "is no day"."""


@dataclass(frozen=True, slots=True)
class WantedContact:
    """An address as it was typed; `value` is what it is found by."""

    kind: ContactKind
    value: str
    typed: str
    tag: str = ""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row says; what it does not speak of, or leaves empty, is in none of these. `remarks` are sentences that
    whoever sent it should read though it is taken.
    """

    line: int
    cells: tuple[str, ...]
    reference: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    contacts: tuple[WantedContact, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    place: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        said = (self.reference, self.details, self.contacts, self.values, self.place, self.note)
        return not any(said)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken; `line` is the first of it, `cells` what could be read."""

    line: int
    cells: tuple[str, ...]
    problem: str


class RowReader:
    """Reads rows of one file. `fields` are the custom fields with their options; phones are read as in `region`, and
    days in the order of `dates`.
    """

    def __init__(
        self, mapping: Mapping[int, str], fields: Sequence[CustomField], *, zone: ZoneInfo, region: str, today: date
    ) -> None:
        self._columns = sorted(mapping.items())
        self.dates: Order | None = None
        self._zone, self._regions, self._today = zone, Regions(region), today
        self._fields = {one.code: one for one in fields}
        self._options = {one.code: _active_options(one) for one in fields}
        self._choices = {one.code: _named(one) for one in fields}

    def read(self, row: Row | RefusedRow) -> Wanted | Refused:
        """What the row wants, or why it is refused: as a whole, since half a contact would be lost unseen. Only a
        birthday or a sex is left out by itself: the customer is wanted all the same.
        """
        if isinstance(row, RefusedRow):
            is_one_line = row.line == row.last_line  # which is told apart
            return Refused(row.line, row.cells, row.fault.value if is_one_line else row.reason)
        try:
            return self._read(row)
        except Unfit as unfit:
            return Refused(row.line, row.cells, str(unfit))

    def _read(self, row: Row) -> Wanted:
        said: dict[str, str] = {}
        contacts: dict[tuple[str, str], WantedContact] = {}
        for place, target in self._columns:
            text = clean_text(row.cells[place]).strip()
            if text and target in SEVERAL:
                for one in self._contacts(target, text):
                    contacts.setdefault((one.kind, one.value), one)
            elif text:
                said[target] = text
        if len(contacts) > MOST_CONTACTS:
            raise Unfit(f"More than {MOST_CONTACTS} addresses and phones in one row.")
        wanted = self._told(row, said, tuple(contacts.values()))
        if wanted.is_empty:
            nothing = "Nothing else" if wanted.remarks else "Nothing"
            raise Unfit(" ".join((*wanted.remarks, f"{nothing} is said in the columns that are taken.")))
        return wanted

    def _told(self, row: Row, said: Mapping[str, str], contacts: tuple[WantedContact, ...]) -> Wanted:
        own = {name.removeprefix(OWN): text for name, text in said.items() if name.startswith(OWN)}
        own = {code: self._coded(code, text) for code, text in own.items()}
        details, remarks = self._details(said)
        return Wanted(
            row.line,
            row.cells,
            reference=_line(said, "reference", LONGEST_REFERENCE),
            details=details,
            contacts=contacts,
            values={code: self._value(code, text) for code, text in own.items()},
            typed=own,
            place=_place(said),
            note=_note(said.get("note", "")),
            remarks=remarks,
        )

    def _details(self, said: Mapping[str, str]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """With a remark on each value that is left out."""
        details: dict[str, Any] = {name: _line(said, name, longest) for name, longest in NAMES.items() if name in said}
        remarks: list[str] = []
        for name, read in (("birthday", self._birthday), ("sex", _sex)):
            if name in said:
                try:
                    details[name] = read(said[name])
                except Unread as unread:
                    remarks.append(f"{LABELS[name]} “{excerpt(said[name], LONGEST_QUOTED)}” {unread}: left out.")
        return details, tuple(remarks)

    def _birthday(self, text: str) -> date:
        day = read_date(text, self.dates)
        if day is None:
            raise Unread("may be two days" if read_date(text, Order.DAY) else "is no day")
        if day < EARLIEST_BIRTHDAY:
            raise Unread(f"is before the year {EARLIEST_BIRTHDAY.year}")
        if day > self._today:
            raise Unread("is a day to come")
        return day

    def _value(self, code: str, text: str) -> Value:
        one = self._fields[code]
        try:
            return read_value(FieldKind(one.kind), text, zone=self._zone, options=self._options[code])
        except BadValue as error:
            raise Unfit(f"{one.name}: {error}") from error

    def _coded(self, code: str, text: str) -> str:
        """Choices by their codes, though the table may have what they are called."""
        known = self._choices[code]
        parts = text.split(";") if known and fold(text) not in known else [text]
        return ";".join(known.get(fold(part), part) for part in parts)

    def _contacts(self, target: str, text: str) -> list[WantedContact]:
        return [self._spell(target, part.strip()) for part in text.split(";") if part.strip()]

    def _spell(self, target: str, typed: str) -> WantedContact:
        typed = " ".join(typed.split())
        kind, tag = KINDS[target], "twitter" if target == "twitter" else ""
        try:
            spelled = spell(kind, typed, tag=tag, regions=self._regions)
        except NotAnAddress as error:
            raise Unfit(f"“{typed[:100]}” is no {CALLED[target]}.") from error
        return WantedContact(kind, spelled.value, typed[:LONGEST_TYPED], tag, spelled.extension[:20])


def _active_options(one: CustomField) -> list[str]:
    options = sorted(one.options.all(), key=lambda option: (option.position, option.pk))
    return [option.code for option in options if option.is_active]


def _named(one: CustomField) -> dict[str, str]:
    """Codes of the choices by their codes and by what they are called, unless two are called so."""
    active = [option for option in one.options.all() if option.is_active]
    called = Counter(fold(option.label) for option in active)
    labels = {fold(option.label): option.code for option in active if called[fold(option.label)] == 1}
    return labels | {fold(option.code): option.code for option in active}


def _line(said: Mapping[str, str], name: str, longest: int) -> str:
    text = " ".join(said.get(name, "").split())
    if len(text) > longest:
        raise Unfit(f"{LABELS[name]}: longer than {longest} characters.")
    return text


def _note(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise Unfit(f"Note: longer than {LONGEST_TEXT:,} characters.")
    return text


def _place(said: Mapping[str, str]) -> dict[str, str]:
    place = {name: _line(said, name, longest) for name, longest in PLACES.items() if name in said}
    if "country" in place:
        place["country"] = _country(place["country"])
    if "postal_code" in place:
        place["postal_code"] = normalize_postal_code(place.get("country", ""), place["postal_code"])[:20]
    return place


@lru_cache(1000)
def _country(text: str) -> str:
    code = text.upper() if is_country(text.upper()) else find_country(text)
    if not code:
        raise Unfit(f"Country: no country is called “{text}”.")
    return code


def _sex(text: str) -> str:
    known = _SEXES.get(fold(text).rstrip("."))
    if known is None:
        raise Unread("is neither female nor male")
    return str(known)
