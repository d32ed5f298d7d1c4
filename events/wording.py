"""What an event is in words, for the audit and its file."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from events.kinds import TOLD_KEY, EventType

LONGEST = 300  # characters of a value among words
KEPT = 5_000  # characters of a value before or after that an event keeps
CHANGED = "changed"
# Keys of a value and of the one that took its place.
PAIRS = (("before", "after"), ("from_name", "to_name"))


@dataclass(frozen=True)
class Change:
    """One thing that was one value and is another; `label` is "" where the words say what. A `before` of None: what it
    was and is, is a secret, or too long to tell."""

    label: str
    before: str | None
    after: str

    @property
    def is_long(self) -> bool:
        """Whether it stands in the way of the lines beside it."""
        return max(len(self.before or ""), len(self.after)) > LONGEST or "\n" in f"{self.before}{self.after}"


@dataclass(frozen=True)
class Said:
    words: str
    changes: tuple[Change, ...] = ()


def say(type: EventType, data: Mapping[str, Any]) -> Said:
    """Bears data of an earlier shape: a key that is not there is nothing."""
    told = type.told or _plain(type.name)
    words = TOLD_KEY.sub(lambda found: shorten(spell(data.get(found[1]), is_code=found[1] == "fields")), told)
    return Said(words, tuple(_changes(type, data)))


def spell(value: object, *, is_code: bool = False) -> str:
    """One value; `is_code` for names of columns."""
    match value:
        case None | "" | []:
            return "nothing"
        case bool():
            return "on" if value else "off"
        case list():
            text = ", ".join(spell(one, is_code=is_code) for one in value)
        case _:
            text = str(value)
    return text.removesuffix("_id").replace("_", " ") if is_code else text


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def list_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], *, labels: Mapping[str, str], secret: Collection[str] = ()
) -> list[list[Any]]:
    """What is not the same, in the order of the labels, for the key `changes` of an event: [label, before, after], and
    for a secret [label] alone."""
    return [
        [label] if key in secret else [label, _kept(before.get(key)), _kept(after.get(key))]
        for key, label in labels.items()
        if before.get(key) != after.get(key)
    ]


def _kept(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)
    return text if len(text) <= KEPT else f"{text[:KEPT]}…"


def _changes(type: EventType, data: Mapping[str, Any]) -> Iterator[Change]:
    for was, now in PAIRS:
        if was in type.shape:
            yield Change("", spell(data.get(was)), spell(data.get(now)))
    for label, *values in data.get("changes") or ():
        before, after = (spell(values[0]), spell(values[1])) if values else (None, CHANGED)
        yield Change(str(label), before, after)


def _plain(name: str) -> str:
    """ "customer.created" is "Customer created"."""
    return name.replace(".", " ").replace("_", " ").capitalize()
