"""Say in plain words what stands in a file of everything about a customer, for whoever gets it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

NAME = "READ ME FIRST.txt"
_TEXT = """\
Everything that {workspace} knows about {name}
Customer {number}, as of {at}

LISTS
{lists}

Each list is a file of its own. They are in JSON, which browsers and text editors
open and programs read: one entry after another, each with its facts by name.
Lists that end in "history" say what stood there before, and who changed it.

FILES
{files}

Times are in UTC. Words such as "customer_id" are numbers by which the entries
of one list point to those of another.
"""


def preface(
    *, workspace: str, name: str, number: int, lists: Mapping[str, int], files: Mapping[str, int], at: datetime
) -> str:
    """`lists` are names of lists and how many entries each has; `files` names of folders and how many files."""
    return _TEXT.format(
        workspace=workspace,
        name=name,
        number=number,
        at=at.astimezone(ZoneInfo("UTC")).strftime("%-d %B %Y, %H:%M UTC"),
        lists=_told(lists, ("entry", "entries")) or "  None.",
        files=_told(files, ("file", "files")) or "  None.",
    )


def _told(counts: Mapping[str, int], words: tuple[str, str]) -> str:
    widest = max((len(name) for name in counts), default=0)
    return "\n".join(
        f"  {name:<{widest}}  {count:>6,} {words[0] if count == 1 else words[1]}" for name, count in counts.items()
    )
