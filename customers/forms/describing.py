"""Edit mode (F7): who somebody is, and what the custom fields hold.

Each field carries what it held when the page was opened, so that two people who edit different fields both win.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.models import Membership
from customers.field_values import BadValue, Value, read_value, write_value
from customers.kinds import FieldKind, Sex
from customers.models import CustomField
from customers.services.describing import NAMES, Details
from customers.stores import Store

# What is chosen by a number is asked for by another name than it is said by.
ASKED = {"manager_id": "manager", "store_number": "store"}
NOT_ACTIVE = "{} (Not active)"
FLAGS = [("", "—"), ("yes", "Yes"), ("no", "No")]
TYPES = {"date": "date", "moment": "datetime-local", "email": "email"}


def _zones() -> list[tuple[str, str]]:
    return [("", "Not known"), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


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
    manager = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    store = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    language = forms.CharField(required=False, max_length=35, help_text="Such as en or pt-BR.")
    time_zone = forms.ChoiceField(required=False, choices=_zones)
    location = forms.CharField(required=False, max_length=200)
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
        supposed: str = "",
    ) -> None:
        self._said = said
        self._ids = {member.number: member.pk for member in managers}
        numbers = {pk: number for number, pk in self._ids.items()}
        initial = asdict(said) | {"manager": numbers.get(said.manager_id or 0), "store": said.store_number}
        super().__init__(data, initial=initial)
        for field in self.fields.values():
            field.show_hidden_initial = True
        self._offer("manager", [("", "Nobody"), *_members(managers, said.manager_id)])
        self._offer("store", [("", "None"), *_stores(stores, said.store_number)])
        if supposed:
            self.fields["sex"].help_text = f"Supposed from the name: {supposed}."

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("first_name") and NAMES & set(self.changed_data):
            self.add_error("first_name", "Write at least a first name.")
        return values

    def details(self) -> Details:
        """What was typed."""
        return self._details(self.cleaned_data)

    def based_on(self) -> Details:
        """What the page showed when it was opened; what is said now where the form does not tell."""
        return self._details({name: self._was(name) for name in self.fields})

    def contest(self, names: Iterable[str], theirs: Details) -> None:
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
            said = self._label_of(field, shown[name])
            self.add_error(field, f"A colleague wrote “{said}” here meanwhile. Save again to keep yours.")

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
        return str(value if value is not None else "")

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


class CustomFieldsForm(forms.Form):
    """One input for each custom field that is switched on, named `custom_<code>`."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        fields: Sequence[CustomField],
        held: Mapping[str, Value],
        zone: zoneinfo.ZoneInfo,
    ) -> None:
        super().__init__(data)
        self._held, self._zone = held, zone
        self._custom = {f"custom_{field.code}": field for field in fields}
        for name, custom in self._custom.items():
            before = held.get(custom.code)
            field = _input(custom, before or Value())
            field.show_hidden_initial = True
            self.fields[name] = field
            self.initial[name] = _initial(custom, before, zone)

    def typed(self) -> dict[str, str]:
        """What was typed, by code, as `setting_fields.set_fields` reads it."""
        return {custom.code: _joined(self.cleaned_data.get(name)) for name, custom in self._custom.items()}

    def based_on(self) -> dict[str, Value]:
        """What the page showed when it was opened."""
        return {custom.code: self._was(name, custom) for name, custom in self._custom.items()}

    def refuse(self, problems: Mapping[str, str]) -> None:
        """Say beside its field what is wrong."""
        for name, custom in self._custom.items():
            if custom.code in problems:
                self.add_error(name, problems[custom.code])

    def contest(self, theirs: Mapping[str, Value]) -> None:
        """As DetailsForm.contest."""
        given: Any = self.data
        data = given.copy()
        for name, custom in self._custom.items():
            if custom.code in theirs:
                data.setlist(self.add_initial_prefix(name), self._written(custom, theirs[custom.code]))
        self.data = data
        self.full_clean()
        for name, custom in self._custom.items():
            if custom.code in theirs:
                said = ", ".join(self._written(custom, theirs[custom.code]))
                self.add_error(name, f"A colleague wrote “{said}” here meanwhile. Save again to keep yours.")

    def _written(self, custom: CustomField, value: Value) -> list[str]:
        if custom.takes_several:
            return list(value.options)
        return [write_value(value, zone=self._zone)]

    def _was(self, name: str, custom: CustomField) -> Value:
        initial = self.add_initial_prefix(name)
        if initial not in self.data:
            return Value() if custom.takes_several else self._held.get(custom.code, Value())
        codes = [one.code for one in sorted(custom.options.all(), key=lambda one: (one.position, one.pk))]
        typed = _joined(self.data.getlist(initial)) if isinstance(self.data, QueryDict) else str(self.data[initial])
        try:
            was = read_value(FieldKind(custom.kind), typed, zone=self._zone, options=codes)
        except BadValue:
            return self._held.get(custom.code, Value())
        # A default that was offered is not what was said: left as it stands, it is to be saved.
        return Value() if custom.code not in self._held and typed == custom.default else was


def _members(managers: Sequence[Membership], chosen: int | None) -> list[tuple[int, str]]:
    return [
        (one.number, one.name if one.is_active else NOT_ACTIVE.format(one.name))
        for one in managers
        if one.is_active or one.pk == chosen
    ]


def _stores(stores: Mapping[int, Store], chosen: int | None) -> list[tuple[int, str]]:
    return [
        (one.number, one.name if one.is_active else NOT_ACTIVE.format(one.name))
        for one in stores.values()
        if one.is_active or one.number == chosen
    ]


def _input(custom: CustomField, held: Value) -> forms.Field:
    """The input of its kind; whether the text fits is the service's to say."""
    kind = FieldKind(custom.kind)
    if kind.has_options:
        rows = sorted(custom.options.all(), key=lambda one: (one.position, one.pk))
        choices = [
            (one.code, one.label if one.is_active else NOT_ACTIVE.format(one.label))
            for one in rows
            if one.is_active or one.code in held.options
        ]
        if kind == FieldKind.CHOICES:
            return forms.MultipleChoiceField(
                required=False, label=custom.name, choices=choices, widget=forms.CheckboxSelectMultiple
            )
        return forms.ChoiceField(required=False, label=custom.name, choices=[("", "—"), *choices])
    if kind == FieldKind.FLAG:
        return forms.ChoiceField(required=False, label=custom.name, choices=FLAGS)
    if kind == FieldKind.TEXT:
        widget: forms.Widget = forms.Textarea()
    elif kind in (FieldKind.INTEGER, FieldKind.NUMBER):
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
    else:
        widget = forms.TextInput(attrs={"type": TYPES.get(kind, "text")})
    return forms.CharField(required=False, label=custom.name, widget=widget, strip=False)


def _initial(custom: CustomField, held: Value | None, zone: zoneinfo.ZoneInfo) -> Any:
    """What it holds, else the default an admin gave."""
    if held is None:
        return custom.default.split(";") if custom.takes_several and custom.default else custom.default
    return list(held.options) if custom.takes_several else write_value(held, zone=zone)


def _joined(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else str(value or "")
