"""How each kind of contact is normalized, to find who holds it, and shown, to be read."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from core.contacts import (
    NotAnAddress,
    is_valid_phone,
    normalize_email,
    normalize_handle,
    normalize_phone,
    region_of_phone,
    show_phone,
)
from customers.kinds import ContactKind, ContactTag

__all__ = [
    "NotAnAddress",
    "Regions",
    "Spelling",
    "can_be_called",
    "is_valid",
    "regions_of",
    "show",
    "show_tag",
    "spell",
]


CALLED = frozenset({ContactKind.PHONE})


@dataclass(frozen=True)
class Spelling:
    """`value` is what equality is asked of; `extension` of a phone stands apart, since it names no other line."""

    value: str
    extension: str = ""


@dataclass(frozen=True)
class Regions:
    """Countries of phones without a code, by two letters: the workspace's own, and those of the customer's phones."""

    own: str = ""
    also: tuple[str, ...] = ()


def regions_of(own: str, phones: Iterable[str]) -> Regions:
    """How a customer's next phone is read, by those they have; the most frequent country first."""
    found = Counter(filter(None, (region_of_phone(phone) for phone in phones)))
    return Regions(own, tuple(region for region, _ in found.most_common() if region != own.upper()))


def spell(kind: str, typed: str, *, tag: str = "", regions: Regions | None = None) -> Spelling:
    """Normalize what somebody typed. `tag` is a handle's network. Raises NotAnAddress."""
    return _SPELLED[ContactKind(kind)](typed, tag, regions or Regions())


def is_valid(kind: str, value: str) -> bool:
    """Whether a stored contact can be somebody's: phones are kept by their digits even where nobody can have them."""
    return ContactKind(kind) not in CALLED or is_valid_phone(value)


def can_be_called(kind: str, value: str) -> bool:
    """Whether telephony would reach somebody by it."""
    return ContactKind(kind) in CALLED and is_valid_phone(value)


def show(kind: str, *, value: str, typed: str, extension: str = "") -> str:
    """A stored contact as people read and copy it."""
    return _SHOWN[ContactKind(kind)](value, typed, extension)


def show_tag(tag: str) -> str:
    """The tag's label; a network's name with a capital letter."""
    if not tag:
        return ""
    return ContactTag(tag).label if tag in ContactTag.values else tag.capitalize()


def _spell_email(typed: str, tag: str, regions: Regions) -> Spelling:
    return Spelling(normalize_email(typed))


def _spell_phone(typed: str, tag: str, regions: Regions) -> Spelling:
    phone = normalize_phone(typed, region=regions.own, also=regions.also)
    return Spelling(phone.number, phone.extension)


def _spell_handle(typed: str, tag: str, regions: Regions) -> Spelling:
    return Spelling(normalize_handle(typed, network=tag))


_SPELLED: Mapping[ContactKind, Callable[[str, str, Regions], Spelling]] = {
    ContactKind.EMAIL: _spell_email,
    ContactKind.PHONE: _spell_phone,
    ContactKind.HANDLE: _spell_handle,
}

_SHOWN: Mapping[ContactKind, Callable[[str, str, str], str]] = {
    ContactKind.EMAIL: lambda value, typed, extension: typed,
    ContactKind.PHONE: lambda value, typed, extension: show_phone(value, extension),
    ContactKind.HANDLE: lambda value, typed, extension: typed,
}
