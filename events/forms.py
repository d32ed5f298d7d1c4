"""Input of events' pages."""

from django import forms
from django.http import QueryDict

from accounts.models import Membership
from accounts.profile_registry import ProfileForm
from events.models.notification import NotificationKind
from events.services import notifying


class NoticesForm(ProfileForm):
    """Which notices a member wants to see in the page."""

    def __init__(self, member: Membership, data: QueryDict | None, prefix: str) -> None:
        super().__init__(member, data, prefix)
        for kind in NotificationKind:
            self.fields[kind.value] = forms.BooleanField(label=kind.label, required=False)

    def read(self) -> dict[str, object]:
        wishes = notifying.read_preferences(member=self.member)
        return {kind: in_page for kind, (in_page, _) in wishes.items()}

    def save(self) -> None:
        wishes = notifying.read_preferences(member=self.member)
        for kind in NotificationKind:
            in_page, by_email = wishes[kind.value]
            if self.cleaned_data[kind.value] != in_page:
                notifying.set_preference(member=self.member, kind=kind, in_page=not in_page, by_email=by_email)


class ReadForm(forms.Form):
    """Up to which notice the bell was read."""

    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
