"""Find contacts by what somebody typed, and lock them so that two at one moment agree on whose they are."""

from collections.abc import Iterable

from accounts.services.configuring import read_setting
from core.database.queries import Query
from core.database.rows import insert_missing
from customers import options, spelling
from customers.kinds import ContactKind
from customers.models import Contact
from customers.spelling import NotAnAddress, Regions, Spelling, regions_of

_LOCKED = Query(lambda kind, value: Contact.objects.filter(kind=kind, value=value).select_for_update())
# Only these are read by the workspace's country.
REGIONAL = frozenset({ContactKind.PHONE})


def spell(*, kind: str, typed: str, tag: str = "") -> Spelling:
    """The normalized form, with the workspace's country for phones. Raises NotAnAddress."""
    return spelling.spell(kind, typed, tag=tag, regions=read_regions(()) if kind in REGIONAL else None)


def read_regions(phones: Iterable[str]) -> Regions:
    """How phones of a customer who has these are read: as the workspace's country writes them, else as theirs do."""
    return regions_of(read_setting(options.PHONE_REGION), phones)


def find_contact(*, kind: str, typed: str, tag: str = "") -> Contact | None:
    """The contact somebody typed; None when nobody ever had it or it is no address."""
    try:
        spelled = spell(kind=kind, typed=typed, tag=tag)
    except NotAnAddress:
        return None
    contact: Contact | None = Contact.objects.filter(kind=kind, value=spelled.value).first()
    return contact


def lock_contact(*, kind: str, value: str) -> Contact:
    """The contact of a normalized value, made if need be and locked until the transaction ends."""
    return lock_or_make_contact(kind=kind, value=value)[0]


def lock_or_make_contact(*, kind: str, value: str) -> tuple[Contact, bool]:
    """The same, and whether it was made just now: then nobody holds it, and nobody else sees it."""
    if known := lock_known_contact(kind=kind, value=value):
        return known, False
    made = Contact(kind=kind, value=value)
    # Of two inserts at one moment the later waits for the earlier one's commit, then does nothing.
    if insert_missing([made]):
        return made, True
    contact = _LOCKED.first(kind, value)
    if contact is None:
        raise Contact.DoesNotExist  # made and unmade by others within these lines
    return contact, False


def lock_known_contact(*, kind: str, value: str) -> Contact | None:
    """The contact of a normalized value, locked until the transaction ends; None when nobody ever had it."""
    return _LOCKED.first(kind, value)
