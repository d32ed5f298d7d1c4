"""A country as people write it: typed by any of its names, chosen from English ones, kept as two letters."""

from typing import Any

from django import forms

from customers.addresses.countries import country_name, find_country
from customers.addresses.regions import is_country

LIST = "countries"  # the id of the page's list of names


class CountryField(forms.CharField):
    """Cleans to the code, "" for none; shows the English name."""

    def __init__(self, *, label: str = "Country") -> None:
        widget = forms.TextInput(attrs={"list": LIST, "autocomplete": "off"})
        super().__init__(required=False, max_length=100, label=label, widget=widget)

    def to_python(self, value: Any) -> str:
        typed = str(super().to_python(value) or "")
        code = typed.upper() if is_country(typed.upper()) else find_country(typed)
        if typed and not code:
            raise forms.ValidationError("We know no country of this name: choose one from the list.")
        return code

    def prepare_value(self, value: Any) -> Any:
        return country_name(value.upper()) if isinstance(value, str) and is_country(value.upper()) else value


def read_country(typed: str) -> str:
    """The code of what is typed so far, "" for nothing that is known."""
    try:
        return CountryField().to_python(typed)
    except forms.ValidationError:
        return ""
