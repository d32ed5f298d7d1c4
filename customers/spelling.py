"""How each kind of contact is normalized, to find who holds it, and shown, to be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.contacts import NotAnAddress, normalize_email, normalize_handle, normalize_phone, show_phone
from customers.kinds import ContactKind, ContactTag

__all__ = ["NotAnAddress", "Spelling", "show", "show_tag", "spell"]


@dataclass(frozen=True)
class Spelling:
    """`value` is what equality is asked of; `extension` of a phone stands apart, since it names no other line."""

    value: str
    extension: str = ""


def spell(kind: str, typed: str, *, tag: str = "", region: str = "") -> Spelling:
    """Normalize what somebody typed. `tag` is a handle's network, `region` the country of phones without a code.

    Raises NotAnAddress.
    """
    return _SPELLED[ContactKind(kind)](typed, tag, region)


def show(kind: str, *, value: str, typed: str, extension: str = "") -> str:
    """A stored contact as people read and copy it."""
    return _SHOWN[ContactKind(kind)](value, typed, extension)


def show_tag(tag: str) -> str:
    """The tag's label; a network's name with a capital letter."""
    if not tag:
        return ""
    return ContactTag(tag).label if tag in ContactTag.values else tag.capitalize()


def _spell_email(typed: str, tag: str, region: str) -> Spelling:
    return Spelling(normalize_email(typed))


def _spell_phone(typed: str, tag: str, region: str) -> Spelling:
    phone = normalize_phone(typed, region=region)
    return Spelling(phone.number, phone.extension)


def _spell_handle(typed: str, tag: str, region: str) -> Spelling:
    return Spelling(normalize_handle(typed, network=tag))


_SPELLED: Mapping[ContactKind, Callable[[str, str, str], Spelling]] = {
    ContactKind.EMAIL: _spell_email,
    ContactKind.PHONE: _spell_phone,
    ContactKind.HANDLE: _spell_handle,
}

_SHOWN: Mapping[ContactKind, Callable[[str, str, str], str]] = {
    ContactKind.EMAIL: lambda value, typed, extension: typed,
    ContactKind.PHONE: lambda value, typed, extension: show_phone(value, extension),
    ContactKind.HANDLE: lambda value, typed, extension: typed,
}
