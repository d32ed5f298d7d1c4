"""The addresses of a customer, all on one form (F26)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.http import QueryDict

from customers.addresses.countries import country_name, country_names
from customers.addresses.kinds import COLUMNS, Address, NotReal, Unreachable
from customers.forms.address_row import AddressRow
from customers.models import CustomerAddress
from customers.options import FULL
from customers.services.locating import SUGGESTED, divide_by_rules, divide_text, find_postal_code, suggest_values
from customers.services.reading_addresses import show_address
from customers.services.saving_addresses import AddressEdit, AddressEdits, AddressesContested, say

SHOWN = 20
MOST_ROWS = 40  # sent at once; more than the form ever shows
KEY = re.compile(r"address-(new)?(\d{1,18})")
NEW = "address-new0"
KEPT_COLUMNS = ("company", "metro", "courier_notes")  # what dividing a line does not take away


class AddressesForm:
    """A row for each address, and an empty one below them; with each save comes another.

    Rows are named `address-17` after what they show and `address-new0` where they show nothing; `address` lists all
    that were sent.
    """

    def __init__(
        self, data: QueryDict | None = None, *, held: Sequence[CustomerAddress], home: str, shape: str
    ) -> None:
        self.is_bound = data is not None
        self._data = data.copy() if data is not None else QueryDict(mutable=True)
        self._held = {f"address-{row.pk}": row for row in held}
        self._home, self._shape = home, shape
        # A page that was opened before there were addresses on it says nothing of them.
        self._is_sent = bool(self._data.getlist("address"))
        self.main_was = self._data.get("initial-address-main", self._main_now())
        self.main_error = ""
        self.rows = [self._row(key) for key in self._keys()]

    @property
    def main(self) -> str:
        """The key of the chosen row."""
        return self._data.get("address-main", self.main_was)

    @property
    def rest(self) -> int:
        """How many are stored and not on the form."""
        return len(self._held) - sum(row.held is not None for row in self.rows)

    @property
    def countries(self) -> Sequence[str]:
        return [name for _, name in country_names()]

    def is_valid(self) -> bool:
        """Every row is asked, so that all that is wrong is said at once."""
        return self.is_bound and sum(self._is_sent and not row.is_valid() for row in self.rows) == 0

    def edits(self) -> AddressEdits:
        """What was sent and what it is based on. Of a valid form only."""
        if not self._is_sent:
            return AddressEdits()
        rows = tuple(
            AddressEdit(row.key, row.address if row.was() else None, row.was(), row.now()) for row in self.rows
        )
        is_moved = self.main != self.main_was and self.main in {row.key for row in rows if row.now}
        found = KEY.fullmatch(self.main_was)
        return AddressEdits(rows, self.main if is_moved else "", int(found[2]) if found else None)

    def contest(self, refused: AddressesContested) -> None:
        """Say beside each row what a colleague wrote there meanwhile; saved again, the form writes over that."""
        for row in self.rows:
            if row.key in refused.rows:
                row.contest(refused.rows[row.key], refused.names.get(row.key, frozenset()))
        if refused.main is not None:
            self.main_was = f"address-{refused.main}"
            theirs = self._held.get(self.main_was)
            said = show_address(say(theirs)) if theirs else "another one"
            self.main_error = f"A colleague chose {said} for delivery meanwhile. Save again to keep yours."

    def divide(self, key: str) -> AddressRow:
        """The fields of a row from its line (F27), or what is wrong with the line. Raises KeyError for no row."""
        row = self._find(key)
        typed = row.typed()
        try:
            found = divide_text(text=typed.text, country=typed.country)
        except NotReal as refused:
            row.is_asked = True
            row.add_error("text", str(refused))
            return row
        except Unreachable as refused:
            return self._divide_by_rules(row, str(refused))
        return self._fill(row, found)

    def _divide_by_rules(self, row: AddressRow, why: str) -> AddressRow:
        """What the rules make of the line where the map service brought no answer, and why it is theirs."""
        typed = row.typed()
        try:
            row = self._fill(row, divide_by_rules(text=typed.text, country=typed.country))
        except NotReal:
            row.is_asked = True
            row.add_error("text", why)
            return row
        row.notice = f"{why} Divided by rules meanwhile: check the fields."
        return row

    def _fill(self, row: AddressRow, found: Address) -> AddressRow:
        typed = row.typed()
        kept = {column: getattr(found, column) or getattr(typed, column) for column in KEPT_COLUMNS}
        return self._say(row, {**{column: getattr(found, column) for column in COLUMNS}, **kept, "shape": FULL})

    def reshape(self, key: str) -> AddressRow:
        """The row with the fields of the country that stands in it. Raises KeyError for no row."""
        return self._say(self._find(key), {"shape": FULL})

    def suggest(self, key: str, column: str) -> AddressRow:
        """The row with what the map service offers for a column (F28). Raises KeyError for no row and no column."""
        row = self._find(key)
        if column not in SUGGESTED:
            raise KeyError(column)
        row.is_asked = True
        try:
            row.suggestions = {column: suggest_values(column=column, within=row.typed())}
        except Unreachable as refused:
            row.add_error(column, str(refused))
        return row

    def choose(self, key: str, column: str, value: str) -> AddressRow:
        """Take a suggestion; with a chosen city comes the postal code where one is known (F29). Raises KeyError."""
        row = self._find(key)
        if column not in SUGGESTED:
            raise KeyError(column)
        row = self._say(row, {column: value, **({"chosen": value} if column == "city" else {})})
        said = row.typed()
        if said.is_city_chosen and not said.postal_code:
            try:
                return self._say(row, {"postal_code": find_postal_code(address=said)})
            except Unreachable as refused:
                row.add_error("postal_code", str(refused))
        return row

    def _find(self, key: str) -> AddressRow:
        return {row.key: row for row in self.rows}[key]

    def _say(self, former: AddressRow, values: Mapping[str, str]) -> AddressRow:
        """The row made anew, with these values in it."""
        for name, value in values.items():
            shown = country_name(value) if name == "country" and value else value
            self._data[former.add_prefix(name)] = shown
        row = self._row(former.key)
        row.is_asked = True
        self.rows[self.rows.index(former)] = row
        return row

    def _main_now(self) -> str:
        return next((key for key, row in self._held.items() if row.is_main), "")

    def _keys(self) -> list[str]:
        sent = dict.fromkeys(self._data.getlist("address")[:MOST_ROWS])
        keys = [key for key in sent if KEY.fullmatch(key)] if self._is_sent else list(self._held)[:SHOWN]
        return [*keys, *([] if NEW in keys else [NEW])]

    def _row(self, key: str) -> AddressRow:
        data = self._data if self._is_sent else None
        return AddressRow(data, key=key, held=self._held.get(key), home=self._home, shape=self._shape)
