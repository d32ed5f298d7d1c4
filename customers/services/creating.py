"""Create customers: by hand, and by whatever meets somebody new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from accounts.services.numbering import next_number
from core.text import clean_text
from customers.kinds import ContactKind, CustomerEvent, Subscription
from customers.models import Contact, Customer
from customers.services import contacting, finding, noting
from customers.services.subscribing import set_subscription
from customers.services.writing_fields import UTC, fill_defaults, write_typed
from customers.supposed_sex import suppose_sex
from events.services.recording import record


@dataclass(frozen=True)
class NewContact:
    """A contact as it was typed; `tag` is a phone's use or a handle's network. The last two are said of the address."""

    kind: ContactKind
    typed: str
    tag: str = ""
    extension: str = ""
    subscription: Subscription = Subscription.UNKNOWN
    is_shared: bool = False


def create_customer(
    *,
    actor: Actor,
    at: datetime,
    first_name: str = "",
    last_name: str = "",
    fallback_name: str = "",
    contacts: Sequence[NewContact] = (),
    note: str = "",
    typed: Mapping[str, str] | None = None,
    zone: ZoneInfo = UTC,
) -> Customer:
    """Create a customer with contacts and note. Without a name they go by `fallback_name`, else by the first contact.

    `typed` is what was typed into custom fields, by code, moments in `zone`. Raises NotAnAddress,
    contacting.AlreadyHeld when two of the contacts are the same, and NotFitting.
    """
    with transaction.atomic():
        locked = _lock_contacts(contacts)  # before the number: an arriving message locks in this order too
        fallback_name = fallback_name or (contacts[0].typed if contacts else "")
        customer = _insert(actor, first_name, last_name, fallback_name)
        for new, contact, extension in locked:
            contacting.hold(
                customer=customer, contact=contact, typed=new.typed, actor=actor, tag=new.tag, extension=extension
            )
            if new.subscription:
                set_subscription(contact=contact, state=new.subscription, actor=actor, at=at)
            if new.is_shared:
                contacting.mark_shared(contact=contact, actor=actor)
        if typed:
            write_typed(customer, typed=typed, zone=zone, actor=actor)
        if note:
            noting.save_note(customer=customer, text=note, based_on=0, actor=actor, at=at)
    return customer


def create_holder(
    *,
    contact: Contact,
    typed: str,
    extension: str,
    actor: Actor,
    first_name: str,
    last_name: str,
    wrote_at: datetime | None,
) -> Customer:
    """Create the customer of a contact that is locked and that nobody holds. Call inside a transaction.

    `wrote_at` is when they wrote from it, None when somebody writes to them.
    """
    customer = _insert(actor, first_name, last_name, typed)
    contacting.hold_first(
        customer=customer, contact=contact, typed=typed, actor=actor, extension=extension, wrote_at=wrote_at
    )
    return customer


def _insert(actor: Actor, first_name: str, last_name: str, fallback_name: str) -> Customer:
    customer = Customer(number=next_number("customer"), origin=actor.kind)
    customer.fallback_name = _one_line(fallback_name)[:254]
    first, last = _one_line(first_name), _one_line(last_name)
    customer.set_names(first=first, last=last, supposed_sex=suppose_sex(first=first, last=last))
    customer.sign(actor)
    customer.save(force_insert=True)
    fill_defaults(customer, actor=actor)
    record(
        CustomerEvent.CREATED,
        subject=customer,
        actor=actor,
        data={"origin": str(actor.kind)},
        customer_id=customer.pk,
    )
    return customer


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())


def _lock_contacts(contacts: Sequence[NewContact]) -> list[tuple[NewContact, Contact, str]]:
    """In the order given, but locked in the order of their values, so that two creations cannot wait for each other."""
    spelled = [(new, finding.spell(kind=new.kind, typed=new.typed, tag=new.tag)) for new in contacts]
    keys = sorted({(new.kind, spelling.value) for new, spelling in spelled})
    rows = {key: finding.lock_contact(kind=key[0], value=key[1]) for key in keys}
    return [(new, rows[new.kind, spelling.value], new.extension or spelling.extension) for new, spelling in spelled]
