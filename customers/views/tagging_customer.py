"""The words in use, for a field of tags to offer."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from customers.services.tagging_customer import LONGEST, suggest_tags


@agent_required
@require_GET
def tags(request: AgentRequest) -> HttpResponse:
    words = suggest_tags(start=request.GET.get("q", "")[:LONGEST])
    return render(request, "customers/_partials/tag_options.html", {"words": words})
