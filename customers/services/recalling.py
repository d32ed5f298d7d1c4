"""What changed on a profile, newest first: who or what, when, from what to what (F81)."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import F

from customers.changes import (
    ADDRESS,
    CUSTOM,
    DETAILS,
    LEGAL,
    NOTE,
    SOURCE,
    SUBSCRIPTION,
    TAG,
    TIMELINE_NOTE,
    Change,
    Narrowing,
    read_cursor,
    tellers,
)
from customers.kinds import ContactKind, FieldTarget
from customers.models import (
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomerSource,
    CustomerTag,
    CustomField,
    LegalDetails,
    NoteVersion,
)
from customers.services import recounting_addresses, recounting_events, recounting_legal, recounting_rows
from customers.services.naming_merged import tell_origins
from customers.services.recounting_rows import Ask
from customers.services.wording_changes import author_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class History:
    """A page of changes, and the cursor of the next one, "" at the end."""

    changes: list[Change]
    cursor: str


@dataclass(frozen=True)
class Choices:
    """What a history can be narrowed by: fields by their codes under the headings of their groups; who wrote in it."""

    fields: Mapping[str, Mapping[str, str]]
    authors: Sequence[str]


def read_history(*, customer: Customer, narrowing: Narrowing, before: str = "", size: int = PAGE_SIZE) -> History:
    """One page, in at most 28 queries however long the history is. A cursor nobody gave out begins at the newest."""
    cut = read_cursor(before)
    # One more, to know whether there is more; of a row that was cut through, one that was shown comes again.
    ask = Ask(customer=customer, narrowing=narrowing, cut=cut, size=size + 2)
    newest = heapq.merge(
        *recounting_rows.streams(ask),
        *recounting_addresses.streams(ask),
        *recounting_legal.streams(ask),
        *recounting_events.streams(ask),
        key=lambda one: (one.at, one.place),
        reverse=True,
    )
    rest = (one for one in newest if cut is None or (one.at, one.place) < (cut.at, cut.place))
    found = list(islice(rest, size + 1))
    page = tell_origins(customer, found[:size])
    return History(changes=page, cursor=page[-1].cursor if len(found) > size else "")


def read_choices(*, customer: Customer) -> Choices:
    """In two queries. Custom fields that were switched off still have their past."""
    rows = CustomField.objects.of(FieldTarget.CUSTOMER).values_list("code", "name")
    custom = {f"{CUSTOM}{code}": name for code, name in rows}
    contacts = {str(kind): str(kind.label) for kind in ContactKind} | {SUBSCRIPTION: "Subscription"}
    notes = {NOTE: "Note", TIMELINE_NOTE: "Notes on the timeline"}
    stores = {teller.field: teller.label for teller in tellers().values()}
    groups = {
        "Main data": {**DETAILS, TAG: "Tags"},
        "Contacts": contacts | {ADDRESS: "Addresses"},
        "Legal details": LEGAL,
        "Custom fields": custom,
        "Notes": notes,
        "Links": stores,
        "Source": SOURCE,
    }
    return Choices({heading: fields for heading, fields in groups.items() if fields}, _authors(customer))


def _authors(customer: Customer) -> Sequence[str]:
    """Everybody by whom anything was written."""
    of_customer = (
        CustomerSource, CustomerContact, CustomerFieldValue, CustomerTag, CustomerAddress, LegalDetails
    )  # fmt: skip
    tables = [
        Customer.history.filter(id__in=customer.all_ids),
        *(model.history.filter(customer_id__in=customer.all_ids) for model in of_customer),
        recounting_events.told_events(customer, Narrowing()),
    ]
    names = [rows.order_by().values_list("actor_kind", "actor_name") for rows in tables]
    versions = NoteVersion.objects.filter(note__customer__in=customer.all_ids)
    names.append(versions.order_by().annotate(kind=F("author_kind"), by=F("author_name")).values_list("kind", "by"))
    return sorted({author_of(name, kind) for kind, name in names[0].union(*names[1:])}, key=str.casefold)
