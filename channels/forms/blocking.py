"""Input of the list of blocked senders."""

from django import forms


class BlockForm(forms.Form):
    """A sender to block."""

    address = forms.CharField(label="Address", max_length=320, help_text="An e-mail address, or @domain for all of it.")
