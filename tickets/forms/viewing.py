"""Input of saved views: a name, whose the view is, and where it moves to."""

from typing import Any

from django import forms

from accounts.models import Membership
from tickets.models import SavedView

LONGEST_NAME = SavedView._meta.get_field("name").max_length


class NameForm(forms.Form):
    name = forms.CharField(label="Name", max_length=LONGEST_NAME)


class SaveViewForm(NameForm):
    """Only admins make views for everybody."""

    shared = forms.BooleanField(
        label="For everybody in the workspace", required=False, help_text="Colleagues see it in their list of views."
    )

    def __init__(self, *args: Any, agent: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not agent.is_admin:
            del self.fields["shared"]


class MoveForm(forms.Form):
    by = forms.TypedChoiceField(choices=[("-1", "Up"), ("1", "Down")], coerce=int)
