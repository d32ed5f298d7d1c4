"""Input of the assign picker."""

from collections.abc import Sequence

from django import forms

from accounts.models import Membership, Team
from accounts.models.membership import MembershipQuerySet


class AssignForm(forms.Form):
    """A member or a team by number, empty for nobody, or whoever sends it. Members are those who may answer the inbox.

    `given` names the fields that were sent: what was not sent stays as it is.
    """

    assignee = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    take = forms.BooleanField(required=False)
    team = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: object, members: MembershipQuerySet, teams: Sequence[Team], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments, passed on
        self._members, self._teams = members, teams

    @property
    def given(self) -> frozenset[str]:
        return frozenset(name for name in self.fields if name in self.data)

    def clean_assignee(self) -> Membership | None:
        number = self.cleaned_data["assignee"]
        if number is None:
            return None
        member = self._members.filter(number=number).first()
        if member is None:
            raise forms.ValidationError("This person may not answer this inbox.")
        return member

    def clean_team(self) -> Team | None:
        number = self.cleaned_data["team"]
        if number is None:
            return None
        team = next((one for one in self._teams if one.number == number), None)
        if team is None:
            raise forms.ValidationError("There is no such team.")
        return team
