"""Input of the editor while one writes: words to keep, files to go along."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from tickets.kinds import DraftKind
from tickets.models import Inbox
from tickets.models.inbox import InboxQuerySet

# Longer than any letter an agent writes, with its markup; a guard against pasting a file.
HTML_LIMIT = 500_000
ADDRESSES_LIMIT = 10_000
LARGEST_VERSION = 2**31 - 2


class KindForm(forms.Form):
    """Which of the drafts: a reply or an internal note on a ticket, or the new ticket."""

    kind = forms.ChoiceField(choices=DraftKind.choices)


class DraftForm(KindForm):
    """What stands in the editor, and the version it was begun upon. Inboxes are those the member sees."""

    html = forms.CharField(max_length=HTML_LIMIT, required=False, strip=False)
    to = forms.CharField(max_length=ADDRESSES_LIMIT, required=False)
    cc = forms.CharField(max_length=ADDRESSES_LIMIT, required=False)
    bcc = forms.CharField(max_length=ADDRESSES_LIMIT, required=False)
    subject = forms.CharField(max_length=500, required=False)
    inbox = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    version = forms.IntegerField(min_value=0, max_value=LARGEST_VERSION)

    def __init__(self, *args: object, inboxes: InboxQuerySet, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Form's own arguments, passed on
        self._inboxes = inboxes

    def clean_inbox(self) -> Inbox | None:
        """One that went away meanwhile is none: the words matter more."""
        number = self.cleaned_data["inbox"]
        return self._inboxes.filter(number=number).first() if number else None

    def words(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "kind"}


class FileForm(KindForm):
    """One file. Its size is judged by the service, which says so in the same words as when it is sent."""

    file = forms.FileField(allow_empty_file=True, max_length=1000)

    def upload(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        return file


class FileKeyForm(KindForm):
    key = forms.CharField(max_length=40)
