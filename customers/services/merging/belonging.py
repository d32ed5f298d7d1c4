"""What belongs to a customer in this app, and how it stands beside what the survivor of a merge has."""

from __future__ import annotations

from django.db.models import F, Max

from customers.belongings import Kept, Moved
from customers.models import (
    BlockingKey,
    ComparedFacts,
    CustomerAddress,
    CustomerContact,
    CustomerExport,
    CustomerFieldValue,
    CustomerNote,
    CustomerSource,
    CustomerTag,
    CustomerTotals,
    Dismissal,
    ImportRow,
    LegalDetails,
    Merge,
    Presence,
    Suggestion,
    TimelineNote,
)

COMPARED = "found anew when profiles change"
CHOSEN = "one value is chosen, and written as people write it"


def _behind(survivor_id: int, other_id: int) -> None:
    """Contacts come behind the survivor's own, and are main ones only of a kind the survivor has none of."""
    own = CustomerContact.objects.filter(customer=survivor_id)
    last = own.aggregate(last=Max("position"))["last"]
    rows = CustomerContact.objects.filter(customer=other_id)
    main = own.filter(is_primary=True).values("contact__kind")
    rows.filter(contact__kind__in=list(main.values_list("contact__kind", flat=True))).update(is_primary=False)
    if last is not None:
        rows.update(position=F("position") + last + 1)


def _not_main(survivor_id: int, other_id: int) -> None:
    if CustomerAddress.objects.filter(customer=survivor_id, is_main=True).exists():
        CustomerAddress.objects.filter(customer=other_id).update(is_main=False)


MOVED = (
    Moved("contacts", CustomerContact, once=("contact_id",), changed=("position", "is_primary"), fit=_behind),
    Moved("addresses", CustomerAddress, changed=("is_main",), fit=_not_main),
    Moved("tags", CustomerTag, once=("name_folded",)),
    Moved("timeline notes", TimelineNote),
)
KEPT = (
    Kept(CustomerFieldValue, "customer", CHOSEN),
    Kept(LegalDetails, "customer", CHOSEN),
    Kept(CustomerSource, "customer", CHOSEN),
    Kept(CustomerNote, "customer", f"{CHOSEN}; versions are read of both"),
    Kept(CustomerTotals, "customer", "counted anew from the orders"),
    Kept(Presence, "customer", "whoever was seen later counts"),
    Kept(ImportRow, "customer", "says whom an import made"),
    Kept(CustomerExport, "customer", "what was known of them then"),
    Kept(ComparedFacts, "customer", COMPARED),
    Kept(BlockingKey, "customer", COMPARED),
    Kept(Suggestion, "one", COMPARED),
    Kept(Suggestion, "other", COMPARED),
    Kept(Dismissal, "one", "was said of these two; read for both groups"),
    Kept(Dismissal, "other", "was said of these two; read for both groups"),
    Kept(Merge, "survivor", "is the merge itself"),
    Kept(Merge, "other", "is the merge itself"),
)
