"""Input of the assign picker."""

from django import forms

from accounts.models import Membership
from accounts.models.membership import MembershipQuerySet


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
