"""Read a customer's e-mail addresses, phones and handles as the card and edit mode show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber

from accounts.kinds import ActorKind
from core.database.queries import Query
from customers import spelling
from customers.kinds import ContactKind, Subscription
from customers.models import Customer, CustomerContact
from customers.services.naming_merged import name_merged
from customers.telephony import Dialer, read_dialer

OTHERS_SHOWN = 20  # of those who also hold a contact


@dataclass(frozen=True)
class ContactLine:
    """One e-mail address, phone or handle. `value` is as it is read, `typed` as somebody wrote it, `address` as it is
    compared.
    """

    id: int
    customer_number: int
    kind: ContactKind
    value: str
    typed: str
    address: str
    tag: str  # as it is shown
    tag_code: str
    extension: str
    is_primary: bool
    is_verified: bool
    is_claim: bool
    bounced_at: datetime | None
    is_shared: bool
    is_valid: bool  # False for a phone number that cannot be one
    subscription: Subscription
    subscription_at: datetime | None
    subscription_by: str
    also_held_by: tuple[Customer, ...]
    call_url: str  # starts a call; "" where none can be made
    came_with: str = ""  # the profile with which it came when that was merged

    @property
    def is_bounced(self) -> bool:
        return self.bounced_at is not None

    @property
    def live_name(self) -> str:
        """What `dom_id` names its markup after."""
        return f"contact-{self.id}"


def _lines(customer: int) -> QuerySet[CustomerContact]:
    others = CustomerContact.objects.filter(contact=OuterRef("contact")).exclude(customer=OuterRef("customer"))
    lines = CustomerContact.objects.filter(customer=customer).select_related("contact")
    return lines.annotate(is_twice=Exists(others)).in_order()


_LINES = Query(_lines)


def read_lines(customer: Customer) -> list[CustomerContact]:
    """Every hold on a contact with the contact itself, main ones first (D7); each knows whether others hold it."""
    return _LINES.all(customer.pk)


def show_lines(customer: Customer, lines: Sequence[CustomerContact]) -> dict[str, tuple[ContactLine, ...]]:
    """The lines by their kinds, with who else holds each: one query, none where nobody does; one more where some came
    by a merge."""
    others = _read_others(lines)
    dialer, names = read_dialer(), name_merged(customer, (line.origin_customer_id for line in lines))
    shown: dict[str, list[ContactLine]] = {kind: [] for kind in ContactKind.values}
    for line in lines:
        known = _show(customer, line, tuple(others.get(line.contact_id, ())), dialer)
        came_with = names.get(line.origin_customer_id or 0, "")
        shown[line.contact.kind].append(replace(known, came_with=came_with) if came_with else known)
    return {kind: tuple(of_kind) for kind, of_kind in shown.items()}


def read_line(line: CustomerContact) -> ContactLine:
    """One of them alone, in one query."""
    return show_lines(line.customer, [line])[line.contact.kind][0]


def _read_others(lines: Sequence[CustomerContact]) -> dict[int, list[Customer]]:
    """Who else holds the contacts; a few of each, since an office line may have thousands."""
    # A line that was read alone does not know.
    twice = [line for line in lines if getattr(line, "is_twice", True)]
    if not twice:
        return {}
    rank = Window(RowNumber(), partition_by=F("contact"), order_by="pk")
    theirs = CustomerContact.objects.filter(contact__in=[line.contact_id for line in twice])
    theirs = theirs.exclude(customer=twice[0].customer_id).select_related("customer")
    others: dict[int, list[Customer]] = {}
    for line in theirs.annotate(rank=rank).filter(rank__lte=OTHERS_SHOWN).order_by("pk"):
        others.setdefault(line.contact_id, []).append(line.customer)
    return others


def _show(
    customer: Customer, line: CustomerContact, others: tuple[Customer, ...], dialer: Dialer | None
) -> ContactLine:
    contact = line.contact
    said_by = contact.subscription_origin
    return ContactLine(
        id=line.pk,
        customer_number=customer.number,
        kind=ContactKind(contact.kind),
        value=spelling.show(contact.kind, value=contact.value, typed=line.typed, extension=line.extension),
        typed=line.typed,
        address=contact.value,
        tag=spelling.show_tag(line.tag),
        tag_code=line.tag,
        extension=line.extension,
        is_primary=line.is_primary,
        is_verified=line.verified_at is not None,
        is_claim=line.is_claim,
        bounced_at=contact.bounced_at,
        is_shared=contact.is_shared,
        is_valid=spelling.is_valid(contact.kind, contact.value),
        subscription=Subscription(contact.subscription),
        subscription_at=contact.subscription_at,
        subscription_by=str(ActorKind(said_by).label) if said_by else "",
        also_held_by=others,
        call_url=dialer(contact.value) if dialer and spelling.can_be_called(contact.kind, contact.value) else "",
    )
