"""Input of the pages of inboxes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from core.html import html_to_text
from core.text import clean_text
from tickets.models import Inbox
from tickets.services import filling, signing
from tickets.services.drafting import as_html

SENDER_HELP = "Stands before the address in letters; the workspace's customers see it. Empty: the inbox's name."


class InboxForm(forms.Form):
    """What an inbox is called, where it answers and what stands under its letters, as text."""

    name = forms.CharField(label="Name", max_length=100, help_text="Agents see it.")
    address = forms.EmailField(
        label="E-mail address", max_length=254, help_text="Mail to this address becomes tickets; replies come from it."
    )
    sender_name = forms.CharField(label="Sender's name", max_length=100, required=False, help_text=SENDER_HELP)
    signature = forms.CharField(
        label="Signature",
        max_length=signing.LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        names = ", ".join("{{" + name + "}}" for name in filling.VARIABLES if name.startswith(("agent.", "inbox.")))
        self.fields[
            "signature"
        ].help_text = f"Under the replies of members who have no signature of their own. You may write {names}."

    @staticmethod
    def initial_of(inbox: Inbox) -> dict[str, Any]:
        """What the form shows of an inbox."""
        return {
            "name": inbox.name,
            "address": inbox.address,
            "sender_name": inbox.sender_name,
            "signature": html_to_text(inbox.signature).strip(),
        }

    def clean_name(self) -> str:
        return _one_line(self.cleaned_data["name"])

    def clean_sender_name(self) -> str:
        return _one_line(self.cleaned_data["sender_name"])

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip().lower()

    def clean_signature(self) -> str:
        text = clean_text(self.cleaned_data["signature"]).strip()
        return as_html(text) if text else ""


class AccessForm(forms.Form):
    """One press on the page of who may answer what: an inbox to add, one to take away, or all."""

    add = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    remove = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    sees_all = forms.ChoiceField(required=False, choices=[("yes", "All inboxes"), ("no", "Chosen inboxes")])


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())
