"""The exports of a workspace, newest first, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.paging import Page, read_page
from customers.models import CustomerExport
from jobs.kinds import title_of
from jobs.models import Job
from jobs.models.job import JobState
from jobs.services.reading import outcome_of

PAGE = 30


@dataclass(frozen=True)
class ExportLine:
    """An export as its page shows it. `job` is None when nobody knows any more how it went."""

    export: CustomerExport
    job: Job | None
    title: str
    words: str
    is_ready: bool

    @property
    def is_running(self) -> bool:
        return self.job is not None and not self.job.is_finished

    @property
    def is_gone(self) -> bool:
        """There was a file."""
        return not self.is_ready and (self.job is None or self.job.state == JobState.DONE)


@dataclass(frozen=True)
class ExportLines:
    """One page of them."""

    lines: Sequence[ExportLine]
    older: str | None


def read_exports(*, cursor: str, at: datetime) -> ExportLines:
    """A page of everybody's exports, in a constant number of queries."""
    exports = CustomerExport.objects.select_related("job", "file", "customer", "started_by__user")
    page: Page[CustomerExport] = read_page(exports, order=("-number",), cursor=cursor, size=PAGE)
    return ExportLines([read_line(export=export, at=at) for export in page.rows], page.next_cursor)


def read_line(*, export: CustomerExport, at: datetime) -> ExportLine:
    """What is said of one of them."""
    job = export.job
    return ExportLine(
        export=export,
        job=job,
        title=title_of(job.kind) if job else str(export.get_kind_display()),
        words=outcome_of(job) if job else "",
        is_ready=export.file is not None and at < export.expires_at,
    )
