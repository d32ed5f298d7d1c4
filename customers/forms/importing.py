"""Import customers: the file, what its columns are, how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from django import forms
from django.http import QueryDict

from core.tables.encodings import ENCODINGS
from customers.models.customer_import import ImportMatch
from customers.services.importing.mapping import SEVERAL

MOST_BYTES = 29_000_000  # what a request may carry, with room for the rest of the form
DELIMITERS = {"": "Find out", ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical line"}
TRY, START = "try", "start"


class FileForm(forms.Form):
    """A table as a file."""

    file = forms.FileField(
        label="CSV file",
        help_text="At most 29 MB. The first row holds the names of the columns.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("This is more than 29 MB. Split it, or use the command import_customers.")
        return file

    def content(self) -> BinaryIO:
        """Seekable. Of a valid form only."""
        return cast("BinaryIO", self.cleaned_data["file"])


class WritingForm(forms.Form):
    """How the file is written, where it was found out wrongly."""

    encoding = forms.ChoiceField(required=False, choices=[("", "Find out"), *ENCODINGS.items()])
    delimiter = forms.ChoiceField(required=False, label="Columns are separated by", choices=list(DELIMITERS.items()))


class MappingForm(forms.Form):
    """A choice for each column; `known` is what it may be, with its label."""

    match = forms.ChoiceField(
        label="A row is a customer who is already here, if they have the same",
        choices=ImportMatch.choices,
        help_text="Other rows become new customers, also when they share an address with somebody.",
    )
    act = forms.ChoiceField(choices=[(TRY, TRY), (START, START)], widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        columns: Sequence[str],
        known: Mapping[str, str],
        mapping: Mapping[int, str],
        match: str,
        samples: Sequence[Sequence[str]] = (),
    ) -> None:
        chosen = {_name(place): target for place, target in mapping.items()}
        super().__init__(data, initial={"match": match, **chosen})
        choices = [("", "Not taken"), *known.items()]
        for place, column in enumerate(columns):
            label = column or f"Column {place + 1}"
            self.fields[_name(place)] = forms.ChoiceField(required=False, choices=choices, label=label)
        self._places = range(len(columns))
        self._samples = samples or [()] * len(columns)

    def beside(self) -> list[tuple[Any, Sequence[str]]]:
        """The choices as fields, in the order of the file, each with the first cells of its column."""
        return [(self[_name(place)], self._samples[place]) for place in self._places]

    def mapping(self) -> dict[int, str]:
        """Of a valid form only."""
        values = self.cleaned_data
        return {place: values[_name(place)] for place in self._places if values.get(_name(place))}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        taken: dict[str, int] = {}
        for place, target in self.mapping().items():
            if target not in SEVERAL and target in taken:
                self.add_error(_name(place), "Another column is this already.")
            taken.setdefault(target, place)
        if not taken and not self.errors:
            self.add_error(None, "Say of at least one column what it is.")
        return values


def _name(place: int) -> str:
    return f"column{place}"
