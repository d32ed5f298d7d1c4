"""Makes attachments of the parts of a mail that are files."""

import hashlib
import re
from urllib.parse import unquote

from channels.email.bodies import Bodies
from channels.email.filenames import name_for, safe_name, type_of
from channels.email.headers import read_headers
from channels.email.parts import Part
from channels.types import InboundAttachment
from core.text import clean_text

_CID = re.compile(r"cid:([^\"'\s<>)]{1,500})", re.I)
_TYPE_LENGTH = 127


def read_attachments(bodies: Bodies) -> tuple[InboundAttachment, ...]:
    """Return every file with its bytes; those that the HTML shows by `cid:` are marked as inline."""
    shown = {unquote(match).lower() for match in _CID.findall(bodies.html)}
    files = [_attachment(part, number, shown) for number, part in enumerate(bodies.files, start=1)]
    for number, packed in enumerate(bodies.embedded, start=len(files) + 1):
        content_type = packed.content_type or type_of(packed.name)
        files.append(
            _made(
                safe_name(packed.name, fallback=name_for(content_type, number)),
                content_type[:_TYPE_LENGTH],
                packed.content,
                inline=bool(packed.content_id) and packed.content_id.lower() in shown,
                content_id=clean_text(packed.content_id),
            )
        )
    return tuple(files)


def _attachment(part: Part, number: int, shown: set[str]) -> InboundAttachment:
    content = part.content
    content_id = clean_text(part.content_id)
    name = part.file_name or (_subject_of(content) if part.content_type.startswith("message/rfc822") else "")
    return _made(
        safe_name(name, fallback=name_for(part.content_type, number)),
        part.content_type[:_TYPE_LENGTH],
        content,
        inline=bool(content_id) and content_id.lower() in shown,
        content_id=content_id,
    )


def _subject_of(message: bytes) -> str:
    subject = read_headers(message.lstrip()).headers.text("Subject")
    return f"{subject or 'message'}.eml"


def _made(
    name: str, content_type: str, content: bytes, *, inline: bool = False, content_id: str = ""
) -> InboundAttachment:
    return InboundAttachment(
        name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        inline=inline,
        content_id=content_id,
    )
