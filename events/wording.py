"""What an event is in words, for the audit and its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events.kinds import TOLD_KEY, EventType

LONGEST = 300  # characters of a value


@dataclass(frozen=True)
class Said:
    """`before` and `after` are None for what did not change from one value to another."""

    words: str
    before: str | None = None
    after: str | None = None


def say(type: EventType, data: Mapping[str, Any]) -> Said:
    """Bears data of an earlier shape: a key that is not there is nothing."""
    told = type.told or _plain(type.name)
    words = TOLD_KEY.sub(lambda found: spell(data.get(found[1]), is_code=found[1] == "fields"), told)
    if "before" not in type.shape:
        return Said(words)
    return Said(words, spell(data.get("before")), spell(data.get("after")))


def spell(value: object, *, is_code: bool = False) -> str:
    """One value, shortened; `is_code` for names of columns."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "on" if value else "off"
        case list():
            text = ", ".join(spell(one, is_code=is_code) for one in value)
        case _:
            text = str(value)
    text = text.removesuffix("_id").replace("_", " ") if is_code else text
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(name: str) -> str:
    """ "customer.created" is "Customer created"."""
    return name.replace(".", " ").replace("_", " ").capitalize()
