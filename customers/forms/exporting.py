"""Which customers a file is about, and its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from customers.filters import CustomerFilter
from customers.filters.export_columns import ExportColumn, grouped

LONGEST_QUERY = 8000  # characters: what the row keeps


class ExportForm(forms.Form):
    """`query` is the query string of the list."""

    query = forms.CharField(required=False, max_length=LONGEST_QUERY, widget=forms.HiddenInput)
    columns = forms.MultipleChoiceField(
        label="Columns",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one column."},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        query: str = "",
        known: Mapping[str, ExportColumn],
        chosen: Sequence[str],
    ) -> None:
        super().__init__(data, initial={"query": query, "columns": list(chosen)}, auto_id="export-%s")
        field: Any = self.fields["columns"]
        groups = grouped(known.values())
        field.choices = [(group, [(one.name, one.label) for one in columns]) for group, columns in groups.items()]

    def clean_query(self) -> str:
        """Only what a list knows, in the one way it is written."""
        query = CustomerFilter.parse(self.cleaned_data["query"]).as_query()
        if len(query) > LONGEST_QUERY:
            raise forms.ValidationError("The filter is too long. Take something away from it.")
        return query
