"""Save what edit mode says of a customer as one: details, tags, photo, contacts, addresses, legal and custom fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.kinds import Actor
from customers.field_values import Value
from customers.models import Customer
from customers.services.describing import Contested, Details, describe_customer
from customers.services.portraying import Photo, PhotoContested, set_photo
from customers.services.saving_addresses import AddressEdits, AddressesContested, save_addresses
from customers.services.saving_contacts import ContactEdits, ContactsContested, save_contacts
from customers.services.saving_legal import Legal, LegalContested, save_legal
from customers.services.setting_fields import FieldsContested, NotFitting, set_fields
from customers.services.tagging_customer import TooManyTags, tag_customer


@dataclass(frozen=True)
class PhotoEdit:
    """The one that was chosen, None to take off what is shown; `based_on` is the key of what was shown."""

    photo: Photo | None
    based_on: str


@dataclass(frozen=True)
class Edited:
    """What was typed, and what stood there before: `typed` and `was` are custom fields by their codes.

    `photo` and `legal` are None where nobody touched them.
    """

    details: Details
    based_on: Details
    typed: Mapping[str, str]
    was: Mapping[str, Value]
    added_tags: Sequence[str] = ()
    removed_tags: Sequence[str] = ()
    photo: PhotoEdit | None = None
    contacts: ContactEdits = field(default_factory=ContactEdits)
    addresses: AddressEdits = field(default_factory=AddressEdits)
    legal: Legal | None = None
    legal_was: Legal | None = None


PROBLEMS = (
    Contested,
    FieldsContested,
    NotFitting,
    ContactsContested,
    TooManyTags,
    PhotoContested,
    AddressesContested,
    LegalContested,
)


class NotSaved(Exception):
    """Nothing was saved; `problems` are the exceptions of the parts, one of PROBLEMS each."""

    def __init__(self, problems: Sequence[Exception]) -> None:
        super().__init__("not saved")
        self.problems = tuple(problems)


class WasDeleted(Exception):
    """A colleague deleted the customer meanwhile. Nothing was saved."""


def save_profile(*, customer: Customer, edited: Edited, zone: ZoneInfo, actor: Actor, at: datetime) -> frozenset[str]:
    """All of it or nothing; returns the names and codes that changed. Raises NotSaved, WasDeleted."""
    problems: list[Exception] = []
    changed: frozenset[str] = frozenset()
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        if customer.is_deleted:
            raise WasDeleted
        for save in _parts(customer, edited, zone, actor, at):
            try:
                changed |= save()
            except PROBLEMS as problem:
                problems.append(problem)
        if problems:
            transaction.set_rollback(True)
    if problems:
        raise NotSaved(problems)
    return changed


def _parts(
    customer: Customer, edited: Edited, zone: ZoneInfo, actor: Actor, at: datetime
) -> Sequence[Callable[[], frozenset[str]]]:
    """Each part, to be saved in this order; one that is refused does not keep the others from telling what is wrong."""

    def describe() -> frozenset[str]:
        return describe_customer(customer=customer, details=edited.details, actor=actor, based_on=edited.based_on)

    def tag() -> frozenset[str]:
        added, removed = edited.added_tags, edited.removed_tags
        return frozenset({"tags"} if tag_customer(customer=customer, add=added, remove=removed, actor=actor) else ())

    def portray() -> frozenset[str]:
        wanted = edited.photo
        if wanted is None:
            return frozenset()
        was_set = set_photo(customer=customer, photo=wanted.photo, actor=actor, based_on=wanted.based_on)
        return frozenset({"photo"} if was_set else ())

    def contact() -> frozenset[str]:
        return save_contacts(customer=customer, edits=edited.contacts, actor=actor, at=at)

    def address() -> frozenset[str]:
        return save_addresses(customer=customer, edits=edited.addresses, actor=actor)

    def contract() -> frozenset[str]:
        """After the addresses: their country may be that of the numbers."""
        if edited.legal is None:
            return frozenset()
        return save_legal(customer=customer, legal=edited.legal, actor=actor, based_on=edited.legal_was)

    def fill() -> frozenset[str]:
        return set_fields(customer=customer, typed=edited.typed, zone=zone, actor=actor, based_on=edited.was)

    return (describe, tag, portray, contact, address, contract, fill)
