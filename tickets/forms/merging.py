"""Input of merging: which ticket the other one is."""

from django import forms


class TargetForm(forms.Form):
    """The number of a ticket, as it stands in its address."""

    into = forms.IntegerField(min_value=1, max_value=2**63 - 1)
