"""Put files on a draft while one writes, within what mail servers carry, and take them off again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.template.defaultfilters import filesizeformat

from accounts.models import Membership
from core.text import clean_text
from files.services import storing
from tickets.models import Draft, DraftFile, Ticket
from tickets.services import drafting
from tickets.services.carrying import MOST_BYTES

# More than these are a folder: a link to it serves the reader better.
MOST_FILES = 10
# Bytes of one; Outlook's own limit for a file.
LARGEST_FILE = 20 * 2**20


class FileRefused(Exception):
    """The file cannot go along; the text says why, in words for the agent."""


class Readable(Protocol):
    def read(self) -> bytes: ...


def judge_sizes(*, sizes: Sequence[int]) -> None:
    """Whether files of these sizes (bytes) may go with one message. Raises FileRefused."""
    if len(sizes) > MOST_FILES:
        raise FileRefused(f"A message takes at most {MOST_FILES} files.")
    if 0 in sizes:
        raise FileRefused("The file is empty.")
    if max(sizes, default=0) > LARGEST_FILE:
        raise FileRefused(f"A file may have at most {filesizeformat(LARGEST_FILE)}.")
    if sum(sizes) > MOST_BYTES:
        raise FileRefused(f"Together the files may have at most {filesizeformat(MOST_BYTES)}; e-mail carries no more.")


def add_file(
    *,
    member: Membership,
    ticket: Ticket | None,
    kind: str,
    name: str,
    content_type: str,
    content: Readable,
    size: int,
    at: datetime,
) -> Draft:
    """Store a file and put it on the member's draft, which is made if need be; its version stays, for words count.

    Raises FileRefused, before a byte is read.
    """
    with transaction.atomic():
        draft = drafting.hold_draft(member=member, ticket=ticket, kind=kind, at=at)
        held = draft.files.values_list("file__size", flat=True)
        judge_sizes(sizes=[*held, size])
        shown = " ".join(clean_text(name).split()) or "file"
        stored = storing.store(name=shown, content_type=content_type, content=content.read())
        DraftFile.objects.create(draft=draft, file=stored)
    return draft


def remove_file(*, draft: Draft, key: str) -> None:
    """Take one file off the draft; a second press finds nothing to do."""
    with transaction.atomic():
        row = DraftFile.objects.filter(draft=draft, file__key=key).select_related("file").first()
        if row is not None:
            row.delete()
            storing.release(row.file)
