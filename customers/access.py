"""The only way a view gets a customer or a part of one: 404 for absent and foreign alike."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404

from accounts.http import AgentRequest
from customers.kinds import FieldTarget
from customers.models import (
    Customer,
    CustomerContact,
    CustomerExport,
    CustomerImport,
    CustomField,
    Merge,
    NoteDraft,
    TimelineNote,
)
from customers.services.merging.locking import top_of
from customers.tabs import Tab, find_tab
from files.models import StoredFile

R = TypeVar("R")

# The largest number PostgreSQL's bigint holds; a longer one in a URL is a customer nobody is.
MOST = 2**63 - 1
MOST_SMALL = 2**31 - 1  # of its integer


class WasMerged(Http404):
    """The profile went into another, the survivor: `customers.middleware` leads there. Elsewhere it is a 404."""

    def __init__(self, customer: Customer, survivor: Customer) -> None:
        super().__init__("merged")
        self.customer, self.survivor = customer, survivor


def get_customer(request: AgentRequest, number: int) -> Customer:
    """Customers are visible to the whole workspace (D28). Raises WasMerged, and Http404, also for a change of one who
    was erased: a page that was open since before must not write what it knew.
    """
    customer = find_customer(number)
    if customer.is_erased and request.method == "POST":
        raise Http404
    return customer


def follow_customer(request: AgentRequest, number: int) -> Customer:
    """The same, of a merged profile the survivor: for what is right with them whichever was meant. Raises Http404."""
    try:
        return get_customer(request, number)
    except WasMerged as merged:
        return get_customer(request, merged.survivor.number)


def find_customer(number: int) -> Customer:
    """Also of one who was erased, for what says so. Raises Http404, WasMerged."""
    customer = find_any(number)
    if customer.is_merged:
        raise WasMerged(customer, top_of(customer))
    return customer


def find_any(number: int) -> Customer:
    """Also of one who was merged into another. Raises Http404."""
    customers: QuerySet[Customer, Customer] = Customer.objects.filter(number=number)
    return _only(customers[:1] if number <= MOST else ())


def get_merge(request: AgentRequest, number: int, other_number: int) -> Merge:
    """The last one by which the other went into the profile of this number, undone or not. Raises Http404."""
    merges: QuerySet[Merge, Merge] = Merge.objects.filter(
        survivor__number=min(number, MOST), other__number=min(other_number, MOST)
    )
    return _only(merges.select_related("survivor", "other").order_by("-number")[:1])


def get_draft(request: AgentRequest, number: int, draft_id: int) -> NoteDraft:
    """A draft of the customer's note, settled or not. Raises Http404."""
    customer = get_customer(request, number)
    drafts: QuerySet[NoteDraft, NoteDraft] = NoteDraft.objects.filter(pk=min(draft_id, MOST), note__customer=customer)
    return _only(drafts.select_related("note__customer"))


def get_timeline_note(request: AgentRequest, number: int, note_number: int) -> TimelineNote:
    """A note on the customer's timeline, deleted or not. Raises Http404."""
    customer = get_customer(request, number)
    notes: QuerySet[TimelineNote, TimelineNote] = TimelineNote.objects.filter(
        number=min(note_number, MOST), customer=customer
    )
    return _only(notes.select_related("customer"))


def get_tab(code: str) -> Tab:
    """A tab of "Earlier". Raises Http404."""
    try:
        return find_tab(code)
    except KeyError as error:
        raise Http404 from error


def get_contact(request: AgentRequest, number: int, contact_id: int) -> CustomerContact:
    """One line of the customer's contacts. Raises Http404."""
    customer = get_customer(request, number)
    lines: QuerySet[CustomerContact, CustomerContact] = CustomerContact.objects.filter(
        pk=min(contact_id, MOST), customer=customer
    )
    return _only(lines.select_related("customer", "contact"))


def custom_fields(target: FieldTarget) -> QuerySet[CustomField, CustomField]:
    """Those of customers, orders or tickets, in their order, the ones switched off too."""
    fields: QuerySet[CustomField, CustomField] = CustomField.objects.of(target)
    return fields


def get_custom_field(request: AgentRequest, field_number: int) -> CustomField:
    """A field of whatever has fields, with its options. Raises Http404."""
    fields: QuerySet[CustomField, CustomField] = CustomField.objects.filter(number=min(field_number, MOST_SMALL))
    return _only(fields.prefetch_related("options")[:1])


def get_import(request: AgentRequest, import_number: int) -> CustomerImport:
    """An import, with its job and file. Raises Http404."""
    imports: QuerySet[CustomerImport, CustomerImport] = CustomerImport.objects.filter(number=min(import_number, MOST))
    return _only(imports.select_related("job", "undoing", "file", "started_by__user"))


def get_export(request: AgentRequest, export_number: int) -> CustomerExport:
    """What was exported, with its job and file. Raises Http404."""
    exports: QuerySet[CustomerExport, CustomerExport] = CustomerExport.objects.filter(number=min(export_number, MOST))
    return _only(exports.select_related("job", "file", "customer", "started_by__user"))


def get_export_file(request: AgentRequest, export_number: int, *, at: datetime) -> StoredFile:
    """The file of an export. Raises Http404 also before it is written and when its time is over."""
    export = get_export(request, export_number)
    return _only([export.file] if export.file and at < export.expires_at else [])


def _only(found: Iterable[R]) -> R:
    for row in found:
        return row
    raise Http404
