"""E-mail addresses, phones and handles."""

from typing import Any

from django import forms

from customers.kinds import ContactKind, ContactTag
from customers.services.finding import spell
from customers.spelling import NotAnAddress

TAGGED_BY_NETWORK = frozenset({ContactKind.HANDLE})

NOT_AN_ADDRESS = {
    ContactKind.EMAIL: "This is no e-mail address.",
    ContactKind.PHONE: "This is no phone number.",
    ContactKind.HANDLE: "This is no handle.",
}


class ContactForm(forms.Form):
    """One more e-mail address, phone or handle."""

    kind = forms.ChoiceField(choices=ContactKind.choices)
    value = forms.CharField(max_length=320)
    tag = forms.ChoiceField(required=False, choices=ContactTag.choices)
    network = forms.CharField(required=False, max_length=20, help_text="Of a handle, such as twitter.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if {"kind", "value"} <= set(values):
            values["tag"] = values["network"].lower() if values["kind"] in TAGGED_BY_NETWORK else values.get("tag", "")
            try:
                spell(kind=values["kind"], typed=values["value"], tag=values["tag"])
            except NotAnAddress:
                self.add_error("value", NOT_AN_ADDRESS[ContactKind(values["kind"])])
        return values


class TagForm(forms.Form):
    tag = forms.ChoiceField(required=False, choices=ContactTag.choices)
