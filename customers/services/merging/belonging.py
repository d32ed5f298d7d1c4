"""What belongs to a customer in this app, and how it stands beside what the survivor of a merge has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max

from core.database.among import Among
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
from customers.services.saving_addresses import LIKE

COMPARED = "found anew when profiles change"
# Not by ids that another question finds: of thousands of contacts the planner compares each with each.
BEHIND = """
UPDATE customers_customercontact line
SET position = line.position + %s, is_primary = line.is_primary AND NOT contact.kind = ANY(%s)
FROM customers_contact contact WHERE contact.id = line.contact_id AND line.customer_id = %s
"""
# Of each kind exactly one is the main one, as whoever takes one off sees to it: lines that say otherwise.
NOT_CROWNED = """
SELECT id, is_first FROM (
    SELECT line.id, line.is_primary, row_number() OVER (
        PARTITION BY line.customer_id, contact.kind ORDER BY line.is_primary DESC, line.position, line.id
    ) = 1 AS is_first
    FROM customers_customercontact line JOIN customers_contact contact ON contact.id = line.contact_id
    WHERE line.customer_id = ANY(%s)
) ranked WHERE is_primary <> is_first
"""
NOT_MAIN = """
SELECT id, is_first FROM (
    SELECT id, is_main, row_number() OVER (PARTITION BY customer_id ORDER BY is_main DESC, id) = 1 AS is_first
    FROM customers_customeraddress WHERE customer_id = ANY(%s)
) ranked WHERE is_main <> is_first
"""
CHOSEN = "one value is chosen, and written as people write it"


def _behind(survivor_id: int, other_id: int) -> None:
    """Contacts come behind the survivor's own, and are main ones only of a kind the survivor has none of."""
    own = CustomerContact.objects.filter(customer=survivor_id)
    last = own.aggregate(last=Max("position"))["last"]
    main = list(own.filter(is_primary=True).values_list("contact__kind", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, [0 if last is None else last + 1, main, other_id])


def _not_main(survivor_id: int, other_id: int) -> None:
    if CustomerAddress.objects.filter(customer=survivor_id, is_main=True).exists():
        CustomerAddress.objects.filter(customer=other_id).update(is_main=False)


def _crown(ids: Collection[int]) -> None:
    _set_right(CustomerContact, "is_primary", NOT_CROWNED, ids)
    # Verified since the merge: no claim comes back.
    proved = CustomerContact.objects.filter(customer__in=list(ids), verified_at__isnull=False)
    proved.filter(claimed_at__isnull=False).update(claimed_at=None)


def _choose_main(ids: Collection[int]) -> None:
    _set_right(CustomerAddress, "is_main", NOT_MAIN, ids)


def _set_right(model: Any, name: str, asked: str, ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(asked, [list(ids)])
        found = cursor.fetchall()
    for said in (False, True):
        if rows := [pk for pk, is_first in found if is_first is said]:
            model.objects.filter(Among("pk", rows)).update(**{name: said})


def _prove(mine: CustomerContact, theirs: CustomerContact) -> dict[str, datetime | None]:
    """What either has proved is proved, and a claim (B10) only what both only claim; whoever wrote last counts."""
    wrote = [one.last_wrote_at for one in (mine, theirs) if one.last_wrote_at]
    return {
        "verified_at": mine.verified_at or theirs.verified_at,
        "claimed_at": mine.claimed_at if theirs.is_claim else None,
        "last_wrote_at": max(wrote, default=None),
    }


MOVED = (
    Moved(
        "contacts",
        CustomerContact,
        once=("contact_id",),
        changed=("position", "is_primary"),
        fit=_behind,
        settle=_crown,
        blend=_prove,
    ),
    Moved(
        "addresses",
        CustomerAddress,
        once=LIKE,
        returned=True,
        changed=("is_main",),
        fit=_not_main,
        settle=_choose_main,
    ),
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
