"""Numbers made of texts: PostgreSQL's policies let numbers use an index, and a table of them tells nobody's name."""

from __future__ import annotations

from hashlib import blake2b


def number_of(text: str) -> int:
    """The same for the same text, always; signed, 64 bits."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
