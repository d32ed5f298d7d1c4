"""One e-mail address, phone or handle of the form that holds them all."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from core.contacts import strip_invisible
from customers.forms.contesting import CONTESTED
from customers.kinds import ContactKind, ContactTag, Subscription
from customers.services.reading_contacts import ContactLine
from customers.services.saving_contacts import Said
from customers.spelling import NotAnAddress, Regions, Spelling, spell

NOT_AN_ADDRESS = {
    ContactKind.EMAIL: "This is no e-mail address.",
    ContactKind.PHONE: "This is no phone number.",
    ContactKind.HANDLE: "This is no handle.",
}
MODES = {ContactKind.EMAIL: "email", ContactKind.PHONE: "tel", ContactKind.HANDLE: "text"}
ASKED = {
    ContactKind.EMAIL: frozenset({"subscription"}),
    ContactKind.PHONE: frozenset({"tag", "extension"}),
    ContactKind.HANDLE: frozenset({"tag"}),
}
LABELS = {ContactKind.EMAIL: "E-mail", ContactKind.PHONE: "Phone", ContactKind.HANDLE: "Handle"}
ITSELF = "is_bounced"  # nobody types it, so that it says itself what it was
GONE = "A colleague took this off meanwhile. Save again to add it anew."


class ContactRow(forms.Form):
    """What a row says. An emptied one, or one that is ticked to be removed, takes its contact off."""

    value = forms.CharField(required=False, max_length=320)
    tag = forms.CharField(required=False, max_length=20, label="Network")
    extension = forms.CharField(required=False, max_length=20)
    subscription = forms.ChoiceField(
        required=False, choices=[("", "Mailings: —"), *Subscription.choices[1:]], label="Mailings"
    )
    is_shared = forms.BooleanField(required=False, label="Several people share it")
    is_bounced = forms.BooleanField(required=False, widget=forms.HiddenInput)
    works = forms.BooleanField(required=False, label="Works again")
    remove = forms.BooleanField(required=False, label="Remove")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        key: str,
        kind: ContactKind,
        held: ContactLine | None = None,
        is_spare: bool = False,
        regions: Regions | None = None,
    ) -> None:
        self._regions = regions
        self.key, self.kind, self.held, self.is_spare = key, kind, held, is_spare
        self._now = _say(held) if held else None
        initial = _as_initial(self._now) if self._now else {}
        super().__init__(data, prefix=key, initial=initial)
        self._shape()
        for name, field in self.fields.items():
            # Also of a line that a colleague took off meanwhile: else it would come back as a new one.
            field.show_hidden_initial = name in _as_initial(Said("")) and name != ITSELF and self.line is not None

    @property
    def line(self) -> int | None:
        """The line it shows, None for a new one."""
        number = self.key.split("-", 1)[1]
        return int(number) if number.isdecimal() else None

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it yet."""
        return self.held is None and not self["value"].value()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        values["value"] = strip_invisible(values.get("value", ""))
        if self.kind is ContactKind.HANDLE and "tag" in values:
            values["tag"] = values["tag"].lower()
        if self.kind is ContactKind.EMAIL:
            values["value"] = _bare(values["value"])
        if values.get("value") and not values.get("remove") and self._is_touched(values):
            try:
                self._spell(values)
            except NotAnAddress:
                self.add_error("value", NOT_AN_ADDRESS[self.kind])
        return values

    def was(self) -> Said | None:
        """What it said when the page was opened; what is said now where the form does not tell; None for a new one."""
        if self.line is None:
            return None
        typed = self.data.get(self._told("value"))
        if typed is None:
            return self._now
        return self._said({name: self._initial_of(name) for name in self.fields}) if typed else None

    def now(self) -> Said | None:
        """What it says; None where it takes the contact off, or never held one."""
        values = self.cleaned_data
        if values.get("remove") or not values["value"]:
            return None
        said = self._said(values)
        return replace(said, is_bounced=said.is_bounced and not values.get("works"))

    def address(self) -> tuple[str, str] | None:
        """What no other row may say too; None where it says nothing usable."""
        values = self.cleaned_data
        if self.errors or values.get("remove") or not values.get("value"):
            return None
        # As in saving: what nobody touched is what is stored, whatever it would be read as today.
        if self.held and not self._is_touched(values):
            return (str(self.kind), self.held.address)
        return (str(self.kind), self._spell(values).value)

    def usable(self) -> tuple[ContactKind, Said] | None:
        """What it says as far as it says something that can be looked for."""
        said = None if self.errors else self.now()
        return (self.kind, said) if said else None

    def contest(self, theirs: Said | None) -> None:
        """Say what a colleague wrote meanwhile, None for what was taken off; saved again, the row writes over it."""
        given: Any = self.data
        said = _as_initial(theirs) if theirs else {"value": ""}
        for name, value in said.items():
            given[self._told(name)] = str(value or "")
        self.full_clean()
        word = f"A colleague wrote “{_read(theirs)}” here meanwhile. Save again to keep yours." if theirs else GONE
        self.add_error("value", forms.ValidationError(word, code=CONTESTED))

    def _shape(self) -> None:
        """Only what its kind can say, and only of one that is held what it can be told."""
        wanted = {"value", "is_shared", *ASKED[self.kind]}
        if self.held is not None:
            wanted |= {"is_bounced", "works", "remove"}
        for name in set(self.fields) - wanted:
            del self.fields[name]
        if self.kind is ContactKind.PHONE:
            known = self.held.tag_code if self.held else ""
            other = [(known, known)] if known not in ContactTag.values else []
            self.fields["tag"] = forms.ChoiceField(
                required=False, choices=[("", "Kind: —"), *ContactTag.choices[1:], *other], label="Kind of phone"
            )
        word = LABELS[self.kind]
        value = self.fields["value"]
        value.label = f"{word} {self.held.value}" if self.held else f"Another {word.lower()}"
        value.widget.attrs |= {"inputmode": MODES[self.kind], "autocomplete": "off", "dir": "auto"}
        if self.held is None:
            value.widget.attrs["placeholder"] = f"Add {word.lower()}"
        for name, hint in {"extension": "ext.", "tag": "Network"}.items():
            if name in self.fields:
                self.fields[name].widget.attrs |= {"placeholder": hint, "autocomplete": "off"}

    def _told(self, name: str) -> str:
        """The input that says what stood there before."""
        return self.add_prefix(name) if name == ITSELF else self.add_initial_prefix(name)

    def _is_touched(self, values: dict[str, Any]) -> bool:
        """An address that nobody touched was good once and is not judged again."""
        was = self.was()
        return was is None or was.typed != values["value"] or was.tag != values.get("tag", "")

    def _spell(self, values: dict[str, Any]) -> Spelling:
        network = str(values.get("tag", "")) if self.kind is ContactKind.HANDLE else ""
        return spell(self.kind, values["value"], tag=network, regions=self._regions)

    def _initial_of(self, name: str) -> Any:
        raw = self.data.get(self._told(name), "")
        try:
            return self.fields[name].clean(raw)
        except forms.ValidationError:
            return getattr(self._now, name, "")

    def _said(self, values: dict[str, Any]) -> Said:
        return Said(
            typed=values["value"],
            tag=values.get("tag", ""),
            extension=values.get("extension", ""),
            subscription=Subscription(values.get("subscription", "")),
            is_shared=bool(values.get("is_shared")),
            is_bounced=bool(values.get("is_bounced")),
        )


def _bare(typed: str) -> str:
    """The address alone, where a mail program or a page had it copied with a name or a link around it."""
    found = re.search(r"<([^<>]+@[^<>]+)>\W*$", typed)
    return (found[1] if found else typed.removeprefix("mailto:")).strip(" \t,;")


def _say(line: ContactLine) -> Said:
    return Said(line.typed, line.tag_code, line.extension, line.subscription, line.is_shared, line.is_bounced)


def _as_initial(said: Said) -> dict[str, Any]:
    return {
        "value": said.typed,
        "tag": said.tag,
        "extension": said.extension,
        "subscription": str(said.subscription),
        "is_shared": said.is_shared,
        "is_bounced": said.is_bounced,
    }


def _read(said: Said) -> str:
    words = [said.typed, f"ext. {said.extension}" if said.extension else "", said.tag, str(said.subscription)]
    return " ".join(word for word in words if word)
