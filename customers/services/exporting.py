"""Export customers: a file that a worker writes, that is kept for a week and then goes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, NamedTuple, Protocol

import structlog
from django.db import transaction

from accounts.kinds import SYSTEM, Actor
from accounts.models import Membership
from accounts.services.numbering import next_number
from core.tables.writing import Cell, write_rows
from customers.kinds import CustomerEvent
from customers.models import CustomerExport
from customers.models.customer_export import ExportKind
from customers.rules import can_export
from events.kinds import EventType
from events.services.recording import record
from files.services import storing
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

EXPORT = JobKind("customer_export", "Exporting customers")
KEPT = timedelta(days=7)
STEP = 2_000  # customers a transaction: some tenths of a second, and a bar that moves
CSV = "text/csv"


class Rows(Protocol):
    """The rows of a file: whom they are about, and what is said of some of them."""

    @property
    def header(self) -> Sequence[str]: ...

    @property
    def ids(self) -> Sequence[int]: ...

    def rows(self, ids: Sequence[int]) -> Sequence[Sequence[Cell]]: ...


class Begun(NamedTuple):
    """An export in this worker's hands, and for whom it is made."""

    export: CustomerExport
    job: Job
    agent: Membership


# A list's query string, names of columns and for whom it is; called inside a transaction.
ReadRows = Callable[[str, Collection[str], Membership], Rows]


def start_list_export(*, agent: Membership, query: str, columns: Sequence[str], at: datetime) -> CustomerExport:
    """Plan a file of the customers that a list's query string names."""
    with transaction.atomic():
        export = plan(agent=agent, kind=ExportKind.LIST, job_kind=EXPORT, at=at, query=query, columns=columns)
        record(CustomerEvent.EXPORT_PLANNED, subject=export, actor=agent.as_actor(), data={"export": export.pk}, at=at)
    return export


def plan(
    *,
    agent: Membership,
    kind: ExportKind,
    job_kind: JobKind,
    at: datetime,
    query: str = "",
    columns: Sequence[str] = (),
    customer_id: int | None = None,
) -> CustomerExport:
    """The rows of an export and its job; who calls it records the event that a worker waits for."""
    return CustomerExport.objects.create(
        number=next_number("customer_export"),
        kind=kind,
        query=query,
        columns=list(columns),
        customer_id=customer_id,
        job=running.start_job(kind=job_kind, started_by=agent),
        started_by=agent,
        expires_at=at + KEPT,
    )


def write_list(*, export_id: int, read: ReadRows, at: datetime) -> None:
    """Write the file and end the job. Done twice, or by a second worker after the first has died, it begins anew."""
    try:
        if begun := begin(export_id=export_id, at=at):
            _write_list(begun, read, at)
    except running.Overtaken:
        log.info("export.overtaken", export=export_id)


def begin(*, export_id: int, at: datetime) -> Begun | None:
    """Take an export in hand, also from a worker that went on beyond its lease: that one is Overtaken at its next step.

    None for one that has ended, or ends now because who asked for it may not any more.
    """
    with transaction.atomic():
        export = (
            CustomerExport.objects.filter(pk=export_id).select_related("job", "customer", "started_by__user").first()
        )
        if export is None or export.job is None or export.job.is_finished:
            return None
        agent = export.started_by
        if agent is None or not (agent.is_active and agent.user.is_active and can_export(agent)):
            running.fail(job=export.job, reason="Stopped: who asked for it is no longer an admin.", at=at)
            return None
        job = running.advance(job=export.job, cursor={"run": secrets.token_hex(8)}, done=0)
    return Begun(export, job, agent)


def keep(*, begun: Begun, job: Job, file: IO[bytes], name: str, content_type: str, summary: str, at: datetime) -> None:
    """Store the file that was written and end the job. Raises running.Overtaken, and keeps nothing then."""
    stored = storing.write_bytes(name=name, content_type=content_type, file=file)
    with transaction.atomic():
        # First of all: whoever ended the job meanwhile wants no file of it.
        running.finish(job=job, summary=summary, at=at)
        stored.save()
        CustomerExport.objects.filter(pk=begun.export.pk).update(file=stored)
        _tell(CustomerEvent.EXPORT_WRITTEN, begun.export, begun.agent.as_actor(), {"holds": summary})


def fail_export(*, export_id: int, reason: str, at: datetime) -> None:
    """It was given up: say so where people look for the file. Call inside a transaction."""
    export = CustomerExport.objects.filter(pk=export_id).select_related("job").first()
    if export and export.job and not export.job.is_finished:
        running.fail(job=export.job, reason=f"Stopped: {reason}"[:500], at=at)
        _tell(CustomerEvent.EXPORT_FAILED, export, SYSTEM, {"reason": reason[:300]})


def record_download(*, export: CustomerExport, agent: Membership) -> None:
    """Somebody took the file away."""
    holds = str(export.job.report.get("summary", "")) if export.job else ""
    _tell(CustomerEvent.EXPORT_DOWNLOADED, export, agent.as_actor(), {"holds": holds})


def drop_by_hand(*, export: CustomerExport, agent: Membership) -> None:
    """Before its time, as an admin wanted."""
    with transaction.atomic():
        if CustomerExport.objects.locked(export).file_id is not None:
            drop_file(export=export)
            _tell(CustomerEvent.EXPORT_DROPPED, export, agent.as_actor(), {})


def drop_file(*, export: CustomerExport) -> None:
    """The file goes; that there was one stays known."""
    with transaction.atomic():
        export = CustomerExport.objects.locked(export)
        file = export.file
        if file is not None:
            export.file = None
            export.save(update_fields=["file"])
            storing.destroy(file)


def sweep_expired(*, at: datetime) -> int:
    """Drop the files whose time is over; returns how many."""
    expired = list(CustomerExport.objects.filter(expires_at__lte=at, file__isnull=False))
    for export in expired:
        drop_file(export=export)
    return len(expired)


def _write_list(begun: Begun, read: ReadRows, at: datetime) -> None:
    export, agent = begun.export, begun.agent
    with transaction.atomic():
        table = read(export.query, export.columns, agent)
        Job.objects.filter(pk=begun.job.pk).update(total=len(table.ids))
    walk = _Walk(begun.job, table)
    with TemporaryFile() as file:
        _write(file, write_rows(table.header, walk.rows()))
        name = f"customers-{export.created_at:%Y-%m-%d}-{export.number}.csv"
        summary = f"{walk.written:,} customer{'' if walk.written == 1 else 's'}"
        keep(begun=begun, job=walk.job, file=file, name=name, content_type=CSV, summary=summary, at=at)


def _tell(type: EventType, export: CustomerExport, actor: Actor, facts: Mapping[str, str]) -> None:
    data = {"export": export.pk, **facts}
    record(type, subject=export, actor=actor, customer_id=export.customer_id, data=data)


class _Walk:
    """Goes over the customers, a step a transaction, and says how far it is."""

    def __init__(self, job: Job, table: Rows) -> None:
        self.job, self._table, self.written = job, table, 0

    def rows(self) -> Iterator[Sequence[Cell]]:
        """Every row of the file. Raises running.Overtaken."""
        for start in range(0, len(self._table.ids), STEP):
            ids = self._table.ids[start : start + STEP]
            with transaction.atomic():
                rows = self._table.rows(ids)
                self.job = running.advance(job=self.job, cursor=self.job.cursor, done=start + len(ids))
            self.written += len(rows)
            yield from rows


def _write(file: IO[bytes], pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        file.write(piece)
