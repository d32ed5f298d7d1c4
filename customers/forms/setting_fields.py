"""What the custom fields hold, as inputs of a form (F8)."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from customers.field_values import BadValue, Value, read_value, write_value
from customers.forms.choosing import OptionBoxes, OptionSelect, offer
from customers.forms.contesting import contested
from customers.kinds import FieldKind
from customers.models import CustomField

FLAGS = [("", "—"), ("yes", "Yes"), ("no", "No")]
TYPES = {"date": "date", "moment": "datetime-local", "email": "email"}


class CustomFieldsForm(forms.Form):
    """One input for each custom field that is switched on, named `custom_<code>`."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        fields: Sequence[CustomField],
        held: Mapping[str, Value],
        zone: zoneinfo.ZoneInfo,
        auto_id: str = "id_%s",
    ) -> None:
        super().__init__(_with_bases(data, fields), auto_id=auto_id)
        self._held, self._zone = held, zone
        self._custom = {f"custom_{field.code}": field for field in fields}
        # A field that an admin made after the page was opened was not on it: nothing was typed into it.
        self._sent = {name for name in self._custom if data and (name in data or f"initial-{name}" in data)}
        for name, custom in self._custom.items():
            before = held.get(custom.code, Value())
            field = _input(custom, before)
            field.show_hidden_initial = True
            field.help_text = "Must be filled in." if custom.is_required else ""
            self.fields[name] = field
            self.initial[name] = _initial(custom, before, zone)

    def typed(self) -> dict[str, str]:
        """What was typed into the fields of the page, by code, as `setting_fields.set_fields` reads it."""
        sent = {name: custom for name, custom in self._custom.items() if name in self._sent}
        return {custom.code: _joined(self.cleaned_data.get(name)) for name, custom in sent.items()}

    def based_on(self) -> dict[str, Value]:
        """What the page showed when it was opened."""
        return {custom.code: self._was(name, custom) for name, custom in self._custom.items()}

    def take_focus(self) -> None:
        """Writing goes on at the first field that is wrong, else at the first one."""
        name = next(iter(self.errors if self.is_bound else ()), next(iter(self.fields), ""))
        if name in self.fields:
            self.fields[name].widget.attrs["autofocus"] = True

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
                self.add_error(name, contested(said))

    def _written(self, custom: CustomField, value: Value) -> list[str]:
        if custom.takes_several:
            return list(value.options)
        return [write_value(value, zone=self._zone)]

    def _was(self, name: str, custom: CustomField) -> Value:
        initial = self.add_initial_prefix(name)
        if initial not in self.data:
            return self._held.get(custom.code, Value())
        codes = [one.code for one in sorted(custom.options.all(), key=lambda one: (one.position, one.pk))]
        typed = _joined(self.data.getlist(initial)) if isinstance(self.data, QueryDict) else str(self.data[initial])
        try:
            return read_value(FieldKind(custom.kind), typed, zone=self._zone, options=codes)
        except BadValue:
            return self._held.get(custom.code, Value())


def _with_bases(data: QueryDict | None, fields: Sequence[CustomField]) -> QueryDict | None:
    """With it said of lists that nothing was chosen when the page was opened: boxes send nothing of that, and Django
    would draw what is chosen now as what had been there, so that the next save takes it for unchanged.
    """
    if data is None:
        return None
    data = data.copy()
    for field in fields:
        name = f"initial-custom_{field.code}"
        if field.takes_several and name not in data:
            data.setlist(name, [])
    return data


def _input(custom: CustomField, held: Value) -> forms.Field:
    """The input of its kind; whether the text fits is the service's to say."""
    kind = FieldKind(custom.kind)
    if kind.has_options:
        return _choice(custom, held)
    if kind == FieldKind.FLAG:
        return forms.ChoiceField(required=False, label=custom.name, choices=FLAGS)
    if kind == FieldKind.TEXT:
        widget: forms.Widget = forms.Textarea()
    elif kind in (FieldKind.INTEGER, FieldKind.NUMBER):
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
    else:
        widget = forms.TextInput(attrs={"type": TYPES.get(kind, "text")})
    return forms.CharField(required=False, label=custom.name, widget=widget, strip=False)


def _choice(custom: CustomField, held: Value) -> forms.Field:
    """Its options in their order; one that was switched off only where it was chosen."""
    rows = sorted(custom.options.all(), key=lambda one: (one.position, one.pk))
    shown = [one for one in rows if one.is_active or one.code in held.options]
    choices, inactive = [(one.code, one.label) for one in shown], [one.code for one in shown if not one.is_active]
    if custom.takes_several:
        boxes = forms.MultipleChoiceField(required=False, label=custom.name, widget=OptionBoxes())
        offer(boxes, choices, inactive=inactive)
        return boxes
    chooser = forms.ChoiceField(required=False, label=custom.name, widget=OptionSelect())
    offer(chooser, [("", "—"), *choices], inactive=inactive)
    return chooser


def _initial(custom: CustomField, held: Value, zone: zoneinfo.ZoneInfo) -> Any:
    """What it holds. A default was written when the owner was made: emptied since, it does not come back."""
    return list(held.options) if custom.takes_several else write_value(held, zone=zone)


def _joined(value: Any) -> str:
    return ";".join(value) if isinstance(value, list) else str(value or "")
