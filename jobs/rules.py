"""Who may see a job."""

from accounts.models import Membership
from jobs.models import Job


def can_see(agent: Membership, job: Job) -> bool:
    """Whoever started it, and admins."""
    return agent.is_admin or job.started_by_id == agent.pk
