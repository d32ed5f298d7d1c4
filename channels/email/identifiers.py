"""Reads Message-IDs, which are written with angle brackets everywhere inside."""

import hashlib
import re

LONGEST_ID = 500

_ID = re.compile(r"<([^<>]{1,4000})>")
_MOST_IDS = 200


def read_ids(value: str) -> tuple[str, ...]:
    """Return the ids in a header, in order and once each, as "<id>"; of very many the first and the last ones."""
    found = [re.sub(r"\s+", "", match) for match in _ID.findall(value[:65_536])]
    if not found:
        # Some programs leave the brackets out.
        found = [word.strip("<>,;\"'") for word in value.split()[:_MOST_IDS] if "@" in word]
    ids = list(dict.fromkeys(_bounded(identifier) for identifier in found if identifier))
    if len(ids) > _MOST_IDS:
        ids = [ids[0], *ids[-(_MOST_IDS - 1) :]]
    return tuple(f"<{identifier}>" for identifier in ids)


def _bounded(identifier: str) -> str:
    """Very long ids stay different from each other when they are cut."""
    if len(identifier) <= LONGEST_ID - 2:
        return identifier
    return hashlib.sha256(identifier.encode("utf-8", "replace")).hexdigest() + "@long.invalid"
