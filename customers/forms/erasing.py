"""The last question before a customer is erased."""

from __future__ import annotations

from django import forms
from django.http import QueryDict


class EraseForm(forms.Form):
    """The customer's number is written by hand, so that nobody erases by a slip."""

    number = forms.CharField(max_length=20)

    def __init__(self, data: QueryDict | None = None, *, number: int) -> None:
        super().__init__(data, auto_id="erase-%s")
        self._expected = str(number)
        self.fields["number"].label = f"Write {number}, the customer's number"

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"].strip().removeprefix("#")
        if typed != self._expected:
            raise forms.ValidationError(f"This is not {self._expected}.")
        return typed
