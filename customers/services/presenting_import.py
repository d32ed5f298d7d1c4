"""What the page of an import shows: the first rows, what was counted, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.tables.dialects import Dialect
from core.tables.reading import RefusedRow
from core.text import excerpt
from customers.models import CustomerImport
from customers.models.customer_import import ImportState
from customers.services.importing import TRIALS
from customers.services.keeping_tables import first_rows, read_dialect
from customers.services.reporting import Report, read_report
from customers.services.undoing_import import can_be_undone
from jobs.kinds import title_of
from jobs.models import Job
from jobs.services.reading import outcome_of

SAMPLE = 4  # rows
LONGEST_SAMPLE = 60  # characters of a cell
REFUSED = 50  # rows on a page
MOST_IMPORTS = 50  # of the list


@dataclass(frozen=True)
class Presented:
    """`samples` are the first cells of each column; `faults` what could not be read among the first rows."""

    taken: CustomerImport
    dialect: Dialect
    samples: Sequence[Sequence[str]]
    faults: Sequence[str]
    report: Report

    @property
    def running(self) -> Job | None:
        """The work that goes on now."""
        jobs = (self.taken.undoing, self.taken.job)
        return next((job for job in jobs if job is not None and not job.is_finished), None)

    @property
    def doing(self) -> str:
        return title_of(self.running.kind) if self.running else ""

    @property
    def undone(self) -> str:
        """What came of undoing it."""
        return outcome_of(self.taken.undoing) if self.taken.undoing else ""

    @property
    def can_be_undone(self) -> bool:
        return can_be_undone(self.taken)

    @property
    def was_tried(self) -> bool:
        """What is counted is what would happen."""
        job = self.taken.job
        return job is not None and job.is_finished and job.kind in TRIALS and self.is_open

    @property
    def is_open(self) -> bool:
        """Nothing was imported yet: columns may be chosen."""
        return self.taken.state == ImportState.UPLOADED

    @property
    def can_go_on(self) -> bool:
        return self.taken.state == ImportState.FAILED and self.taken.file_id is not None

    @property
    def counts(self) -> Sequence[tuple[str, int]]:
        taken = self.taken
        names = ("created", "updated", "unchanged", "refused")
        return [(name, getattr(taken, name)) for name in names]


def present_import(*, taken: CustomerImport, after: int = 0) -> Presented:
    """Refused rows from behind a line on. A fixed number of queries."""
    dialect = read_dialect(taken.dialect)
    is_open = taken.state == ImportState.UPLOADED and taken.file is not None
    rows = first_rows(taken.file, dialect, count=SAMPLE) if is_open and taken.file else []
    faults = [row.reason for row in rows if isinstance(row, RefusedRow)]
    whole = [row.cells for row in rows if not isinstance(row, RefusedRow)]
    samples = [[excerpt(row[place], LONGEST_SAMPLE) for row in whole] for place in range(len(dialect.columns))]
    report = read_report(taken=taken, most=REFUSED, after=after)
    return Presented(taken, dialect, samples, faults, report)


def list_imports() -> Sequence[CustomerImport]:
    """The newest first."""
    rows = CustomerImport.objects.select_related("job", "started_by__user").order_by("-pk")
    return list(rows[:MOST_IMPORTS])
