"""A customer made by hand (F98)."""

from django import forms

from customers.forms.contacting import NOT_AN_ADDRESS
from customers.forms.noting import LONGEST_NOTE
from customers.kinds import ContactKind
from customers.services.creating import NewContact
from customers.services.finding import spell
from customers.spelling import NotAnAddress

MOST_CONTACTS = 50  # typed at once


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
