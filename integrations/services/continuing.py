"""Go on with long work over a store's customers, whichever work it is."""

from datetime import datetime

from django.db import transaction

from events.models import Event
from integrations.kinds import JobKind
from integrations.models import Connection
from integrations.services import aligning, batching, preparing
from jobs.models import Job

BATCHES = {JobKind.LINK_CUSTOMERS: preparing.link_batch, JobKind.ALIGN_NOTES: aligning.align_batch}
# Aligning goes on without the store: the notes are told how they stand.
NEED_THE_STORE = frozenset({JobKind.LINK_CUSTOMERS})


def work_batch(*, job_id: int, at: datetime, cause: Event) -> None:
    """The job's next batch; nothing for a finished one. Raises Retryable when a store must be asked again later."""
    with transaction.atomic():
        job = Job.objects.get(pk=job_id)
        connection = Connection.objects.get(pk=job.cursor["connection"])
    if job.is_finished:
        return
    if connection.is_disabled and job.kind in NEED_THE_STORE:
        batching.fail_job(job_id=job_id, reason=f"{connection.label} is disconnected", at=at)
        return
    BATCHES[JobKind(job.kind)](job=job, connection=connection, at=at, cause=cause)
