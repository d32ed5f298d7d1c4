"""How far the changing of many things at once is, and what came of it, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Membership
from core.live import announce
from jobs.models import Job
from jobs.services.batching import Batches

SHOWN = timedelta(minutes=3)  # after its end; then the list has its room back
READ = 100  # the workspace's newest jobs among which one's own are looked for
NAMED = 8  # numbers of things that a line names


@dataclass(frozen=True)
class Left:
    """Things left as they were for one reason, the first of them by number."""

    why: str
    count: int
    numbers: Sequence[int]


@dataclass(frozen=True)
class Progress:
    """A job as the list shows it."""

    job: Job
    title: str
    words: str
    left: Sequence[Left]
    can_be_undone: bool


def read_mine(*, batches: Batches, agent: Membership, at: datetime) -> list[Progress]:
    """What still runs, and what ended a moment ago, newest first; not what was dismissed or undone."""
    newest = Job.objects.filter(kind=batches.kind.name).order_by("-id")
    facts = newest.values_list("pk", "started_by_id", "finished_at")[:READ]
    mine = [pk for pk, member_id, ended in facts if member_id == agent.pk and (ended is None or at - ended < SHOWN)]
    jobs = newest.filter(pk__in=mine) if mine else ()
    # What was undone says no longer what is so; what undid it does.
    shown = (job for job in jobs if not job.report.keys() & {"dismissed", "undone_by"})
    return [read_progress(batches=batches, job=job) for job in shown]


def read_progress(*, batches: Batches, job: Job) -> Progress:
    """Its numbers and words. A job of another kind has no way back."""
    title, left = batches.title_of(job), _group(job.report.get("left", []))
    if "undoes" in job.cursor:
        title = f"Undoing: {title[0].lower()}{title[1:]}"
    return Progress(job, title, str(job.report.get("summary", "")), left, batches.can_be_undone(job))


def dismiss(*, job: Job) -> None:
    """Its end was read; a job that still runs stays in sight."""
    if job.is_finished:
        job.report = {**job.report, "dismissed": True}
        job.save(update_fields=["report"])
        announce(job.live_name)


def _group(left: Sequence[tuple[int | None, str]]) -> list[Left]:
    reasons: dict[str, list[int | None]] = {}
    for number, why in left:
        reasons.setdefault(why, []).append(number)
    return [
        Left(why, len(numbers), [number for number in numbers if number][:NAMED]) for why, numbers in reasons.items()
    ]
