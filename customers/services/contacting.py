"""Give customers e-mail addresses, phones and handles, and take them off again (D15, F99).

Locks are taken in one order, customer before contact, and several contacts in the order of their kinds and values.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.kinds import SYSTEM, Actor
from core.text import clean_text
from customers.kinds import CustomerEvent
from customers.models import Contact, Customer, CustomerContact
from customers.models.contact import CustomerContactQuerySet
from customers.services import finding
from customers.services.taking_off import forget_likes
from events.services.recording import record

MOST_TOLD = 50  # pages of other holders


class AlreadyHeld(Exception):
    """The customer has this contact."""


class NotHeld(Exception):
    """A colleague took the contact off first."""


def add_contact(*, customer: Customer, kind: str, typed: str, actor: Actor, tag: str = "") -> CustomerContact:
    """Give the customer a contact, the main one if it is their first of its kind. Others may hold it as well.

    Raises NotAnAddress or AlreadyHeld.
    """
    spelled = finding.spell(kind=kind, typed=typed, tag=tag)
    with transaction.atomic():
        lock_contacts_of(customer)
        contact = finding.lock_contact(kind=kind, value=spelled.value)
        extension = spelled.extension
        return hold(customer=customer, contact=contact, typed=typed, actor=actor, tag=tag, extension=extension)


def hold(
    *,
    customer: Customer,
    contact: Contact,
    typed: str,
    actor: Actor,
    tag: str = "",
    extension: str = "",
    claimed_at: datetime | None = None,
) -> CustomerContact:
    """Join a locked contact to a locked, or just created, customer. Raises AlreadyHeld."""
    if CustomerContact.objects.filter(customer=customer, contact=contact).exists():
        raise AlreadyHeld
    last = _kin(customer, contact.kind).aggregate(last=Max("position"))["last"]
    line = CustomerContact(
        typed=typed, tag=tag, extension=extension, position=0 if last is None else last + 1, is_primary=last is None
    )
    line.claimed_at = claimed_at
    return _join(line, customer, contact, actor, live=_pages_of(customer, contact))


def hold_in_place(
    *,
    customer: Customer,
    contact: Contact,
    typed: str,
    tag: str,
    extension: str,
    former: CustomerContact | None,
    actor: Actor,
) -> CustomerContact:
    """Join a locked contact to a locked customer in the place of one that was taken off, else after the others."""
    last = _kin(customer, contact.kind).aggregate(last=Max("position"))["last"]
    line = CustomerContact(typed=typed, tag=tag, extension=extension)
    line.position = former.position if former else (0 if last is None else last + 1)
    line.is_primary = former.is_primary if former else last is None
    return _join(line, customer, contact, actor, live=_pages_of(customer, contact))


def hold_first(
    *, customer: Customer, contact: Contact, typed: str, actor: Actor, extension: str, wrote_at: datetime | None
) -> CustomerContact:
    """Join a locked contact to a customer who was just created, which wakes who is told, and holds nothing yet."""
    line = CustomerContact(typed=typed, extension=extension, is_primary=True, last_wrote_at=wrote_at)
    return _join(line, customer, contact, actor, live=[customer.live_name], wakes=False)


def _join(
    line: CustomerContact,
    customer: Customer,
    contact: Contact,
    actor: Actor,
    *,
    live: Sequence[str],
    wakes: bool = True,
) -> CustomerContact:
    line.customer, line.contact, line.origin = customer, contact, actor.kind
    line.typed, line.extension = _one_line(line.typed)[:320], line.extension[:20]
    line.sign(actor)
    line.save(force_insert=True)
    record(
        CustomerEvent.CONTACT_ADDED,
        subject=line,
        actor=actor,
        data={"kind": contact.kind, "contact": contact.pk},
        customer_id=customer.pk,
        live=live,
        wakes=wakes,
    )
    return line


def remove_contact(*, line: CustomerContact, actor: Actor) -> None:
    """Take a contact off its customer; the next one of its kind becomes the main one.

    The address is free at once: whoever else holds it, or is given it, is found by it from now on.
    Raises NotHeld.
    """
    customer, contact = line.customer, line.contact
    with transaction.atomic():
        lock_contacts_of(customer)
        finding.lock_contact(kind=contact.kind, value=contact.value)
        held = CustomerContact.objects.filter(pk=line.pk).first()
        if held is None:
            raise NotHeld
        take_off(line=held, actor=actor)
        crown_heir(customer=customer, kind=contact.kind, actor=actor)


def take_off(*, line: CustomerContact, actor: Actor) -> None:
    """The same without an heir: customer and contact are locked, and the caller says which one is the main one."""
    record(
        CustomerEvent.CONTACT_REMOVED,
        subject=line,
        actor=actor,
        data={"kind": line.contact.kind, "contact": line.contact_id},
        customer_id=line.customer_id,
        live=_pages_of(line.customer, line.contact),
    )
    forget_likes(row=line, holder=line.customer)
    line.sign(actor)
    line.delete()


def make_primary(*, line: CustomerContact, actor: Actor) -> None:
    """Make a contact the main one of its kind."""
    with transaction.atomic():
        lock_contacts_of(line.customer)
        line = CustomerContact.objects.locked(line)
        if not line.is_primary:
            for former in _kin(line.customer, line.contact.kind).filter(is_primary=True):
                former.sign(actor)
                former.mark_primary(is_primary=False)
            line.sign(actor)
            line.mark_primary()
            _record_change(line, "primary", actor)


def describe_contact(*, line: CustomerContact, typed: str, tag: str, extension: str, actor: Actor) -> None:
    """Write the same address another way, with what it is for and its extension."""
    with transaction.atomic():
        line = CustomerContact.objects.locked(line)
        said = {"typed": _one_line(typed)[:320], "tag": tag[:20], "extension": _one_line(extension)[:20]}
        before = {name: getattr(line, name) for name in said}
        if before != said:
            line.sign(actor)
            line.mark_described(**said)
            only_tag = before | {"tag": said["tag"]} == said
            _record_change(line, "tagged" if only_tag else "rewritten", actor)


def verify_contact(*, line: CustomerContact, actor: Actor, at: datetime) -> None:
    """Note that the customer has proven the contact theirs, or that an agent knows it: from now on it matches."""
    with transaction.atomic():
        line = CustomerContact.objects.locked(line)
        if line.verified_at is None:
            line.sign(actor)
            line.mark_verified(at=at)
            _record_change(line, "verified", actor)


def mark_bounced(*, kind: str, value: str, at: datetime, actor: Actor = SYSTEM) -> None:
    """Mail to the address came back for good. One that nobody ever had is none of ours, and stays so."""
    known = finding.find_contact(kind=kind, typed=value)
    if known is None:
        return
    with transaction.atomic():
        contact = Contact.objects.locked(known)
        if not contact.is_bounced:
            contact.mark_bounced(at=at)
            _record_for_all(contact, "bounced", actor)


def mark_deliverable(*, contact: Contact, actor: Actor) -> None:
    """Take the bounced mark off."""
    with transaction.atomic():
        contact = Contact.objects.locked(contact)
        if contact.is_bounced:
            contact.mark_bounced(at=None)
            _record_for_all(contact, "deliverable", actor)


def mark_shared(*, contact: Contact, actor: Actor) -> None:
    """Several people write from it: from now on it identifies nobody (D15)."""
    with transaction.atomic():
        contact = Contact.objects.locked(contact)
        if not contact.is_shared:
            contact.mark_shared(is_shared=True)
            _record_for_all(contact, "shared", actor)


def mark_personal(*, contact: Contact, actor: Actor) -> None:
    """One person writes from it: it may identify again."""
    with transaction.atomic():
        contact = Contact.objects.locked(contact)
        if contact.is_shared:
            contact.mark_shared(is_shared=False)
            _record_for_all(contact, "personal", actor)


def crown_heir(*, customer: Customer, kind: str, actor: Actor) -> None:
    """Make the first of a kind the main one where none is."""
    heir = _kin(customer, kind).in_order().first()
    if heir and not heir.is_primary:
        heir.sign(actor)
        heir.mark_primary()


def lock_contacts_of(customer: Customer) -> None:
    """Until the transaction ends nobody else adds or takes off one of theirs."""
    Customer.objects.locked_unmerged(customer)


def _kin(customer: Customer, kind: str) -> CustomerContactQuerySet:
    return CustomerContact.objects.filter(customer=customer, contact__kind=kind)


def _pages_of(customer: Customer, contact: Contact) -> list[str]:
    """The customer's, and those of who else holds it: each says "also held by". Some of an office line's thousands."""
    others = CustomerContact.objects.filter(contact=contact).exclude(customer=customer).select_related("customer")
    return [customer.live_name, *(line.customer.live_name for line in others.order_by("pk")[:MOST_TOLD])]


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _record_change(line: CustomerContact, change: str, actor: Actor) -> None:
    record(
        CustomerEvent.CONTACT_CHANGED,
        subject=line,
        actor=actor,
        data={"kind": line.contact.kind, "contact": line.contact_id, "change": change},
        customer_id=line.customer_id,
        live=[line.customer.live_name],
    )


def _record_for_all(contact: Contact, change: str, actor: Actor) -> None:
    for line in CustomerContact.objects.of_contact(contact):
        _record_change(line, change, actor)
