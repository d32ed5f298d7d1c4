"""Erase a customer: what is known of the person goes everywhere, for good; their tickets stay, without words."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F, ProtectedError, Q, Value
from django.db.models.functions import Coalesce

from accounts.kinds import Actor, ActorKind
from customers.kinds import CustomerEvent
from customers.knowledge import Held, Person, all_enclosed, all_held, all_searches, mentions
from customers.models import Customer, CustomerExport
from customers.services import deleting
from customers.services.exporting import drop_file
from customers.services.knowing import read_person
from customers.services.striking import strike_everywhere
from events.models import Event
from events.services.recording import record
from events.services.shredding import shred_events
from files.models import StoredFile
from files.services import storing
from jobs.models import Job
from jobs.models.job import JobState
from jobs.services import running

log = structlog.get_logger(__name__)

STOPPED = "Stopped: a customer was erased meanwhile. Start the export again."


class AlreadyErased(Exception):
    """There is nothing left to erase."""


def plan_erasure(*, customer: Customer, actor: Actor, at: datetime) -> Customer:
    """Take the customer out of lists and searches at once, and plan the rest for a worker. Raises AlreadyErased."""
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        if customer.erased_at is not None:
            raise AlreadyErased
        if not customer.is_deleted:
            customer = deleting.delete_customer(customer=customer, actor=actor, at=at)
        record(CustomerEvent.ERASURE_PLANNED, subject=customer, actor=actor, customer_id=customer.pk, at=at)
    return customer


def erase_customer(*, customer_id: int, at: datetime, cause: Event) -> None:
    """Erase everything apps have declared of the customer, in one transaction after what has to be searched for.
    Raises Retryable while something runs that could bring them back.

    Begun anew after a crash it finds what is left; done twice it changes nothing.
    """
    with transaction.atomic():
        customer = Customer.objects.filter(pk=customer_id).first()
        if customer is None or customer.erased_at is not None:
            return
        person = read_person(customer=customer)
    for search in all_searches():
        search(person)
    strike_everywhere(person=person)
    with transaction.atomic():
        customer = Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
        if customer.erased_at is not None:
            return
        _erase(Person(customer, person.addresses, person.names), at)
        # Those that were merged into it, too: nothing is left of them that could stand by itself again.
        erased = Customer.objects.filter(pk__in=customer.all_ids)
        erased.update(erased_at=at, deleted_at=Coalesce(F("deleted_at"), Value(at)))
        record(
            CustomerEvent.ERASED,
            subject=customer,
            actor=_actor_of(cause),
            customer_id=customer_id,
            cause=cause,
            at=at,
            live=(customer.live_name, customer.dealings_name, "customers", "inbox"),
        )


def fail_erasure(*, customer_id: int, reason: str, cause: Event) -> None:
    """It was given up: the audit says so, and the customer stays deleted. Call inside a transaction."""
    if customer := Customer.objects.filter(pk=customer_id).first():
        record(
            CustomerEvent.ERASURE_FAILED,
            subject=customer,
            actor=_actor_of(cause),
            customer_id=customer_id,
            data={"reason": reason[:300]},
            cause=cause,
        )


def _actor_of(cause: Event) -> Actor:
    return Actor(ActorKind(cause.actor_kind), cause.actor_id, cause.actor_name)


def _erase(person: Person, at: datetime) -> None:
    files = {pk for one in all_enclosed() for pk in one.files(person).values_list("pk", flat=True)}
    shred_events(customer_ids=person.ids, addresses=person.addresses)
    _drop_exports(person, at)
    _forget_befores(person.ids)
    for enclosed in all_enclosed():
        if enclosed.let_go:
            enclosed.let_go(person)
    for held in all_held():
        if held.is_erased:
            _erase_rows(held, person)
    _destroy(files)


def _erase_rows(held: Held, person: Person) -> None:
    rows = held.rows(person)
    # Of the rows as they are now: what is written may be what they were found by.
    ids = list(rows.values_list("pk", flat=True))
    found = held.model._default_manager.filter(pk__in=ids)
    if held.blank is None:
        found.delete()
    else:
        found.update(**held.blank)


def _drop_exports(person: Person, at: datetime) -> None:
    """Every file of a list may hold them, and so may those that are being written."""
    for export in CustomerExport.objects.filter(Q(customer__in=person.ids) | Q(customer=None), file__isnull=False):
        drop_file(export=export)
    waiting = CustomerExport.objects.filter(job__state__in=(JobState.QUEUED, JobState.RUNNING)).select_related("job")
    for export in waiting:
        if export.job is not None:
            running.fail(job=export.job, reason=STOPPED, at=at)
    for export in CustomerExport.objects.exclude(query=""):
        if mentions(export.query, person):
            export.query = ""
            export.save(update_fields=["query"])


def _forget_befores(customer_ids: Collection[int]) -> None:
    """What undoing a batch would have put back."""
    for job in Job.objects.filter(kind="customer_batch").iterator(chunk_size=20):
        befores = job.report.get("befores", ())
        kept = [one for one in befores if one[0] not in customer_ids]
        if len(kept) != len(befores):
            Job.objects.filter(pk=job.pk).update(report={**job.report, "befores": kept})


def _destroy(files: Collection[int]) -> None:
    """Those that something else points to are not theirs alone, and stay."""
    for stored in StoredFile.objects.filter(pk__in=files):
        try:
            with transaction.atomic():
                storing.destroy(stored)
        except ProtectedError:
            log.info("erasing.file_kept", file=stored.pk)
