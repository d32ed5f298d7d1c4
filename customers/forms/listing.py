"""Which columns of the list of customers an agent looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from customers.filters import Column


class ColumnsForm(forms.Form):
    """`reset` goes back to the usual ones."""

    columns = forms.MultipleChoiceField(label="Beside the name", required=False, widget=forms.CheckboxSelectMultiple)
    reset = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, known: Mapping[str, Column], shown: Sequence[str]) -> None:
        super().__init__(data, initial={"columns": shown}, auto_id="columns-%s")
        field: Any = self.fields["columns"]
        field.choices = [(code, column.label) for code, column in known.items()]

    def choice(self) -> list[str] | None:
        """What to remember; None for the usual columns."""
        return None if self.cleaned_data["reset"] else self.cleaned_data["columns"]
