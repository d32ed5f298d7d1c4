"""Input of the page that keeps the workspace's tags in order."""

from django import forms

from tickets.kinds import TAG_COLORS
from tickets.services.tagging import LONGEST


class TagEditForm(forms.Form):
    """`merge` is the consent to join the tag with the one that has its new name."""

    name = forms.CharField(max_length=LONGEST, label="Name")
    color = forms.TypedChoiceField(
        choices=tuple(enumerate(TAG_COLORS)), coerce=int, initial=0, required=False, label="Color"
    )
    merge = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_color(self) -> int:
        return int(self.cleaned_data["color"] or 0)


class NewTagForm(forms.Form):
    name = forms.CharField(max_length=LONGEST, label="New tag")
