"""A customer made by hand (F98)."""

from django import forms

from customers.forms.contacting import ContactsForm
from customers.services.creating import NewContact
from customers.services.noting import LONGEST_NOTE

MOST_COMPARED = 50  # contacts at once


class NewCustomerForm(forms.Form):
    """Name and note; the contacts have a form of their own beside it."""

    first_name = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autofocus": True}))
    last_name = forms.CharField(required=False, max_length=100)
    note = forms.CharField(required=False, strip=False, max_length=LONGEST_NOTE, widget=forms.Textarea)


class LookalikeForm(forms.Form):
    """The name while it is being typed."""

    first_name = forms.CharField(required=False, max_length=100)
    last_name = forms.CharField(required=False, max_length=100)

    def name(self) -> str:
        values = self.cleaned_data
        return f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()


def new_contacts(form: ContactsForm) -> tuple[NewContact, ...]:
    """What a form that was asked says, the main one of each kind first, since the first becomes it."""
    edits = form.edits()
    rows = sorted(edits.rows, key=lambda row: edits.main.get(row.kind) != row.key)
    return tuple(
        NewContact(row.kind, now.typed, now.tag, now.extension, now.subscription, now.is_shared)
        for row in rows
        if (now := row.now)
    )


def usable_contacts(form: ContactsForm) -> tuple[NewContact, ...]:
    """What is whole already, while somebody types: half an address is no error."""
    form.is_valid()
    typed = [row.usable() for group in form.groups() for row in group.rows if row.is_bound]
    return tuple(NewContact(kind, said.typed, said.tag) for kind, said in filter(None, typed))[:MOST_COMPARED]
