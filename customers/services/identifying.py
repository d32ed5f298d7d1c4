"""Find out which customer an arriving message is from (D15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor, ActorKind
from core.database.queries import Query
from core.text import excerpt
from customers.kinds import ContactKind
from customers.models import Contact, Customer, CustomerContact
from customers.naming import read_person_name
from customers.services import creating, finding
from customers.spelling import NotAnAddress

NOBODY = "Nobody has this address."
SHARED = "Several people share this address."
CLAIMED = "Somebody says that this address is theirs, and nothing shows it."
_HOLDERS = Query(lambda contact: CustomerContact.objects.of_contact(Contact(pk=contact)))


@dataclass(frozen=True)
class Resolution:
    """Whose message it is. `reason` is a sentence for the ticket; `is_new` says that the customer was just created."""

    customer: Customer | None
    contact: Contact | None
    reason: str
    is_new: bool = False


def resolve_sender(
    *, kind: ContactKind, typed: str, name: str, origin: ActorKind, at: datetime, may_create: bool
) -> Resolution:
    """The customer who writes from an address, and that they wrote from it at `at`.

    The contact's row is locked until the transaction ends: two first messages from one address make one customer.
    Nobody holds it: a customer is created, with the name in `name` if it reads like a person's, unless `may_create`
    is False (a bounce or a list must not make customers). No usable address is no error: the customer is None.
    """
    try:
        spelled = finding.spell(kind=kind, typed=typed)
    except NotAnAddress:
        return Resolution(None, None, "The message has no address of a sender.")
    with transaction.atomic(savepoint=False):
        contact, is_new = _lock(kind, spelled.value, may_create=may_create)
        if contact is None:
            return Resolution(None, None, NOBODY)
        if contact.is_shared:
            return Resolution(None, contact, SHARED)
        holders = [] if is_new else _not_at_another_desk(_HOLDERS.all(contact.pk), spelled.extension)
        if may_create and all(line.is_claim for line in holders):
            actor = Actor(origin, None, excerpt(name or typed, 200))
            customer = _make(contact, typed, spelled.extension, name, actor, wrote_at=at)
            return Resolution(customer, contact, "A new customer.", is_new=True)
        line, reason = choose_holder(holders)
        if line is None:
            return Resolution(None, contact, reason)
        line.mark_written(at=at)
        return Resolution(line.customer, contact, reason)


def resolve_recipient(*, typed: str, name: str, actor: Actor, at: datetime) -> Resolution:
    """The customer an agent writes to at an e-mail address, created by `actor` when nobody holds it.

    As with a sender, the contact's row is locked; but nobody wrote from it. No usable address is no error.
    """
    try:
        spelled = finding.spell(kind=ContactKind.EMAIL, typed=typed)
    except NotAnAddress:
        return Resolution(None, None, "The message has no address of a recipient.")
    with transaction.atomic(savepoint=False):
        contact, is_new = finding.lock_or_make_contact(kind=ContactKind.EMAIL, value=spelled.value)
        if contact.is_shared:
            return Resolution(None, contact, SHARED)
        holders = [] if is_new else _HOLDERS.all(contact.pk)
        if all(line.is_claim for line in holders):
            customer = _make(contact, typed, spelled.extension, name, actor, wrote_at=None)
            return Resolution(customer, contact, "A new customer.", is_new=True)
        line, reason = choose_holder(holders)
        return Resolution(line.customer if line else None, contact, reason)


def choose_holder(holders: Sequence[CustomerContact]) -> tuple[CustomerContact | None, str]:
    """Whose a message from the address is, None when nothing says it; and why, as the ticket tells it (D15).

    Who only says that it is theirs is none of those it may be (B10).
    """
    are_claims = bool(holders)
    holders = [line for line in holders if not line.is_claim]
    count = len(holders)
    if not holders:
        return None, CLAIMED if are_claims else NOBODY
    if count == 1:
        return holders[0], "The only customer with this address."
    verified = [line for line in holders if line.verified_at]
    if len(verified) == 1:
        return verified[0], f"The only one of {count} customers with this address who verified it."
    latest = max((line.last_wrote_at for line in holders if line.last_wrote_at), default=None)
    last = [line for line in holders if latest and line.last_wrote_at == latest]
    if len(last) == 1:
        return last[0], f"Of {count} customers with this address, the one who wrote from it last."
    return None, f"{count} customers have this address, and nothing says which of them wrote."


def _not_at_another_desk(holders: Sequence[CustomerContact], extension: str) -> Sequence[CustomerContact]:
    """Behind one number of an office there are people with extensions of their own."""
    return [line for line in holders if not (extension and line.extension and line.extension != extension)]


def _lock(kind: ContactKind, value: str, *, may_create: bool) -> tuple[Contact | None, bool]:
    if may_create:
        return finding.lock_or_make_contact(kind=kind, value=value)
    return finding.lock_known_contact(kind=kind, value=value), False


def _make(
    contact: Contact, typed: str, extension: str, name: str, actor: Actor, *, wrote_at: datetime | None
) -> Customer:
    person = read_person_name(name, typed)
    return creating.create_holder(
        contact=contact,
        typed=typed,
        extension=extension,
        actor=actor,
        first_name=person.first if person else "",
        last_name=person.last if person else "",
        wrote_at=wrote_at,
    )
