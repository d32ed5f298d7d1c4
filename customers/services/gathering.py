"""Everything about one customer as a file: a ZIP of a JSON list for each table, and the files themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import BinaryField

from accounts.models import Membership
from customers.kinds import CustomerEvent
from customers.knowledge import Enclosed, Held, Person, all_enclosed, all_held
from customers.models import Customer, CustomerExport
from customers.models.customer_export import ExportKind
from customers.services import exporting, prefacing
from customers.services.exporting import Begun
from customers.services.knowing import read_person
from customers.services.merging.locking import top_of
from events.services.recording import record
from files.models import StoredFile
from files.services.storing import open_file
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services import running

log = structlog.get_logger(__name__)

GATHERING = JobKind("customer_gathering", "Gathering everything about a customer")
ZIP = "application/zip"
FETCHED = 500  # rows at a time
COPIED = 2**20  # bytes at a time
# A name in the archive is for every system: no folders of its own, nothing that a shell or Windows minds.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
NOT_TOLD = frozenset({"tenant", "key", "name_folded"})  # whose it is, and what other columns say already


class Erased(Exception):
    """Nothing is known of them any more."""


def start_person_export(*, agent: Membership, customer: Customer, at: datetime) -> CustomerExport:
    """Plan a file of everything about the customer. Raises Erased."""
    if customer.erased_at is not None:
        raise Erased
    with transaction.atomic():
        export = exporting.plan(agent=agent, kind=ExportKind.PERSON, job_kind=GATHERING, at=at, customer_id=customer.pk)
        record(
            CustomerEvent.FILE_PLANNED,
            subject=export,
            actor=agent.as_actor(),
            customer_id=customer.pk,
            data={"export": export.pk},
            at=at,
        )
    return export


def write_person(*, export_id: int, at: datetime) -> None:
    """Write the file and end the job; by a second worker, after the first has died, it is begun anew."""
    try:
        if begun := exporting.begin(export_id=export_id, at=at):
            _write_person(begun, at)
    except running.Overtaken:
        log.info("export.overtaken", export=export_id)


def _write_person(begun: Begun, at: datetime) -> None:
    with transaction.atomic():
        customer = top_of(begun.export.customer) if begun.export.customer else None
    if customer is None or customer.erased_at is not None:
        with transaction.atomic():
            running.fail(job=begun.job, reason="Stopped: the customer was erased.", at=at)
        return
    with TemporaryFile() as file:
        archive = _Archive(begun.job, file)
        summary = archive.write(customer, begun.agent.tenant.name, at)
        name = f"customer-{customer.number}.zip"
        exporting.keep(begun=begun, job=archive.job, file=file, name=name, content_type=ZIP, summary=summary, at=at)


class _Archive:
    """Writes one table after another, each in a transaction of its own, then the files."""

    def __init__(self, job: Job, file: IO[bytes]) -> None:
        self.job, self._file = job, file

    def write(self, customer: Customer, workspace: str, at: datetime) -> str:
        """Returns what is in it, in words. Raises running.Overtaken."""
        with transaction.atomic():
            person = read_person(customer=customer)
        with ZipFile(self._file, "w", ZIP_DEFLATED) as archive:
            lists = self._write_lists(archive, person)
            files = {one.name: _write_files(archive, one, person) for one in all_enclosed()}
            files = {name: count for name, count in files.items() if count}
            said = prefacing.preface(
                workspace=workspace,
                name=customer.display_name,
                number=customer.number,
                lists=lists,
                files=files,
                at=at,
            )
            archive.writestr(prefacing.NAME, said)
        rows, count = sum(lists.values()), sum(files.values())
        return f"{rows:,} rows, {count:,} file{'' if count == 1 else 's'}"

    def _write_lists(self, archive: ZipFile, person: Person) -> dict[str, int]:
        """How many rows each has; those without any are left out."""
        counts = {}
        for done, held in enumerate((one for one in all_held() if one.is_told), start=1):
            counts[held.name] = self._write_table(archive, held, person)
            self._advance(done)
        return {name: count for name, count in counts.items() if count}

    def _write_table(self, archive: ZipFile, held: Held, person: Person) -> int:
        """How many rows it has; a table without rows is left out."""
        count = 0
        names = _columns(held)
        with transaction.atomic():
            rows = held.rows(person).order_by("pk").values(*names).iterator(chunk_size=FETCHED)
            first = next(rows, None)
            if first is None:
                return 0
            with archive.open(f"{_safe(held.name)}.json", "w", force_zip64=True) as part:
                for count, row in enumerate(_chained(first, rows), start=1):
                    part.write(b"[\n" if count == 1 else b",\n")
                    part.write(_json(row))
                part.write(b"\n]\n")
        return count

    def _advance(self, done: int) -> None:
        with transaction.atomic():
            self.job = running.advance(job=self.job, cursor=self.job.cursor, done=done)


def _columns(held: Held) -> list[str]:
    return [
        one.attname
        for one in held.model._meta.concrete_fields
        if one.name not in NOT_TOLD and not isinstance(one, BinaryField)
    ]


def _chained(first: dict[str, Any], rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rows


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _write_files(archive: ZipFile, enclosed: Enclosed, person: Person) -> int:
    with transaction.atomic():
        found = list(enclosed.files(person).order_by("pk"))
    return sum(_write_file(archive, enclosed.name, one) for one in found)


def _write_file(archive: ZipFile, folder: str, stored: StoredFile) -> int:
    """1, or 0 for one whose bytes the storage has lost: the rest is worth having all the same."""
    name = f"{_safe(folder)}/{stored.pk}-{_safe(stored.name)}"
    try:
        with open_file(stored) as source, archive.open(name, "w", force_zip64=True) as part:
            copyfileobj(source, part, COPIED)
    except FileNotFoundError:
        log.exception("file.lost", file=stored.pk)
        return 0
    return 1


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).strip(" .")[:120] or "file"
