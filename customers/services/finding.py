"""Find contacts by what somebody typed, and lock them so that two at one moment agree on whose they are."""

from accounts.services.configuring import read_setting
from customers import options, spelling
from customers.kinds import ContactKind
from customers.models import Contact
from customers.spelling import NotAnAddress, Spelling

# Only these are read by the workspace's country.
REGIONAL = frozenset({ContactKind.PHONE})


def spell(*, kind: str, typed: str, tag: str = "") -> Spelling:
    """The normalized form, with the workspace's country for phones. Raises NotAnAddress."""
    region = read_setting(options.PHONE_REGION) if kind in REGIONAL else ""
    return spelling.spell(kind, typed, tag=tag, region=region)


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
    if known := lock_known_contact(kind=kind, value=value):
        return known
    # Of two inserts at one moment the later waits for the earlier one's commit, then does nothing.
    Contact.objects.bulk_create([Contact(kind=kind, value=value)], ignore_conflicts=True)
    contact: Contact = Contact.objects.select_for_update().get(kind=kind, value=value)
    return contact


def lock_known_contact(*, kind: str, value: str) -> Contact | None:
    """The contact of a normalized value, locked until the transaction ends; None when nobody ever had it."""
    contact: Contact | None = Contact.objects.filter(kind=kind, value=value).select_for_update().first()
    return contact
