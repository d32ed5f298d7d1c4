"""Input of splitting: the new ticket's subject, and how much goes there."""

from django import forms

JUST_THIS, AND_LATER = "one", "later"


class SplitForm(forms.Form):
    subject = forms.CharField(required=False, max_length=500)
    scope = forms.ChoiceField(
        label="What moves",
        choices=[(JUST_THIS, "Only this message"), (AND_LATER, "This message and all later ones")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what moves."},
    )
