"""What this app knows of a customer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.tenancy import active_tenant_id
from core.retry import Retryable
from core.text import fold
from customers.knowledge import Enclosed, Held, Person, Rows, Texts, mentions
from customers.models import (
    BlockingKey,
    ComparedFacts,
    Contact,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerExport,
    CustomerFieldValue,
    CustomerImport,
    CustomerNote,
    CustomerSource,
    CustomerTag,
    CustomerTotals,
    Dismissal,
    ImportRow,
    LegalDetails,
    Merge,
    NoteDraft,
    NoteVersion,
    Presence,
    Suggestion,
    TimelineNote,
)
from customers.models.customer_import import ImportState
from customers.services.forgetting import find_parted
from customers.services.striking import find_rows
from events.models import Event, Reaction
from files.models import StoredFile
from files.services import storing
from jobs.models import Job
from jobs.models.job import JobState

ERASED = "Erased customer"
UNFINISHED = (ImportState.UPLOADED, ImportState.RUNNING)

EMPTIED: dict[str, Any] = {"cells": None, "problem": "", "beginning": ""}  # of a row of an import

# What is left of the row that tickets point to.
BLANK: dict[str, Any] = {
    **dict.fromkeys(("first_name", "middle_name", "last_name", "language", "preferred_channel", "time_zone"), ""),
    **dict.fromkeys(("location", "sex", "supposed_sex", "discount_card", "reference"), ""),
    **dict.fromkeys(("photo", "birthday", "manager", "store_number", "personal_discount", "cumulative_discount")),
    "is_vip": False,
    "is_bad": False,
    "fallback_name": ERASED,
    "name_folded": ERASED.lower(),
}


def read_person(*, customer: Customer) -> Person:
    """Who it is, with every address they hold or held, also those that were taken away since.

    Not those that somebody else holds: what is said of them is said of others too.
    """
    group = customer.all_ids
    held = CustomerContact.objects.filter(customer__in=group).values_list("contact_id", "typed")
    before = CustomerContact.history.filter(customer_id__in=group).values_list("contact_id", "typed")
    lines = {*held, *before}
    ids = {contact for contact, _ in lines}
    others = CustomerContact.objects.exclude(customer__in=group).filter(contact__in=ids)
    own = ids - set(others.values_list("contact_id", flat=True))
    values = Contact.objects.filter(pk__in=own).values_list("value", flat=True)
    addresses = {*values, *(typed for contact, typed in lines if contact in own)} - {""}
    return Person(customer, frozenset(addresses), frozenset(_names(customer)))


def _names(customer: Customer) -> set[str]:
    """Folded, of two words or more."""
    parts_of = ("first_name", "middle_name", "last_name")
    group = customer.all_ids
    rows = Customer.history.filter(id__in=group).values_list(*parts_of).distinct()
    held = {*Customer.objects.filter(pk__in=group).values_list(*parts_of), *rows}
    names = {fold(" ".join(parts)) for first, middle, last in held for parts in ((first, last), (first, middle, last))}
    names = {name for name in names if " " in name}
    others = Customer.objects.filter(name_folded__in=names).exclude(pk__in=group)
    return names - set(others.values_list("name_folded", flat=True))


def emails_of(person: Person) -> frozenset[str]:
    """Of their addresses those a mail can go to."""
    return frozenset(one for one in person.addresses if "@" in one)


def _own(model: Any) -> Rows:
    return lambda person: model.objects.filter(customer__in=person.ids)


def _past(model: Any) -> Rows:
    return lambda person: model.history.filter(customer_id__in=person.ids)


def _contacts_of_nobody_else(person: Person) -> QuerySet[Any, Any]:
    """Addresses that others hold too are theirs as well, and stay."""
    before = CustomerContact.history.filter(customer_id__in=person.ids).values_list("contact_id", flat=True)
    lines = CustomerContact.objects.filter(customer__in=person.ids).values_list("contact_id", flat=True)
    others = CustomerContact.objects.exclude(customer__in=person.ids).values("contact_id")
    return Contact.objects.filter(pk__in={*before, *lines}).exclude(pk__in=others)


def _photos(person: Person) -> QuerySet[StoredFile, StoredFile]:
    before = Customer.history.filter(id__in=person.ids).values_list("photo_id", flat=True)
    now = Customer.objects.filter(pk__in=person.ids).values_list("photo_id", flat=True)
    files = {one for one in (*before, *now) if one}
    return StoredFile.objects.filter(pk__in=files - _photos_of_others(person, files))


def _photos_of_others(person: Person, files: Collection[int]) -> set[int]:
    """Which of these they only had as long as they were merged with somebody, who had them before."""
    apart = find_parted(person)
    rows = Customer.history.filter(id__in=[*person.ids, *apart], photo_id__in=files) if apart and files else ()
    first: dict[int, int] = {}
    for row in sorted(rows, key=lambda one: one.history_id):
        first.setdefault(row.photo_id, row.id)
    return {file for file, owner in first.items() if owner not in person.ids}


def _of_note(model: Any) -> Rows:
    return lambda person: model.objects.filter(note__customer__in=person.ids)


def _of_pair(model: Any) -> Rows:
    return lambda person: model.objects.filter(Q(one__in=person.ids) | Q(other__in=person.ids))


def _merges(person: Person) -> QuerySet[Any, Any]:
    return Merge.objects.filter(Q(survivor__in=person.ids) | Q(other__in=person.ids))


def _told_contacts(person: Person) -> QuerySet[Any, Any]:
    return Contact.objects.filter(holders__customer__in=person.ids).distinct()


def _events(person: Person) -> QuerySet[Any, Any]:
    return Event.objects.for_customers(person.ids)


def _acts(person: Person) -> QuerySet[Any, Any]:
    """What they did themselves, on whosever ticket."""
    return Event.objects.filter(actor_kind="customer").filter(
        Q(actor_id__in=person.ids) | Q(customer_id__in=person.ids, actor_id=None)
    )


def search(person: Person) -> None:
    """Imports: rows that were refused, or only tried, belong to nobody; the file of one that has ended is not needed.

    Raises Retryable while one is running that would bring them back.
    """
    with transaction.atomic():
        for begun in CustomerImport.objects.filter(state__in=UNFINISHED, file__isnull=False).select_related("file"):
            if begun.file and _is_in_file(begun.file, person):
                _end_import(begun)
        for ended in CustomerImport.objects.exclude(state__in=UNFINISHED).filter(file__isnull=False):
            file, ended.file = ended.file, None
            ended.save(update_fields=["file"])
            storing.destroy(file)
        _forget_failures(person)
    for ids in find_rows(Texts(ImportRow, ("cells", "problem", "beginning"), _of_nobody), person):
        _forget_rows(ids, person)


def _forget_failures(person: Person) -> None:
    """Of work on what they did, or what was done with them: a failure may say what with."""
    failed = list(_failures().values_list("event_id", flat=True))
    theirs = _events(person).filter(pk__in=failed).values_list("pk", flat=True)
    _failures().filter(event_id__in=list(theirs)).update(last_error="")


def _end_import(begun: CustomerImport) -> None:
    """One that nobody has started never will be."""
    if begun.state == ImportState.RUNNING:
        raise Retryable(f"Import {begun.number} is running, and its file names the customer.")
    begun.state = ImportState.FAILED
    begun.save(update_fields=["state"])


def _is_in_file(stored: StoredFile, person: Person) -> bool:
    try:
        with storing.open_file(stored) as file:
            # In whatever encoding: what is looked for is ASCII, and of UTF-16 every second byte is empty.
            return any(mentions(line.decode(errors="replace").replace("\0", ""), person) for line in file)
    except FileNotFoundError:
        return False  # what is lost says nothing


def _of_nobody() -> QuerySet[Any, Any]:
    return ImportRow.objects.filter(customer=None)


def _forget_rows(ids: Collection[int], person: Person) -> None:
    with transaction.atomic():
        rows = ImportRow.objects.filter(pk__in=ids)
        theirs = [row.pk for row in rows if mentions(f"{row.cells} {row.problem} {row.beginning}", person)]
        ImportRow.objects.filter(pk__in=theirs).update(**EMPTIED)


HELD = (
    Held("addresses they are reached by", Contact, _told_contacts, is_erased=False),
    Held("contacts", CustomerContact, _own(CustomerContact)),
    Held("unheld addresses", Contact, _contacts_of_nobody_else, is_told=False),
    Held("addresses", CustomerAddress, _own(CustomerAddress)),
    Held("legal details", LegalDetails, _own(LegalDetails)),
    Held("custom fields", CustomerFieldValue, _own(CustomerFieldValue)),
    Held("tags", CustomerTag, _own(CustomerTag)),
    Held("source", CustomerSource, _own(CustomerSource)),
    Held("presence", Presence, _own(Presence)),
    Held("totals", CustomerTotals, _own(CustomerTotals)),
    Held("note, unsettled", NoteDraft, _of_note(NoteDraft)),
    Held("note, versions", NoteVersion, _of_note(NoteVersion)),
    Held("note", CustomerNote, _own(CustomerNote)),
    Held("timeline notes", TimelineNote, _own(TimelineNote)),
    Held("facts as compared", ComparedFacts, _own(ComparedFacts), is_told=False),
    Held("keys of comparing", BlockingKey, _own(BlockingKey), is_told=False),
    Held("suggested merges", Suggestion, _of_pair(Suggestion)),
    Held("dismissed suggestions", Dismissal, _of_pair(Dismissal)),
    Held("merges", Merge, _merges, {"values": {}, "images": {}, "aside": {}}),
    Held("imported rows", ImportRow, _own(ImportRow), EMPTIED),
    Held("exports", CustomerExport, _own(CustomerExport), is_erased=False),
    Held("events", Event, _events, is_erased=False),
    Held("acts", Event, _acts, {"actor_name": ERASED}, is_told=False),
    Held("customer", Customer, lambda person: Customer.objects.filter(pk__in=person.ids), BLANK),
    # Last: what is deleted above leaves its last trace there.
    Held("contacts, history", CustomerContact.history.model, _past(CustomerContact)),
    Held("addresses, history", CustomerAddress.history.model, _past(CustomerAddress)),
    Held("legal details, history", LegalDetails.history.model, _past(LegalDetails)),
    Held("custom fields, history", CustomerFieldValue.history.model, _past(CustomerFieldValue)),
    Held("tags, history", CustomerTag.history.model, _past(CustomerTag)),
    Held("source, history", CustomerSource.history.model, _past(CustomerSource)),
    Held("customer, history", Customer.history.model, lambda person: Customer.history.filter(id__in=person.ids)),
)
ENCLOSED = (Enclosed("photos", _photos),)


def _ended_jobs() -> QuerySet[Any, Any]:
    """One that still works goes by what stands in its row."""
    return Job.objects.filter(state__in=(JobState.DONE, JobState.FAILED))


def _failures() -> QuerySet[Any, Any]:
    return Reaction.objects.filter(tenant_id=active_tenant_id()).exclude(last_error="")


def _remarked() -> QuerySet[Any, Any]:
    """Of anybody: a row may have gone to the survivor of a merge that was taken back since."""
    return ImportRow.objects.all().remarked()


TEXTS = (
    *(Texts(model, ("text",)) for model in (CustomerNote, NoteVersion, NoteDraft)),
    Texts(TimelineNote, ("html", "text")),
    Texts(CustomerFieldValue, ("text", "key")),
    Texts(CustomerFieldValue.history.model, ("text",)),
    Texts(Customer, ("fallback_name", "name_folded")),
    Texts(Customer.history.model, ("fallback_name",)),
    *(
        Texts(model, ("text", "name", "company", "courier_notes"))
        for model in (CustomerAddress, CustomerAddress.history.model)
    ),
    Texts(CustomerImport, ("name",)),
    Texts(ImportRow, ("problem", "beginning"), _remarked),
    Texts(StoredFile, ("name",)),
    Texts(Event, ("data", "actor_name")),
    Texts(Reaction, ("last_error",), _failures),
    Texts(Job, ("report", "cursor"), _ended_jobs),
)
