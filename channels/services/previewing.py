"""Read a mail for somebody who must decide about it: what it says, not what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from channels.base import Unparseable
from channels.models import RawMail
from channels.registry import channel
from channels.types import Address, InboundAttachment, InboundMessage
from core.text import clean_text
from files.services import storing

MOST_TEXT = 20_000  # characters
MOST_NAMES = 20  # addresses, files
RAW_SHOWN = 4_000  # bytes of what cannot be read

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Preview:
    """`is_raw` when the parser made nothing of it and `text` is how it begins."""

    kind: str
    text: str
    is_cut: bool = False
    is_raw: bool = False
    sender: Address | None = None
    to: Sequence[Address] = ()
    sent_at: datetime | None = None
    files: Sequence[InboundAttachment] = ()


def preview_mail(*, mail: RawMail) -> Preview:
    """Never raises for what stands in the mail."""
    try:
        raw = storing.read(mail.file)
    except FileNotFoundError:
        log.exception("mail.lost", mail=mail.pk)
        return Preview("A mail that is lost", "Its file is gone from the storage.", is_raw=True)
    try:
        return _preview(channel(mail.inbox.kind).parse(raw))
    except Unparseable:
        return _raw(raw)
    except Exception:
        # What made it stop here may make it stop again; it is still somebody's mail.
        log.exception("mail.unreadable", mail=mail.pk)
        return _raw(raw)


def _preview(parsed: InboundMessage) -> Preview:
    text = parsed.full_text.strip()
    return Preview(
        kind=parsed.kind.label,
        text=text[:MOST_TEXT],
        is_cut=len(text) > MOST_TEXT,
        sender=parsed.sender,
        to=(*parsed.to, *parsed.cc)[:MOST_NAMES],
        sent_at=parsed.sent_at,
        files=parsed.attachments[:MOST_NAMES],
    )


def _raw(raw: bytes) -> Preview:
    text = clean_text(raw[:RAW_SHOWN].decode("utf-8", "replace"))
    return Preview("A mail that cannot be read", text, is_cut=len(raw) > RAW_SHOWN, is_raw=True)
