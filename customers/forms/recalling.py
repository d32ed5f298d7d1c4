"""Input of the history of a profile: what it is narrowed by, and which value shall come back."""

from django import forms

from customers.changes import Narrowing

LONGEST = 250  # characters of a code or a name


class NarrowingForm(forms.Form):
    """What cannot be read narrows nothing: an address may be old, or somebody's experiment."""

    field = forms.CharField(required=False, max_length=LONGEST)
    who = forms.CharField(required=False, max_length=LONGEST, strip=False)

    def narrowing(self) -> Narrowing:
        self.is_valid()
        return Narrowing(field=self.cleaned_data.get("field", ""), who=self.cleaned_data.get("who", ""))


class RestoreForm(NarrowingForm):
    """The change, and the mark of what its field held when the history was read."""

    change = forms.CharField(max_length=LONGEST)
    seen = forms.CharField(max_length=64)
