"""Results while somebody types into the search box."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.words import LONGEST
from tickets.http import list_url
from tickets.services.searching import find

SHORTEST = 2  # characters; less finds everything and nothing


@agent_required
@require_GET
def search(request: AgentRequest) -> HttpResponse:
    """The first results, for htmx; without scripts the list of all of them."""
    words = request.GET.get("q", "")[: LONGEST * 2].strip()
    if not request.htmx:
        return redirect(list_url(urlencode({"q": words.encode(errors="replace")}) if words else ""))
    found = find(agent=request.agent, words=words) if len(words) >= SHORTEST else None
    return render(request, "tickets/_partials/results.html", {"found": found, "query": words})
