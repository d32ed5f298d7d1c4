"""E-mail addresses, phones and handles of a customer, all on one form (F22)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from customers.forms.contact_row import ContactRow
from customers.kinds import ContactKind
from customers.services.finding import read_regions
from customers.services.reading_contacts import ContactLine
from customers.services.saving_contacts import ContactEdit, ContactEdits, ContactsContested
from customers.spelling import Regions

SHOWN = 20  # of one kind (F23); as many again wait hidden, to move up while shown ones are taken off
MOST_ROWS = 300  # sent at once; more than the form ever shows
KEY = re.compile(r"(email|phone|handle)-(new)?(\d{1,18})")
TITLES = {ContactKind.EMAIL: "E-mails", ContactKind.PHONE: "Phones", ContactKind.HANDLE: "Handles"}


@dataclass(frozen=True)
class Group:
    """The rows of one kind. `rest` of them are stored and not on the form; `main` is the key of the chosen row."""

    kind: ContactKind
    title: str
    rows: Sequence[ContactRow]
    rest: int
    main: str
    main_was: str
    main_error: str

    @property
    def main_name(self) -> str:
        return f"{self.kind}-main"


class ContactsForm:
    """A row for each contact that is held, by kinds, and an empty one below them.

    Filling the empty one reveals the next (F22); without scripts one more comes with each save. Rows are named
    `email-17` after the line they show and `email-new0` where they show none; `contact` lists all that were sent.
    """

    def __init__(self, data: QueryDict | None = None, *, held: Sequence[ContactLine]) -> None:
        self.is_bound = data is not None
        self._data = data.copy() if data is not None else QueryDict(mutable=True)
        self._held = {f"{line.kind}-{line.id}": line for line in held}
        self._main_errors: dict[str, str] = {}
        phones = [line.value for line in held if line.kind is ContactKind.PHONE]
        self._regions = read_regions(phones) if self.is_bound else Regions()
        self._rows = self._bound_rows() if self.is_bound else self._fresh_rows()

    def is_valid(self) -> bool:
        """Every row, and none of them twice."""
        if not self.is_bound:
            return False
        valid = [row.is_valid() for row in self._rows]
        seen: set[tuple[str, str]] = set()
        for row in self._rows:
            if address := row.address():
                if address in seen:
                    row.add_error("value", "This stands here twice.")
                    valid.append(False)
                seen.add(address)
        return all(valid)

    def edits(self) -> ContactEdits:
        """What was sent and what it is based on, as saving_contacts.save_contacts reads it."""
        rows = [
            ContactEdit(row.key, row.kind, row.line if row.was() else None, row.was(), row.now()) for row in self._rows
        ]
        keys = {row.key for row, edit in zip(self._rows, rows, strict=True) if edit.now}
        main: dict[ContactKind, str] = {}
        main_was: dict[ContactKind, int] = {}
        for kind in ContactKind:
            chosen, before = self._data.get(f"{kind}-main", ""), self._data.get(f"initial-{kind}-main", "")
            if chosen != before and chosen in keys:
                main[kind] = chosen
            if found := KEY.fullmatch(before):
                main_was[kind] = int(found[3])
        return ContactEdits(tuple(rows), main, main_was)

    def contest(self, refused: ContactsContested) -> None:
        """Say beside each row what a colleague wrote there meanwhile; saved again, the form writes over that."""
        for row in self._rows:
            if row.key in refused.rows:
                row.contest(refused.rows[row.key])
        for kind, line in refused.main.items():
            self._data[f"initial-{kind}-main"] = f"{kind}-{line}"
            theirs = self._held.get(f"{kind}-{line}")
            said = theirs.value if theirs else "another one"
            self._main_errors[kind] = f"A colleague made {said} the main one meanwhile. Save again to keep yours."

    def groups(self) -> Iterator[Group]:
        """What the page shows, kind by kind."""
        for kind in ContactKind:
            rows = [row for row in self._rows if row.kind is kind]
            if self.is_bound and not any(row.is_blank for row in rows):
                rows.append(ContactRow(None, key=_free_key(kind, rows), kind=kind))
            held = [line for line in self._held.values() if line.kind is kind]
            main_was = next((f"{kind}-{line.id}" for line in held if line.is_primary), "")
            yield Group(
                kind=kind,
                title=TITLES[kind],
                rows=rows,
                rest=len(held) - sum(row.held is not None and not row.is_spare for row in rows),
                main=self._data.get(f"{kind}-main", main_was),
                main_was=self._data.get(f"initial-{kind}-main", main_was),
                main_error=self._main_errors.get(kind, ""),
            )

    def _fresh_rows(self) -> list[ContactRow]:
        rows: list[ContactRow] = []
        for kind in ContactKind:
            lines = [line for line in self._held.values() if line.kind is kind][: 2 * SHOWN]
            rows += [
                ContactRow(None, key=f"{kind}-{line.id}", kind=kind, held=line, is_spare=place >= SHOWN)
                for place, line in enumerate(lines)
            ]
            rows.append(ContactRow(None, key=f"{kind}-new0", kind=kind))
        return rows

    def _bound_rows(self) -> list[ContactRow]:
        keys = [key for key in dict.fromkeys(self._data.getlist("contact")[:MOST_ROWS]) if KEY.fullmatch(key)]
        spare = set(self._data.getlist("spare"))
        return [
            ContactRow(
                self._data,
                key=key,
                kind=ContactKind(key.split("-")[0]),
                held=self._held.get(key),
                is_spare=key in spare,
                regions=self._regions,
            )
            for key in keys
        ]


def _free_key(kind: ContactKind, rows: Sequence[ContactRow]) -> str:
    taken = {row.key for row in rows}
    return next(key for number in range(len(rows) + 1) if (key := f"{kind}-new{number}") not in taken)
