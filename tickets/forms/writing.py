"""Input of replies and internal notes."""

from django import forms

# Longer than any letter an agent writes; a guard against pasting a file.
TEXT_LIMIT = 100_000


class MessageForm(forms.Form):
    """A reply or an internal note. Its emptiness is judged by the service, which says so in the same words."""

    text = forms.CharField(max_length=TEXT_LIMIT, required=False, strip=False)
    close = forms.BooleanField(required=False)
