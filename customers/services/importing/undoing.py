"""Take an import back as a whole: whom it made is gone as if never there, whom it changed says what was said before.

Only while nothing else touched them: what a colleague, a store or a customer did since would be lost, or make no sense.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import ProtectedError

from accounts.kinds import SYSTEM, Actor, ActorKind
from accounts.models import Membership
from customers.kinds import ImportEvent
from customers.models import (
    Contact,
    Customer,
    CustomerAddress,
    CustomerContact,
    CustomerFieldValue,
    CustomerImport,
    ImportRow,
)
from customers.models.customer_import import ImportState, RowOutcome
from customers.services import contacting, describing, setting_fields
from customers.services.importing.updating import Before, refer, write_note
from customers.services.importing.working import plan_stretch
from events.models import Event
from events.services.announcing import announce
from events.services.recording import record
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

UNDOING = JobKind("customer_import_undoing", "Undoing the import")
STEP = 200  # rows a transaction
LOOKED_AT = 5_000  # customers asked for at once
NAMED = 10  # of those who were touched
DONE = (RowOutcome.CREATED, RowOutcome.UPDATED)


class NotUndoable(Exception):
    """It runs, did nothing, was undone already, or is being undone."""


class Touched(Exception):
    """Something else happened to these customers since, by their numbers; some of them."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(", ".join(map(str, numbers)))
        self.numbers = list(numbers)


def can_be_undone(taken: CustomerImport) -> bool:
    """Whether there is something to undo; what was touched is looked up only when somebody wants to."""
    is_at_work = taken.job is not None and not taken.job.is_finished
    is_being_undone = taken.undoing is not None and not taken.undoing.is_finished
    has_ended = taken.state in (ImportState.DONE, ImportState.FAILED)
    return has_ended and not is_at_work and not is_being_undone and bool(taken.created or taken.updated)


def plan_undoing(*, taken: CustomerImport, agent: Membership) -> Job:
    """Have a worker take it back. Raises NotUndoable, Touched."""
    with transaction.atomic():
        taken = CustomerImport.objects.select_related("job", "undoing").locked(taken)
        if not can_be_undone(taken):
            raise NotUndoable
        if touched := _touched(taken):
            raise Touched(touched)
        total = ImportRow.objects.filter(customer_import=taken, outcome__in=DONE).count()
        taken.undoing = running.start_job(kind=UNDOING, started_by=agent, total=total)
        taken.save(update_fields=["undoing"])
        record(ImportEvent.UNDOING, subject=taken, actor=agent.as_actor(), data={"number": taken.number})
        return plan_stretch(taken.undoing)


def work_undoing(*, job_id: int, at: datetime, cause: Event, seconds: float) -> None:
    """As working.work_import, backwards."""
    with transaction.atomic():
        job = Job.objects.filter(pk=job_id, kind=UNDOING.name).unfinished().first()
    if job is None:
        return
    until = time.monotonic() + seconds
    try:
        for step in undo_through(job=job, at=at):
            if time.monotonic() > until and not step.is_finished:
                with transaction.atomic():
                    plan_stretch(step, cause)
                return
    except running.Overtaken:
        log.info("import.undoing_overtaken", job=job_id)


def undo_through(*, job: Job, at: datetime) -> Generator[Job]:
    """The last row first; yields the job after each step, the last time when it ended. Raises running.Overtaken."""
    with transaction.atomic():
        taken = CustomerImport.objects.select_related("started_by__user", "job").get(undoing=job)
        actor = _actor(taken, job)
        zone = ZoneInfo(taken.started_by.time_zone if taken.started_by else "UTC")
    while not job.is_finished:
        with transaction.atomic():
            before = job.cursor.get("before")
            done = ImportRow.objects.filter(customer_import=taken, outcome__in=DONE)
            rows = list((done.filter(line__lt=before) if before else done).order_by("-line")[:STEP])
            place = {"before": rows[-1].line if rows else 0, "left": job.cursor.get("left", 0)}
            job = running.advance(job=job, cursor=place, done=job.done + len(rows))
            left = _undo(taken, rows, actor, zone, at)
            if left:
                job.cursor = {**place, "left": place["left"] + left}
                job.save(update_fields=["cursor"])
            if len(rows) < STEP:
                job = _end(job, taken, at)
        yield job


def fail_undoing(*, job_id: int, reason: str, at: datetime) -> None:
    """The work was given up; it may be asked for again. Call inside a transaction."""
    if job := Job.objects.filter(pk=job_id, kind=UNDOING.name).unfinished().first():
        running.fail(job=job, reason=f"Stopped: {reason}"[:300], at=at)


def _touched(taken: CustomerImport) -> list[int]:
    """Numbers of customers of whom events tell that are not the import's own; some of them."""
    ids = ImportRow.objects.filter(customer_import=taken, outcome__in=DONE).order_by("line")
    found: list[int] = []
    chunk: list[int] = []
    for pk in ids.exclude(customer=None).values_list("customer_id", flat=True).iterator(LOOKED_AT):
        chunk.append(pk)
        if len(chunk) == LOOKED_AT:
            found += _others(taken, chunk)
            chunk = []
        if len(found) >= NAMED:
            break
    found += _others(taken, chunk)
    numbers = Customer.objects.filter(pk__in=found[:NAMED]).values_list("number", flat=True)
    return sorted(numbers)


def _others(taken: CustomerImport, ids: Sequence[int]) -> list[int]:
    begun = datetime.fromisoformat(taken.job.cursor["begun"]) if taken.job else taken.created_at
    events = Event.objects.filter(customer_id__in=ids, created_at__gte=begun)
    others = events.exclude(actor_kind=ActorKind.IMPORT, actor_id=taken.pk)
    found = others.values_list("customer_id", flat=True)[: NAMED * 10]
    return sorted({customer_id for customer_id in found if customer_id is not None})


def _actor(taken: CustomerImport, job: Job) -> Actor:
    by = f" by {job.started_by.name}" if job.started_by else ""
    return Actor(ActorKind.IMPORT, taken.pk, f"Import {taken.number} undone{by}")


def _undo(taken: CustomerImport, rows: Sequence[ImportRow], actor: Actor, zone: ZoneInfo, at: datetime) -> int:
    """Take some rows back; returns how many were left because something touched them meanwhile."""
    ids = [row.customer_id for row in rows if row.customer_id]
    locked = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    customers = {one.pk: one for one in locked}
    touched = set(_others(taken, ids))
    left = 0
    made: list[int] = []
    for row in rows:
        customer = customers.get(row.customer_id or 0)
        if customer is None or customer.pk in touched:
            left += 1
        elif row.outcome == RowOutcome.CREATED:
            made.append(customer.pk)
        elif row.cells is not None:
            _put_back(customer, Before(**row.cells), actor, zone, at)
    return left + _unmake(made)


def _unmake(ids: Sequence[int]) -> int:
    """Customers, their history and the addresses nobody else holds; returns how many could not be taken away."""
    if not ids:
        return 0
    contacts = list(CustomerContact.objects.filter(customer__in=ids).values_list("contact_id", flat=True))
    try:
        with transaction.atomic():
            Customer.objects.filter(pk__in=ids).delete()
    except ProtectedError:
        if len(ids) == 1:
            return 1
        return sum(_unmake([one]) for one in ids)
    Customer.history.filter(id__in=ids).delete()
    for model in (CustomerContact, CustomerFieldValue, CustomerAddress):
        model.history.filter(customer_id__in=ids).delete()
    free = Contact.objects.filter(pk__in=contacts, holders=None, bounced_at=None, is_shared=False, subscription="")
    free.delete()
    return 0


def _put_back(customer: Customer, before: Before, actor: Actor, zone: ZoneInfo, at: datetime) -> None:
    """What was said before; each part by the service that writes it for people too."""
    if before.details:
        details: dict[str, Any] = dict(before.details)
        if day := details.get("birthday"):
            details["birthday"] = date.fromisoformat(day)
        said = describing.read_details(customer)
        describing.describe_customer(customer=customer, details=replace(said, **details), actor=actor)
    if before.reference is not None:
        refer(customer=customer, reference=before.reference, actor=actor)
    for line in CustomerContact.objects.filter(pk__in=before.contacts).select_related("contact", "customer"):
        contacting.remove_contact(line=line, actor=actor)
    if before.typed:
        setting_fields.set_fields(customer=customer, typed=before.typed, zone=zone, actor=actor)
    if before.address is not None:
        _replace(before, actor)
    if before.note is not None:
        write_note(customer=customer, text=before.note, actor=actor, at=at)


def _replace(before: Before, actor: Actor) -> None:
    address = CustomerAddress.objects.filter(pk=before.address or 0).first()
    if address is None:
        return
    address.sign(actor)
    if before.place is None:
        address.delete()
        return
    for name, text in before.place.items():
        setattr(address, name, text)
    address.save()


def _end(job: Job, taken: CustomerImport, at: datetime) -> Job:
    left = job.cursor.get("left", 0)
    CustomerImport.objects.filter(pk=taken.pk).update(state=ImportState.UNDONE)
    actor = job.started_by.as_actor() if job.started_by else SYSTEM
    data = {"number": taken.number, "undone": job.done - left, "left": left}
    record(ImportEvent.UNDONE, subject=taken, actor=actor, data=data)
    announce("customers")
    undone = job.done - left
    summary = f"{undone:,} row{'' if undone == 1 else 's'} undone"
    if left:
        summary += f", {left:,} left because something else touched them"
    return running.finish(job=job, summary=summary, at=at, report={"left": left})
