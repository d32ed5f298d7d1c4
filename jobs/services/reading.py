"""What a page says of a job."""

from jobs.models import Job


def outcome_of(job: Job) -> str:
    """What came of it: the sentence the work left, or else what it counted; "" while there is neither."""
    for key in ("summary", "reason"):
        if key in job.report:
            return str(job.report[key])
    counts = ((name, count) for name, count in job.report.items() if isinstance(count, int))
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts)
