"""What people decide on a store's page."""

from django import forms

from integrations.kinds import NoteChoice


class NoteSyncForm(forms.Form):
    """The answer to *Synchronize customer notes* (D1)."""

    sync_notes = forms.BooleanField(required=False)


class NoteChoiceForm(forms.Form):
    """Which of two notes that differ is to be the note."""

    choice = forms.ChoiceField(choices=NoteChoice.choices)
