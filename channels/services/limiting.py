"""How many files of one letter are taken apart; none is lost, for the letter itself is kept whole."""

import hashlib
from collections.abc import Sequence

from channels.types import InboundAttachment
from core.text import clean_text

# Each is a file in the storage and a row; a letter of 10,000 parts must not hold up the next one.
MOST_FILES = 100
MOST_NAMES = 1000


def limit_files(attachments: Sequence[InboundAttachment]) -> Sequence[InboundAttachment]:
    """All files, or the first of them and a list that names the others; pictures which the letter shows come first."""
    if len(attachments) <= MOST_FILES:
        return attachments
    ranked = sorted(attachments, key=lambda one: not one.inline)
    kept = set(map(id, ranked[: MOST_FILES - 1]))
    others = [one for one in attachments if id(one) not in kept]
    return [*(one for one in attachments if id(one) in kept), _list_of(others)]


def _list_of(others: Sequence[InboundAttachment]) -> InboundAttachment:
    lines = ["These files came with the letter too. They are in its original, which can be downloaded.", ""]
    lines += [f"{clean_text(one.name)} ({one.size} bytes)" for one in others[:MOST_NAMES]]
    if len(others) > MOST_NAMES:
        lines.append(f"and {len(others) - MOST_NAMES} more")
    content = "\n".join(lines).encode()
    return InboundAttachment(
        name=f"{len(others)} more files.txt",
        content_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
