"""The progress bar of a job: fetched by the page that shows it, again at each step."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from jobs.access import get_job
from jobs.kinds import title_of
from jobs.services.reading import outcome_of


@agent_required
@require_GET
def progress(request: AgentRequest, job_id: int) -> HttpResponse:
    """The bar as it stands now."""
    job = get_job(request, job_id)
    context = {
        "job": job,
        "title": title_of(job.kind),
        "words": outcome_of(job),
        "progress_url": reverse("jobs:progress", args=[job_id]),
    }
    return render(request, "jobs/_partials/progress.html", context)
