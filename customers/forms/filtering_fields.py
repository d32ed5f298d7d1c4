"""What a filter asks of custom fields, as inputs named as in a query string (see field_tests)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms

from customers.field_tests import FROM, NOTHING, PREFIX, TO, FieldTest
from customers.kinds import FieldKind
from customers.models import CustomField
from customers.services.filtering_fields import RANGED

ANY = ("", "Any")


def choice(label: str, choices: Iterable[tuple[Any, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=list(choices))


def text(label: str, longest: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest)


def day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


def amount(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.TextInput({"inputmode": "decimal"}))


def inputs_of(field: CustomField, test: FieldTest) -> Iterator[tuple[str, forms.Field, Any]]:
    """(name in the query string, input, what stands in it) of one field, read with its options."""
    kind, name = FieldKind(field.kind), f"{PREFIX}{field.code}"
    nothing = (NOTHING, "Nothing said")
    if kind.has_options:
        in_order = sorted(field.options.all(), key=lambda one: (one.position, one.pk))
        options = [(one.code, one.label if one.is_active else f"{one.label} (Not active)") for one in in_order]
        boxes = forms.MultipleChoiceField(
            label=field.name, required=False, choices=[*options, nothing], widget=forms.CheckboxSelectMultiple
        )
        yield name, boxes, list(test.values)
    elif kind == FieldKind.FLAG:
        yield name, choice(field.name, [ANY, ("yes", "Yes"), ("no", "No"), nothing]), "".join(test.values[:1])
    elif kind in RANGED:
        make = day if kind in (FieldKind.DATE, FieldKind.MOMENT) else amount
        exactly = "".join(test.values[:1])
        yield f"{name}{FROM}", make(f"{field.name} from"), exactly or test.start
        yield f"{name}{TO}", make(f"{field.name} up to"), exactly or test.end
    else:
        yield name, text(f"{field.name} begins with", 200), "".join(test.values[:1])
