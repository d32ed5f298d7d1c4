"""Files that go along with a message."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.database.rows import insert
from core.text import clean_text
from files.models import StoredFile
from files.services import storing
from tickets.bodies.markup import FindImage
from tickets.models import Attachment, Message

MOST_BYTES = 25 * 1024 * 1024  # of all files of one message; mail systems rarely take more


class TooBig(Exception):
    """The files are more than mail systems take."""


class Carried(Protocol):
    """A stored file on its way: of a draft, of an arrived letter, of a form."""

    @property
    def file(self) -> StoredFile: ...
    @property
    def is_inline(self) -> bool: ...
    @property
    def content_id(self) -> str: ...


@dataclass(frozen=True)
class OutgoingFile:
    """A file that an agent sends along; an inline one stands in the text as the picture of its content id."""

    file: StoredFile
    is_inline: bool = False
    content_id: str = ""


class Upload(Protocol):
    """A file as a form brings it."""

    name: str | None
    content_type: str | None
    size: int | None

    def read(self) -> bytes: ...


def keep_uploads(uploads: Iterable[Upload]) -> list[OutgoingFile]:
    """Store files that came with the form itself. Raises TooBig before anything is stored."""
    uploads = list(uploads)
    if sum(one.size or 0 for one in uploads) > MOST_BYTES:
        raise TooBig
    return [OutgoingFile(_keep(one)) for one in uploads]


def _keep(upload: Upload) -> StoredFile:
    name = " ".join(clean_text(upload.name or "").split()) or "file"
    return storing.store(
        name=name, content_type=upload.content_type or "application/octet-stream", content=upload.read()
    )


def attach(*, message: Message, files: Iterable[Carried]) -> None:
    """Put files on a new message, in order."""
    insert(
        Attachment(
            message=message, file=one.file, position=place, is_inline=one.is_inline, content_id=one.content_id[:255]
        )
        for place, one in enumerate(files, start=1)
    )


def check_size(files: Iterable[Carried]) -> None:
    """Raises TooBig."""
    if sum(one.file.size for one in files) > MOST_BYTES:
        raise TooBig


def own_images(files: Sequence[Carried]) -> FindImage:
    """Finds the inline file a picture means: by its content id, or by the address at which the editor showed it.

    Answers that picture's `cid:` address; pictures from anywhere else are taken out.
    """
    inline = [one for one in files if one.is_inline and one.content_id]

    def find(source: str) -> str | None:
        for one in inline:
            if source == f"cid:{one.content_id}" or one.file.key in source:
                return f"cid:{one.content_id}"
        return None

    return find
