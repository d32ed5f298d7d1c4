"""What comes in from outside."""

from django import forms

from accounts.models import Membership
from accounts.models.membership import MembershipQuerySet

# Longer than any letter an agent writes; a guard against pasting a file.
TEXT_LIMIT = 100_000


class MessageForm(forms.Form):
    """A reply or an internal note. Its emptiness is judged by the service, which says so in the same words."""

    text = forms.CharField(max_length=TEXT_LIMIT, required=False, strip=False)
    close = forms.BooleanField(required=False)


class AssignForm(forms.Form):
    """A member by number; empty for nobody. Members are those who may answer the inbox."""

    assignee = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: object, members: MembershipQuerySet, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments, passed on
        self._members = members

    def clean_assignee(self) -> Membership | None:
        number = self.cleaned_data["assignee"]
        if number is None:
            return None
        member = self._members.filter(number=number).first()
        if member is None:
            raise forms.ValidationError("This person may not answer this inbox.")
        return member
