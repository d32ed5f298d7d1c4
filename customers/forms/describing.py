"""Edit mode (F7): who somebody is.

Each field carries what it held when the page was opened, so that two people who edit different fields both win.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format

from accounts.models import Membership
from core.languages import NotALanguage, language_name, normalize_language
from customers.forms.choosing import OptionSelect, offer
from customers.forms.contesting import contested
from customers.kinds import PreferredChannel, Sex
from customers.services.describing import NAMES, Details
from customers.stores import Store

# What is chosen by a number is asked for by another name than it is said by.
ASKED = {"manager_id": "manager", "store_number": "store"}
# Nobody alive was born earlier; what stands there already, from an import say, may stay.
EARLIEST_BIRTHDAY = date(1890, 1, 1)
LANGUAGE_HELP = "A name, or a code such as pt-BR."


@cache
def _zones() -> list[tuple[str, str]]:
    return [("", "Not given"), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


class DetailsForm(forms.Form):
    """A first name is asked for only when names were touched (D14).

    An option that was switched off stands among the choices only where it was chosen before (F14).
    """

    first_name = forms.CharField(required=False, max_length=100)
    middle_name = forms.CharField(required=False, max_length=100)
    last_name = forms.CharField(required=False, max_length=100)
    is_vip = forms.BooleanField(required=False, label="VIP: a good customer")
    is_bad = forms.BooleanField(required=False, label="BAD: a bad customer")
    sex = forms.ChoiceField(required=False, choices=Sex.choices)
    birthday = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    manager = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=OptionSelect)
    store = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, widget=OptionSelect)
    language = forms.CharField(required=False, max_length=35, help_text=LANGUAGE_HELP)
    time_zone = forms.ChoiceField(required=False, widget=OptionSelect)
    location = forms.CharField(required=False, max_length=200)
    preferred_channel = forms.ChoiceField(required=False, choices=PreferredChannel.choices)
    personal_discount = forms.DecimalField(
        required=False, min_value=0, max_value=100, decimal_places=2, label="Personal discount (percent)"
    )
    discount_card = forms.CharField(required=False, max_length=50)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        said: Details,
        managers: Sequence[Membership],
        stores: Mapping[int, Store],
        today: date,
        supposed: str = "",
    ) -> None:
        self._today = today
        self._ids = {member.number: member.pk for member in managers}
        numbers = {pk: number for number, pk in self._ids.items()}
        initial = asdict(said) | {"manager": numbers.get(said.manager_id or 0), "store": said.store_number}
        super().__init__(data, initial=initial)
        for field in self.fields.values():
            field.show_hidden_initial = True
        _offer_members(self.fields["manager"], managers, said.manager_id)
        _offer_stores(self.fields["store"], stores, said.store_number)
        _offer_zones(self.fields["time_zone"], said.time_zone)
        self.fields["birthday"].widget.attrs["max"] = today.isoformat()
        self.fields["language"].widget.attrs |= {"list": "languages", "autocomplete": "off"}
        for name in ("first_name", "middle_name", "last_name", "location"):
            self.fields[name].widget.attrs |= {"dir": "auto", "autocomplete": "off"}
        if (name := language_name(said.language)) != said.language:
            self.fields["language"].help_text = f"{name}. {LANGUAGE_HELP}"
        # The key that opens edit mode leads to its first field; one that is refused leads to what is wrong.
        self.fields["first_name"].widget.attrs["autofocus"] = data is None
        if supposed:
            self.fields["sex"].help_text = f"Supposed from the name: {supposed}."

    def clean_birthday(self) -> date | None:
        birthday: date | None = self.cleaned_data["birthday"]
        if birthday and birthday != self.initial["birthday"] and not EARLIEST_BIRTHDAY <= birthday <= self._today:
            raise forms.ValidationError(f"Write a day between {EARLIEST_BIRTHDAY.year} and today.")
        return birthday

    def clean_language(self) -> str:
        typed = str(self.cleaned_data["language"])
        # A store may have said what no list knows; it is refused only to who types it.
        if not typed or "language" not in self.changed_data:
            return typed
        try:
            return normalize_language(typed)
        except NotALanguage as error:
            raise forms.ValidationError("Choose a language, or write its code.") from error

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("first_name") and "first_name" not in self.errors and NAMES & set(self.changed_data):
            self.add_error("first_name", "Write at least a first name.")
        return values

    def details(self) -> Details:
        """What was typed."""
        return self._details(self.cleaned_data)

    def based_on(self) -> Details:
        """What the page showed when it was opened; what is said now where the form does not tell."""
        return self._details({name: self._was(name) for name in self.fields})

    def contest(self, names: Iterable[str], theirs: Details, who: Mapping[str, str]) -> None:
        """Say beside its field what a colleague wrote there meanwhile; saved again, the form writes over that."""
        members = {pk: number for number, pk in self._ids.items()}
        shown: dict[str, Any] = asdict(theirs) | {"manager_id": members.get(theirs.manager_id or 0)}
        given: Any = self.data
        data = given.copy()
        for name in names:
            value = shown[name]
            data[self.add_initial_prefix(ASKED.get(name, name))] = "" if value in (None, False) else str(value)
        self.data = data
        self.full_clean()
        for name in names:
            field = ASKED.get(name, name)
            self.add_error(field, contested(self._label_of(field, shown[name]), who=who.get(name, "")))

    def _details(self, values: Mapping[str, Any]) -> Details:
        rest = {name: value for name, value in values.items() if name not in ("manager", "store")}
        manager = values.get("manager")
        return Details(**rest, manager_id=self._ids.get(manager or 0), store_number=values.get("store"))

    def _was(self, name: str) -> Any:
        field = self.fields[name]
        raw = self.data.get(self.add_initial_prefix(name))
        if raw is None and not isinstance(field, forms.BooleanField):
            return self.initial.get(name)
        try:
            return field.clean("" if raw is None else raw)
        except forms.ValidationError:
            return self.initial.get(name)

    def _label_of(self, name: str, value: Any) -> str:
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "yes" if value else "no"
        if isinstance(field, forms.ChoiceField):
            offered: Any = field.choices
            return str(dict(offered).get(value if value is not None else "", value or ""))
        if isinstance(value, date):
            return date_format(value)
        return str(value if value is not None else "")


class SinceForm(forms.Form):
    """Since when somebody has edit mode open, in milliseconds since 1970."""

    since = forms.IntegerField(min_value=0, max_value=10**14)

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.cleaned_data["since"] / 1000, tz=UTC)


def _offer_members(field: forms.Field, members: Sequence[Membership], chosen: int | None) -> None:
    gone = {one.number for one in members if not (one.is_active and one.user.is_active)}
    shown = [(one.number, one.name) for one in members if one.number not in gone or one.pk == chosen]
    offer(field, [("", "Nobody"), *shown], inactive=gone)


def _offer_stores(field: forms.Field, stores: Mapping[int, Store], chosen: int | None) -> None:
    known = dict(stores)
    if chosen is not None:
        known.setdefault(chosen, Store(chosen, f"Store {chosen}", is_active=False))
    gone = {number for number, one in known.items() if not one.is_active}
    shown = [(number, one.name) for number, one in known.items() if number not in gone or number == chosen]
    offer(field, [("", "None"), *shown], inactive=gone)


def _offer_zones(field: forms.Field, chosen: str) -> None:
    """A zone that a store made up, or that is no longer in the machine's list, stays until somebody chooses."""
    known = _zones()
    gone = {chosen} - {name for name, _ in known}
    offer(field, [*known, *((name, name) for name in gone)], inactive=gone)
