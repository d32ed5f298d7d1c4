"""Input of events' pages."""

from django import forms
from django.http import QueryDict

from accounts.models import Membership
from accounts.profile_registry import ProfileForm
from events.models.notification import NotificationKind
from events.services import notifying

IN_PAGE, BY_EMAIL = "page", "email"
WAYS = ((IN_PAGE, "In the page"), (BY_EMAIL, "By e-mail"))


class NoticesForm(ProfileForm):
    """By which ways a member wants to hear of what."""

    def __init__(self, member: Membership, data: QueryDict | None, prefix: str) -> None:
        super().__init__(member, data, prefix)
        for kind in NotificationKind:
            self.fields[kind.value] = forms.MultipleChoiceField(
                label=kind.label, choices=WAYS, required=False, widget=forms.CheckboxSelectMultiple
            )

    def read(self) -> dict[str, object]:
        wishes = notifying.read_preferences(member=self.member)
        return {
            kind: [way for way, wanted in zip((IN_PAGE, BY_EMAIL), wish, strict=True) if wanted]
            for kind, wish in wishes.items()
        }

    def save(self) -> None:
        wishes = notifying.read_preferences(member=self.member)
        for kind in NotificationKind:
            ways = self.cleaned_data[kind.value]
            wish = IN_PAGE in ways, BY_EMAIL in ways
            if wish != wishes[kind.value]:
                notifying.set_preference(member=self.member, kind=kind, in_page=wish[0], by_email=wish[1])


class ReadForm(forms.Form):
    """Up to which notice the bell was read."""

    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
