"""What comes in from outside."""

import zoneinfo
from typing import Any

from django import forms

from customers.kinds import ContactKind, ContactTag, DraftChoice
from customers.services.creating import NewContact
from customers.services.describing import NAMES, Details
from customers.services.finding import spell
from customers.spelling import NotAnAddress

# A guard against pasting a file; stores take far less and say so on the card.
LONGEST_NOTE = 100_000
LARGEST_VERSION = 2**31 - 1
MOST_CONTACTS = 50  # typed at once


class NoteForm(forms.Form):
    """A note and the version it was written upon."""

    text = forms.CharField(required=False, strip=False, max_length=LONGEST_NOTE)
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION)

    def problem(self) -> str:
        """What was wrong, in one sentence."""
        if "text" in self.errors:
            return f"A note has at most {LONGEST_NOTE:,} characters."
        return "Reload the page and save again: the note's version is missing."


class SettleForm(forms.Form):
    choice = forms.ChoiceField(choices=DraftChoice.choices)


def _zones() -> list[tuple[str, str]]:
    return [("", "Not known"), *((name, name) for name in sorted(zoneinfo.available_timezones()))]


class DetailsForm(forms.Form):
    """Edit mode (F7). A first name is asked for only when names were touched (D14)."""

    first_name = forms.CharField(required=False, max_length=100)
    middle_name = forms.CharField(required=False, max_length=100)
    last_name = forms.CharField(required=False, max_length=100)
    is_vip = forms.BooleanField(required=False, label="VIP: a good customer")
    is_bad = forms.BooleanField(required=False, label="BAD: a bad customer")
    language = forms.CharField(required=False, max_length=35, help_text="Such as en or pt-BR.")
    time_zone = forms.ChoiceField(required=False, choices=_zones)
    location = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("first_name") and NAMES & set(self.changed_data):
            self.add_error("first_name", "Write at least a first name.")
        return values

    def details(self) -> Details:
        return Details(**self.cleaned_data)


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


class NewCustomerForm(forms.Form):
    """A customer made by hand (F98): name, note, e-mails, phones."""

    first_name = forms.CharField(max_length=100)
    last_name = forms.CharField(required=False, max_length=100)
    emails = forms.CharField(required=False, label="E-mails", help_text="One per line.", widget=forms.Textarea)
    phones = forms.CharField(required=False, label="Phones", help_text="One per line.", widget=forms.Textarea)
    note = forms.CharField(required=False, strip=False, max_length=LONGEST_NOTE, widget=forms.Textarea)

    def clean_emails(self) -> tuple[NewContact, ...]:
        return _read_lines(ContactKind.EMAIL, self.cleaned_data["emails"])

    def clean_phones(self) -> tuple[NewContact, ...]:
        return _read_lines(ContactKind.PHONE, self.cleaned_data["phones"])

    def contacts(self) -> tuple[NewContact, ...]:
        return (*self.cleaned_data["emails"], *self.cleaned_data["phones"])


class LookalikeForm(NewCustomerForm):
    """The same while it is being typed: nothing is asked for and half an address is no error."""

    first_name = forms.CharField(required=False, max_length=100)

    def name(self) -> str:
        return f"{self.cleaned_data['first_name']} {self.cleaned_data['last_name']}".strip()

    def clean_emails(self) -> tuple[NewContact, ...]:
        return _read_usable_lines(ContactKind.EMAIL, self.cleaned_data["emails"])

    def clean_phones(self) -> tuple[NewContact, ...]:
        return _read_usable_lines(ContactKind.PHONE, self.cleaned_data["phones"])


TAGGED_BY_NETWORK = frozenset({ContactKind.HANDLE})

NOT_AN_ADDRESS = {
    ContactKind.EMAIL: "This is no e-mail address.",
    ContactKind.PHONE: "This is no phone number.",
    ContactKind.HANDLE: "This is no handle.",
}


def _read_lines(kind: ContactKind, text: str) -> tuple[NewContact, ...]:
    """Each address once. Raises ValidationError that names the first line that is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_CONTACTS:
        raise forms.ValidationError(f"At most {MOST_CONTACTS} at once.")
    found: dict[str, NewContact] = {}
    for line in lines:
        try:
            found.setdefault(spell(kind=kind, typed=line).value, NewContact(kind, line))
        except NotAnAddress as error:
            raise forms.ValidationError(f"{line[:100]}: {NOT_AN_ADDRESS[kind]}") from error
    return tuple(found.values())


def _read_usable_lines(kind: ContactKind, text: str) -> tuple[NewContact, ...]:
    usable: list[NewContact] = []
    for line in text.splitlines()[:MOST_CONTACTS]:
        try:
            usable.extend(_read_lines(kind, line))
        except forms.ValidationError:
            continue
    return tuple(usable)
