"""Cut the rows of an import into batches, and make customers of a batch, or only say what would come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.kinds import Actor, ActorKind
from accounts.services.configuring import read_setting
from core.tables.lines import Position
from customers import options
from customers.kinds import FieldTarget
from customers.models import CustomerImport, CustomField
from customers.models.customer_import import ImportMatch, RowOutcome
from customers.services.importing.inserting import Origin, insert_customers
from customers.services.importing.keeping_rows import Line, keep_refused, keep_taken
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
class Counts:
    """Rows by what came of them, and how many of those that were taken have a remark; the names are the columns of the
    import.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    remarked: int = 0


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
    """Insert, update, and keep what became of each row. Call inside a transaction."""
    found = sort_rows(batch.rows, match=run.match)
    created = insert_customers(rows=found.new, origin=run.origin)
    lines = [Line(row, RowOutcome.CREATED, pk) for row, pk in zip(found.new, created, strict=True)]
    lines += _update(found, run)
    keep_taken(run.taken, lines)
    keep_refused(run.taken, found.refused)
    return _count(lines, found.refused)


def try_batch(batch: Batch, run: Run) -> Counts:
    """What would come of each row; only the refused ones are kept, and those with a remark. Call inside a transaction.

    A row about somebody whom an earlier row of the same run would have made counts as updating them.
    """
    found = sort_rows(batch.rows, match=run.match)
    lines = [Line(row, _foresee(row, run)) for row in found.new]
    for row in found.new:
        run.seen.update(_hashes(row, run))
    for known in found.known:
        outcome = RowOutcome.UPDATED if known.says_news else RowOutcome.UNCHANGED
        lines.append(Line(known.wanted, outcome, known.customer.pk))
    keep_taken(run.taken, [line for line in lines if line.wanted.remarks])
    keep_refused(run.taken, found.refused)
    return _count(lines, found.refused)


def _count(lines: Sequence[Line], refused: Sequence[Refused]) -> Counts:
    outcomes = Counter(line.outcome for line in lines)
    return Counts(
        created=outcomes[RowOutcome.CREATED],
        updated=outcomes[RowOutcome.UPDATED],
        unchanged=outcomes[RowOutcome.UNCHANGED],
        refused=len(refused),
        remarked=sum(bool(line.wanted.remarks) for line in lines),
    )


def _foresee(row: Wanted, run: Run) -> RowOutcome:
    return RowOutcome.CREATED if run.seen.isdisjoint(_hashes(row, run)) else RowOutcome.UPDATED


def _update(found: Sorted, run: Run) -> Iterator[Line]:
    seen: set[int] = set()
    for one in found.known:
        customer_id = one.customer.pk
        known = read_again(one) if customer_id in seen else one
        seen.add(customer_id)
        if known.says_news:
            before = update_customer(known=known, origin=run.origin, zone=run.zone)
            yield Line(one.wanted, RowOutcome.UPDATED, customer_id, asdict(before))
        else:
            yield Line(one.wanted, RowOutcome.UNCHANGED, customer_id)


def _hashes(row: Wanted, run: Run) -> set[int]:
    return {hash(key) for key in keys_of(row, run.match)}


def as_columns(counts: Counts) -> dict[str, int]:
    """By the names of the import's columns."""
    return asdict(counts)
