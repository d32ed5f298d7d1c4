"""The note, and a text that lost a race for it."""

from django import forms

from customers.kinds import DraftChoice
from customers.services.noting import LONGEST_NOTE

LARGEST_VERSION = 2**31 - 1


class NoteForm(forms.Form):
    """A note and the version it was written upon."""

    text = forms.CharField(required=False, strip=False, max_length=LONGEST_NOTE)
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION)

    def problem(self) -> str:
        """What was wrong, in one sentence."""
        if "text" in self.errors:
            return f"A note has at most {LONGEST_NOTE:,} characters."
        return "Reload the page and save again: the note's version is missing."


class SettleForm(forms.Form):
    """What becomes of the text, and the version of the note that stood above it."""

    choice = forms.ChoiceField(choices=DraftChoice.choices)
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION)
