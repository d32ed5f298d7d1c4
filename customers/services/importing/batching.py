"""Cut the rows of an import into batches, and make customers of a batch, or only say what would come of it."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.kinds import Actor, ActorKind
from accounts.services.configuring import read_setting
from core.database.columns import insert_columns
from core.tables.lines import Position
from customers import options
from customers.kinds import FieldTarget
from customers.models import CustomerImport, CustomField, ImportRow
from customers.models.customer_import import ImportMatch, RowOutcome
from customers.services.importing.inserting import Origin, insert_customers
from customers.services.importing.keeping_tables import opened_rows, read_dialect
from customers.services.importing.mapping import read_mapping
from customers.services.importing.matching import Sorted, keys_of, read_again, sort_rows
from customers.services.importing.reading_rows import Refused, RowReader, Wanted
from customers.services.importing.updating import update_customer
from customers.services.writing_fields import read_defaults
from files.models import StoredFile

BATCH = 1000  # rows a transaction
BATCH_BYTES = 4 * 1024 * 1024
UTC = "UTC"
LONGEST_PROBLEM = 500
Read = Wanted | Refused


class Gone(Exception):
    """The file is not kept any more."""


@dataclass(frozen=True)
class Batch:
    """Rows of which no two may be of one customer; `place` is where the next one begins."""

    rows: list[Read]
    place: Position
    is_last: bool = False


@dataclass(frozen=True)
class Line:
    """What became of a row; `before` is an updating.Before, for undoing."""

    line: int
    outcome: RowOutcome
    customer_id: int
    before: dict[str, Any] | None = None


@dataclass(frozen=True)
class Counts:
    """Rows by what came of them; the names are the columns of the import."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Run:
    """What holds for every row of a stretch of work. `seen` are the keys of rows that a trial has passed."""

    taken: CustomerImport
    reader: RowReader
    origin: Origin
    zone: ZoneInfo
    seen: set[int] = field(default_factory=set)

    @property
    def match(self) -> ImportMatch:
        return ImportMatch(self.taken.match)

    @property
    def file(self) -> StoredFile:
        """Raises Gone once the import has ended."""
        if self.taken.file is None:
            raise Gone
        return self.taken.file

    def batches(self, *, since: Mapping[str, int] | None) -> Generator[Batch]:
        """From a place on; the last one says so, and may be empty."""
        dialect = read_dialect(self.taken.dialect)
        place = Position(**since) if since else dialect.body
        rows: list[Read] = []
        keys: set[str] = set()
        begin = place.byte
        with opened_rows(self.file, dialect, since=place) as file:
            for row in file:
                read = self.reader.read(row)
                own = keys_of(read, self.match) if isinstance(read, Wanted) else []
                if len(rows) == BATCH or place.byte - begin > BATCH_BYTES or not keys.isdisjoint(own):
                    yield Batch(rows, place)
                    rows, keys, begin = [], set(), place.byte
                rows.append(read)
                keys.update(own)
                place = row.after
        yield Batch(rows, place, is_last=True)


def open_run(taken: CustomerImport, *, at: datetime) -> Run:
    """What the rows are read with: the workspace's fields and the time zone of who imports."""
    zone = ZoneInfo(taken.started_by.time_zone if taken.started_by else UTC)
    fields = list(CustomField.objects.of(FieldTarget.CUSTOMER).active().prefetch_related("options"))
    reader = RowReader(
        read_mapping(taken.mapping),
        fields,
        zone=zone,
        region=read_setting(options.PHONE_REGION),
        today=at.astimezone(zone).date(),
    )
    defaults = read_defaults(FieldTarget.CUSTOMER)
    origin = Origin(actor_of(taken), at, {one.code: one for one in fields}, defaults)
    return Run(taken, reader, origin, zone)


def actor_of(taken: CustomerImport) -> Actor:
    """Whom the history of what was imported names: the import, so that all of it can be found and undone."""
    by = f" by {taken.started_by.name}" if taken.started_by else ""
    return Actor(ActorKind.IMPORT, taken.pk, f"Import {taken.number}{by}")


def learn_sizes() -> None:
    """Have PostgreSQL look at tables it never looked at, now that something is in them: else each foreign key of the
    rows to come would be checked by reading all customers.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT learn_customers()")


def import_batch(batch: Batch, run: Run) -> Counts:
    """Insert, update, and note what became of each row. Call inside a transaction."""
    found = sort_rows(batch.rows, match=run.match)
    created = insert_customers(rows=found.new, origin=run.origin)
    lines = [Line(row.line, RowOutcome.CREATED, pk) for row, pk in zip(found.new, created, strict=True)]
    known = list(_update(found, run))
    _note(run.taken, lines + known)
    note_refused(run.taken, found.refused)
    updated = sum(line.outcome is RowOutcome.UPDATED for line in known)
    return Counts(len(created), updated, len(known) - updated, len(found.refused))


def try_batch(batch: Batch, run: Run) -> Counts:
    """What would come of each row; only the refused ones are noted. Call inside a transaction.

    A row about somebody whom an earlier row of the same run would have made counts as updating them.
    """
    found = sort_rows(batch.rows, match=run.match)
    again = sum(not run.seen.isdisjoint(_hashes(row, run)) for row in found.new)
    updated = sum(known.says_news for known in found.known)
    for row in found.new:
        run.seen.update(_hashes(row, run))
    note_refused(run.taken, found.refused)
    unchanged = len(found.known) - updated
    return Counts(len(found.new) - again, updated + again, unchanged, len(found.refused))


def note_refused(taken: CustomerImport, rows: Iterable[Refused]) -> None:
    """Keep why, and what was written, so that it can be mended and sent again."""
    rows = list(rows)
    varying: dict[str, Sequence[Any]] = {
        "line": [row.line for row in rows],
        "problem": [row.problem[:LONGEST_PROBLEM] for row in rows],
        "cells": [list(row.cells) for row in rows],
    }
    insert_columns(ImportRow, varying, {"customer_import_id": taken.pk, "outcome": RowOutcome.REFUSED})


def _update(found: Sorted, run: Run) -> Iterator[Line]:
    seen: set[int] = set()
    for one in found.known:
        customer_id, line = one.customer.pk, one.wanted.line
        known = read_again(one) if customer_id in seen else one
        seen.add(customer_id)
        if known.says_news:
            before = update_customer(known=known, origin=run.origin, zone=run.zone)
            yield Line(line, RowOutcome.UPDATED, customer_id, asdict(before))
        else:
            yield Line(line, RowOutcome.UNCHANGED, customer_id)


def _note(taken: CustomerImport, lines: list[Line]) -> None:
    varying: dict[str, Sequence[Any]] = {
        "line": [one.line for one in lines],
        "outcome": [str(one.outcome) for one in lines],
        "customer_id": [one.customer_id for one in lines],
        "cells": [one.before for one in lines],
    }
    insert_columns(ImportRow, varying, {"customer_import_id": taken.pk})


def _hashes(row: Wanted, run: Run) -> set[int]:
    return {hash(key) for key in keys_of(row, run.match)}


def as_columns(counts: Counts) -> dict[str, int]:
    """By the names of the import's columns."""
    return asdict(counts)
