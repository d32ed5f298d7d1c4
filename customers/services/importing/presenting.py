"""What the page of an import shows: the first rows, what was counted, what was refused or has a remark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from core.tables.dialects import Dialect
from core.tables.reading import RefusedRow
from core.text import excerpt
from customers.models import Customer, CustomerImport
from customers.models.customer_import import ImportState
from customers.services.importing.keeping_rows import beginning_of
from customers.services.importing.keeping_tables import first_rows, read_dialect
from customers.services.importing.reporting import Listed, list_refused, list_remarked
from customers.services.importing.undoing import can_be_undone
from customers.services.importing.working import TRIALS, counts_of, in_words
from jobs.kinds import title_of
from jobs.models import Job
from jobs.services.reading import outcome_of

SAMPLE = 4  # rows
LONGEST_SAMPLE = 60  # characters of a cell
LISTED = 50  # rows on a page
MOST_IMPORTS = 50  # of the list
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical lines"}


TONES = {ImportState.RUNNING: "snoozed", ImportState.DONE: "open", ImportState.FAILED: "danger"}


@dataclass(frozen=True)
class ImportLine:
    """One import of the list; `tone` is of its badge."""

    taken: CustomerImport

    @property
    def tone(self) -> str:
        return TONES.get(ImportState(self.taken.state), "")

    @property
    def words(self) -> str:
        return "" if self.taken.state == ImportState.UPLOADED else in_words(self.taken)


@dataclass(frozen=True)
class RowLine:
    """A row that was refused, or taken with a remark, then with its customer as long as there is one; `said` is the
    beginning of what stood there.
    """

    line: int
    problem: str
    said: str
    customer: Customer | None = None


@dataclass(frozen=True)
class Presented:
    """`samples` are the first cells of each column; `faults` what could not be read among the first rows. Both lists
    of rows are read from behind a line on.
    """

    taken: CustomerImport
    dialect: Dialect
    samples: Sequence[Sequence[str]]
    faults: Sequence[str]
    listed_refused: Listed
    listed_remarked: Listed
    after: int
    after_remark: int

    @property
    def running(self) -> Job | None:
        """The work that goes on now."""
        jobs = (self.taken.undoing, self.taken.job)
        return next((job for job in jobs if job is not None and not job.is_finished), None)

    @property
    def doing(self) -> str:
        return title_of(self.running.kind) if self.running else ""

    @property
    def progress(self) -> str:
        """ "1,200 of 5,000 rows" """
        if self.running is None:
            return ""
        total = "" if self.running.total is None else f" of {self.running.total:,}"
        return f"{self.running.done:,}{total} rows"

    @property
    def delimiter(self) -> str:
        """What people call it."""
        return DELIMITERS.get(self.dialect.delimiter, self.dialect.delimiter)

    @property
    def refused(self) -> Sequence[RowLine]:
        return [RowLine(row.line, row.problem, beginning_of(row.cells or ())) for row in self.listed_refused.rows]

    @property
    def remarked(self) -> Sequence[RowLine]:
        rows = self.listed_remarked.rows
        return [RowLine(row.line, row.problem, row.beginning, row.customer) for row in rows]

    @property
    def remarks(self) -> str:
        return f"{self.taken.remarked:,}"

    @property
    def more_refused(self) -> str:
        """The query of the page with the next ones, where the other list stays as it is; "" when there are no more."""
        return self._query(self.listed_refused.last_line, self.after_remark) if self.listed_refused.has_more else ""

    @property
    def more_remarked(self) -> str:
        return self._query(self.after, self.listed_remarked.last_line) if self.listed_remarked.has_more else ""

    @staticmethod
    def _query(after: int, after_remark: int) -> str:
        return urlencode({"after": after, "after_remark": after_remark})

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
    def counts(self) -> Sequence[tuple[str, str]]:
        return [(name, f"{count:,}") for name, count in counts_of(self.taken).items()]


def present_import(*, taken: CustomerImport, after: int = 0, after_remark: int = 0) -> Presented:
    """Refused rows from behind one line on, those with a remark from behind another. A fixed number of queries."""
    dialect = read_dialect(taken.dialect)
    is_open = taken.state == ImportState.UPLOADED and taken.file is not None
    rows = first_rows(taken.file, dialect, count=SAMPLE) if is_open and taken.file else []
    faults = [row.reason for row in rows if isinstance(row, RefusedRow)]
    whole = [row.cells for row in rows if not isinstance(row, RefusedRow)]
    samples = [[excerpt(row[place], LONGEST_SAMPLE) for row in whole] for place in range(len(dialect.columns))]
    return Presented(
        taken,
        dialect,
        samples,
        faults,
        listed_refused=list_refused(taken=taken, most=LISTED, after=after),
        listed_remarked=list_remarked(taken=taken, most=LISTED, after=after_remark),
        after=after,
        after_remark=after_remark,
    )


def list_imports() -> Sequence[ImportLine]:
    """The newest first."""
    rows = CustomerImport.objects.select_related("started_by__user").order_by("-pk")
    return [ImportLine(taken) for taken in rows[:MOST_IMPORTS]]
