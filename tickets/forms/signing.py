"""Input of a member's own signature."""

from django import forms
from django.http import QueryDict

from accounts.models import Membership
from accounts.profile_registry import ProfileForm
from core.html import html_to_text
from tickets.services import filling, signing


class SignatureForm(ProfileForm):
    """What stands under the member's replies, as text."""

    def __init__(self, member: Membership, data: QueryDict | None, prefix: str) -> None:
        super().__init__(member, data, prefix)
        names = ", ".join("{{" + name + "}}" for name in filling.VARIABLES if name.startswith(("agent.", "inbox.")))
        self.fields["words"] = forms.CharField(
            label="Signature",
            max_length=signing.LONGEST,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            help_text=f"Stands under your replies. Empty: the inbox's own. You may write {names}.",
        )

    def read(self) -> dict[str, object]:
        return {"words": html_to_text(signing.read_signature(member=self.member))}

    def save(self) -> None:
        signing.write_signature(member=self.member, words=self.cleaned_data["words"])
