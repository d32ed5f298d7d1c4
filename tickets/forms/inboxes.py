"""Input of the pages of inboxes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from core.html import html_to_text
from core.text import clean_text
from tickets.models import Inbox
from tickets.services import acknowledging, filling, signing
from tickets.services.drafting import as_html

SENDER_HELP = "Stands before the address in letters; the workspace's customers see it. Empty: the inbox's name."

SIGNATURE_HELP = "Under the replies of members who have no signature of their own."
ACK_HELP = (
    "Sent when an address we know opens a ticket, at most once an hour; empty for none. Strangers and machines get "
    "none, and it counts as no reply."
)
PLUS_HELP = (
    "Only where your mail server also delivers what comes to name+anything@: then every letter asks for its answer "
    "there, and the answer finds its ticket whatever mail programs do to it."
)


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
    acknowledgement = forms.CharField(
        label="Acknowledgement",
        max_length=acknowledging.LONGEST,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    takes_plus_addresses = forms.BooleanField(
        label="Answers come to signed addresses", required=False, help_text=PLUS_HELP
    )

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        names = [name for name in filling.VARIABLES if name.startswith(("agent.", "inbox."))]
        self.fields["signature"].help_text = f"{SIGNATURE_HELP} You may write {_braced(names)}."
        self.fields["acknowledgement"].help_text = f"{ACK_HELP} You may write {_braced(acknowledging.VARIABLES)}."

    @staticmethod
    def initial_of(inbox: Inbox) -> dict[str, Any]:
        """What the form shows of an inbox."""
        return {
            "name": inbox.name,
            "address": inbox.address,
            "sender_name": inbox.sender_name,
            "signature": html_to_text(inbox.signature).strip(),
            "acknowledgement": html_to_text(inbox.acknowledgement).strip(),
            "takes_plus_addresses": inbox.takes_plus_addresses,
        }

    def clean_name(self) -> str:
        return _one_line(self.cleaned_data["name"])

    def clean_sender_name(self) -> str:
        return _one_line(self.cleaned_data["sender_name"])

    def clean_address(self) -> str:
        return str(self.cleaned_data["address"]).strip().lower()

    def clean_signature(self) -> str:
        return _words(self.cleaned_data["signature"])

    def clean_acknowledgement(self) -> str:
        words = _words(self.cleaned_data["acknowledgement"])
        if unknown := acknowledging.unknown_names(words):
            raise forms.ValidationError(f"Nothing is filled in here for {', '.join(unknown)}.")
        return words


class AccessForm(forms.Form):
    """One press on the page of who may answer what: an inbox to add, one to take away, or all."""

    add = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    remove = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    sees_all = forms.ChoiceField(required=False, choices=[("yes", "All inboxes"), ("no", "Chosen inboxes")])


def _braced(names: Iterable[str]) -> str:
    return ", ".join("{{" + name + "}}" for name in names)


def _words(typed: str) -> str:
    text = clean_text(typed).strip()
    return as_html(text) if text else ""


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())
