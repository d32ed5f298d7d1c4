"""One address of the form that holds them all: on one line, or as the fields of its country (F26)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from customers.addresses.checking import check
from customers.addresses.kinds import COLUMNS
from customers.addresses.layouts import Layout, fields_for
from customers.addresses.regions import find_region
from customers.forms.contesting import contested
from customers.forms.countries import CountryField, read_country
from customers.models import CustomerAddress
from customers.options import FULL, SHORT
from customers.services.locating import SUGGESTED
from customers.services.reading_addresses import show_address
from customers.services.saving_addresses import LENGTHS, SaidAddress, say

GONE = "A colleague took this off meanwhile. Save again to add it anew."
# What still holds of an address that was written anew on one line.
KEPT = ("name", "country", "company", "metro", "courier_notes")


@dataclass(frozen=True)
class AddressInput:
    """One field of a row. `is_loose` is True for a value the map service does not know; `found` is what it suggests
    instead, None while nobody asked.
    """

    column: str
    field: BoundField
    is_loose: bool
    found: Sequence[str] | None


class AddressRow(forms.Form):
    """What a row says. One that is emptied, or ticked to be removed, is taken off."""

    known = forms.BooleanField(required=False, widget=forms.HiddenInput)
    # The city that was chosen from suggestions, as long as it stands there.
    chosen = forms.CharField(required=False, max_length=LENGTHS["city"], widget=forms.HiddenInput)
    shape = forms.ChoiceField(
        required=False,
        choices=[(SHORT, "One line"), (FULL, "Separate fields")],
        widget=forms.RadioSelect,
        label="Write it as",
    )
    name = forms.CharField(required=False, max_length=LENGTHS["name"], label="Name of the address")
    text = forms.CharField(
        required=False, max_length=LENGTHS["text"], label="Address", widget=forms.Textarea(attrs={"rows": 2})
    )
    remove = forms.BooleanField(required=False, label="Remove")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        key: str,
        held: CustomerAddress | None = None,
        home: str = "",
        shape: str = SHORT,
    ) -> None:
        self.key, self.held = key, held
        self.is_asked = False
        self.notice = ""  # what somebody should know of the fields, "" for nothing
        self.suggestions: Mapping[str, Sequence[str]] = {}
        self._now = say(held) if held else None
        said = self._now or SaidAddress(country=home)
        chosen = said.city if said.is_city_chosen else ""
        first = {"known": held is not None, "chosen": chosen, "shape": _shape_of(said, shape)}
        super().__init__(data, prefix=key, initial={**asdict(said), **first})
        typed = self.data.get(self.add_prefix("country")) if self.is_bound else None
        self.layout: Layout = fields_for(said.country if typed is None else read_country(typed))
        for column in COLUMNS:
            self.fields[column] = CountryField() if column == "country" else _field(column, self.layout)
        for name in _TOLD:
            self.fields[name].show_hidden_initial = self.address is not None
        self.fields["name"].widget.attrs["placeholder"] = "Home, office"
        for name in ("name", "text"):
            self.fields[name].widget.attrs |= {"dir": "auto", "autocomplete": "off"}

    @property
    def address(self) -> int | None:
        """The CustomerAddress it shows, None for a new one."""
        number = self.key.removeprefix("address-")
        return int(number) if number.isdecimal() else None

    @property
    def country_id(self) -> str:
        """The id of the input whose change calls for other fields."""
        return self["country"].auto_id

    @property
    def title(self) -> str:
        return (self.held.name or show_address(say(self.held))) if self.held else "Add an address"

    @property
    def is_open(self) -> bool:
        """Whether somebody is writing in it."""
        return self.is_asked or bool(self.errors) or (self.is_bound and self.held is None and not self.typed().is_blank)

    @property
    def lines(self) -> Sequence[Sequence[AddressInput]]:
        """The fields of the country, row by row; then those that say something although the country has them not."""
        said = self.typed()
        rows = [line for line in (*self.layout.lines, self.layout.also(said)) if line]
        return [[self._input(column, said) for column in line] for line in rows]

    def _input(self, column: str, said: SaidAddress) -> AddressInput:
        found = self.suggestions.get(column)
        is_loose = column in SUGGESTED and bool(getattr(said, column)) and not self._is_tied(column, said)
        return AddressInput(column, self[column], is_loose, found)

    def _is_tied(self, column: str, said: SaidAddress) -> bool:
        """Whether the value is one of the map service's (F28)."""
        if column == "region":
            return bool(find_region(said.country, said.region))
        return column == "city" and said.is_city_chosen

    @property
    def warnings(self) -> Sequence[tuple[str, str]]:
        """What looks wrong, by the names of the fields; nothing that keeps anybody from saving it."""
        said = self.typed()
        found = {} if said.is_empty() else check(said)
        return [(self.layout.labels[column], sentence) for column, sentence in found.items()]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("remove") or self.errors:
            return values
        if self._said(values).is_blank and (values["name"] or values["metro"]) and self.address is None:
            self.add_error("text", "Write the address too.")
        return values

    def was(self) -> SaidAddress | None:
        """What it said when the page was opened; None for a new one, and for one a colleague took off."""
        if self.address is None or not self.data.get(self.add_prefix("known")):
            return None
        return self._said({name: self._initial_of(name) for name in _TOLD})

    def now(self) -> SaidAddress | None:
        """What it says; None where it takes the address off, or there never was one."""
        said = self._said(self.cleaned_data)
        if self.cleaned_data.get("remove") or said.is_blank:
            return None
        return _last_written(said, self.was() or SaidAddress(country=said.country))

    def typed(self) -> SaidAddress:
        """What stands in it, right or wrong."""
        values: dict[str, Any] = {name: str(self[name].value() or "") for name in _TOLD}
        is_chosen = bool(values["city"]) and self["chosen"].value() == values["city"]
        return SaidAddress(**{**values, "country": self.layout.country}, is_city_chosen=is_chosen)

    def contest(self, theirs: SaidAddress | None, names: frozenset[str]) -> None:
        """Say what a colleague wrote meanwhile, None for what was taken off; saved again, the row writes over it."""
        given: Any = self.data
        if theirs is None:
            given[self.add_prefix("known")] = ""
            self.full_clean()
            self.add_error("text", forms.ValidationError(GONE))
            return
        for name in names & set(_TOLD):
            given[self.add_initial_prefix(name)] = str(self.fields[name].prepare_value(getattr(theirs, name)))
        self.full_clean()
        for name in sorted(names & set(_TOLD)):
            self.add_error(name, contested(str(self.fields[name].prepare_value(getattr(theirs, name)))))

    def _said(self, values: dict[str, Any]) -> SaidAddress:
        """A field that was not on the page says what it said before."""
        said = {name: str(values.get(name) or "") for name in _TOLD}
        if self._now:
            said |= {name: getattr(self._now, name) for name in _TOLD if self.add_prefix(name) not in self.data}
        chosen = values.get("chosen", self._now.city if self._now and self._now.is_city_chosen else "")
        return SaidAddress(**said, is_city_chosen=bool(chosen) and chosen == said["city"])

    def _initial_of(self, name: str) -> Any:
        raw = self.data.get(self.add_initial_prefix(name))
        if raw is None:
            return getattr(self._now, name, "")
        try:
            return self.fields[name].clean(raw)
        except forms.ValidationError:
            return getattr(self._now, name, "")


_TOLD = ("name", "text", *COLUMNS)


def _field(column: str, layout: Layout) -> forms.CharField:
    """One of the country's fields; those that its mail needs say so, and none of them must be filled in."""
    label = layout.labels[column]
    field = forms.CharField(required=False, max_length=LENGTHS[column], label=label)
    field.widget.attrs |= {"dir": "auto", "autocomplete": "off"}
    return field


def _shape_of(said: SaidAddress, preferred: str) -> str:
    """The form that holds what there is; the workspace's where both do, or none."""
    if said.text and said.is_empty():
        return SHORT
    return FULL if not said.text and not said.is_empty() else preferred


def _last_written(now: SaidAddress, was: SaidAddress) -> SaidAddress:
    """Of two forms that say different things, that holds which was written last: who types a new line means no longer
    what its fields said before, and the other way round.
    """
    columns = [name for name in COLUMNS if name not in KEPT]
    is_divided = any(getattr(now, name) != getattr(was, name) for name in columns)
    is_retyped = now.text != was.text
    if is_retyped and now.text and not is_divided:
        return replace(now, **dict.fromkeys(columns, ""), is_city_chosen=False)
    if is_divided and not is_retyped and (now.street or now.house or now.city):
        return replace(now, text="")
    return now
