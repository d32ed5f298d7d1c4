"""How far an agent's work on many tickets is, and what came of it."""

from datetime import datetime

from accounts.models import Membership
from jobs.models import Job
from jobs.services.following import Progress, find_mine, show_progress
from tickets.services.batching import BATCH, can_be_undone, verb_of


def read_mine(*, agent: Membership, at: datetime) -> list[Progress]:
    """What still runs, and what ended a moment ago, newest first."""
    return [read_progress(job=job) for job in find_mine(kind=BATCH, agent=agent, at=at)]


def read_progress(*, job: Job) -> Progress:
    """A job of another kind has no way back."""
    if "verb" not in job.cursor:
        return show_progress(job=job, title=BATCH.title, can_be_undone=False)
    return show_progress(job=job, title=verb_of(job).title, can_be_undone=can_be_undone(job))
