"""Input of replies, internal notes and first letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from customers.models import Customer
from customers.services.following import find_alive
from tickets.addresses import (
    LONGEST_LIST,
    MOST_RECIPIENTS,
    Person,
    Recipients,
    TooManyRecipients,
    WrongAddresses,
    read_people,
)
from tickets.bodies import HTML_LIMIT, TEXT_LIMIT, Body, TooLong, body_from_html, body_from_text
from tickets.models import Inbox
from tickets.models.inbox import InboxQuerySet
from tickets.services import addressing, carrying, noting, replying, starting

MOST_FILES = 50  # of one message
# What the services refuse, in words for the agent.
_WORDS: dict[type[Exception], str] = {
    TooLong: f"A message has at most {TEXT_LIMIT:,} characters.",
    replying.EmptyText: "Write something first.",
    noting.EmptyNote: "Write something first.",
    starting.NoSubject: "Give it a subject.",
    addressing.NoRecipient: "Say whom it goes to.",
    carrying.TooBig: f"Files may have {carrying.MOST_BYTES // 2**20} MB together, more does not travel by e-mail.",
}
Refused: tuple[type[Exception], ...] = (*_WORDS, addressing.OwnInbox)


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        """Every file of that name, not only the last."""
        return list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if name in files else []


class ManyFiles(forms.FileField):
    """Any number of files; none is fine."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        if len(data) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files go along with one message.")
        return [super(ManyFiles, self).clean(one, initial) for one in data]


class People(forms.CharField):
    """Addresses between commas; None where the form has no such field."""

    def __init__(self) -> None:
        super().__init__(max_length=LONGEST_LIST, required=False, strip=False)

    def clean(self, value: Any) -> tuple[Person, ...] | None:
        if value is None:
            return None
        try:
            return read_people(super().clean(value))
        except WrongAddresses as error:
            raise forms.ValidationError(_not_addresses(error.typed)) from error


class NoteForm(forms.Form):
    """What an agent wrote, by the editor (`html`, which wins) or in a plain field, and files chosen without scripts.

    Its emptiness is judged by the service, which says so in the same words.
    """

    html = forms.CharField(max_length=HTML_LIMIT, required=False, strip=False)
    text = forms.CharField(max_length=TEXT_LIMIT, required=False, strip=False)
    # Fields are taken out of the class, so the form's own attribute of this name stays what it is.
    files = ManyFiles(required=False, allow_empty_file=True, max_length=1000)  # type: ignore[assignment]  # as said

    def body(self, files: Sequence[carrying.Carried]) -> Body:
        """Safe HTML and text; `files` are those whose pictures may stand in it. Raises TooLong."""
        if html := self.cleaned_data["html"]:
            return body_from_html(html, image=carrying.own_images(files))
        return body_from_text(self.cleaned_data["text"])

    def problem(self) -> str:
        """One sentence that says what is wrong with it."""
        if self.has_error("text", "max_length") or self.has_error("html", "max_length"):
            return _WORDS[TooLong]
        return " ".join(str(one) for errors in self.errors.values() for one in errors)


class ReplyForm(NoteForm):
    """A reply: also whom it goes to, and whether it closes the ticket. `to` is absent where the default is meant."""

    to = People()
    cc = People()
    bcc = People()
    close = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        people = {name: self.cleaned_data.get(name) for name in ("to", "cc", "bcc")}
        try:
            Recipients.of(**{name: found or () for name, found in people.items()})
        except TooManyRecipients as error:
            words = f"A message goes to at most {MOST_RECIPIENTS} people."
            raise forms.ValidationError(words) from error
        return self.cleaned_data

    def recipients(self, default: Person | None = None) -> Recipients:
        """Whom it goes to; `default` stands in for a `to` that the form did not have."""
        to, cc, bcc = (self.cleaned_data[name] for name in ("to", "cc", "bcc"))
        fallback = (default,) if default else ()
        return Recipients.of(to=fallback if to is None else to, cc=cc or (), bcc=bcc or ())


class StartForm(ReplyForm):
    """A first letter. Inboxes are those the agent sees; a customer is meant by number, for their e-mail address."""

    inbox = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    subject = forms.CharField(max_length=500, required=False)
    customer = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)

    def __init__(self, *args: object, inboxes: InboxQuerySet, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments, passed on
        self._inboxes = inboxes

    def clean_inbox(self) -> Inbox:
        inbox = self._inboxes.filter(number=self.cleaned_data["inbox"]).first()
        if inbox is None:
            raise forms.ValidationError("Choose an inbox from the list.")
        return inbox

    def clean_customer(self) -> Customer | None:
        """One that went away meanwhile is none: the words matter more."""
        number = self.cleaned_data["customer"]
        return find_alive(number) if number else None


def say(error: Exception) -> str:
    """What a service refused, in words for the agent."""
    if isinstance(error, addressing.OwnInbox):
        return f"{error} is an inbox of this workspace: the mail would come back as a new ticket."
    return _WORDS[type(error)]


def _not_addresses(typed: Sequence[str]) -> str:
    named = ", ".join(f"“{one}”" for one in typed[:5])
    return f"{named} is no e-mail address." if len(typed) == 1 else f"{named} are no e-mail addresses."
