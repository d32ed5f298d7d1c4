"""Which part of a long list is asked for."""

from django import forms
from django.http import QueryDict

LARGEST = 2**63 - 1


class PartForm(forms.Form):
    """`before`: what stands before that row. `since`: everything from that row on, when a list is drawn anew."""

    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    since = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)

    def row(self, name: str) -> int | None:
        """None for one that nobody gave out: then the list begins at its newest."""
        self.is_valid()
        number: int | None = self.cleaned_data.get(name)
        return number


def read_part(query: QueryDict) -> tuple[int | None, int | None]:
    """`before` and `since` of a query string."""
    form = PartForm(query)
    return form.row("before"), form.row("since")
