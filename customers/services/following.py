"""How far an agent's work on many customers is, and what came of it."""

from datetime import datetime

from accounts.models import Membership
from customers.services.batching import BATCH, can_be_undone, is_batch, verb_of
from jobs.models import Job
from jobs.services.following import Progress, find_mine, show_progress


def read_mine(*, agent: Membership, at: datetime) -> list[Progress]:
    """What still runs, and what ended a moment ago, newest first."""
    return [read_progress(job=job) for job in find_mine(kind=BATCH, agent=agent, at=at)]


def read_progress(*, job: Job) -> Progress:
    """A job of another kind has no way back."""
    title = verb_of(job).title if is_batch(job) else BATCH.title
    return show_progress(job=job, title=title, can_be_undone=can_be_undone(job))
