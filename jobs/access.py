"""The only way a view gets a job."""

from django.http import Http404

from accounts.http import AgentRequest
from jobs.models import Job
from jobs.rules import can_see


def get_job(request: AgentRequest, job_id: int) -> Job:
    """The job, or Http404 when it is absent, foreign or not theirs to see."""
    job: Job | None = Job.objects.filter(pk=job_id).first()
    if job is None or not can_see(request.agent, job):
        raise Http404
    return job
