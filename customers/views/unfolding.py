"""More info and Less info: the card opens next time as the agent left it."""

from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from accounts.services.preferring import prefer
from customers.services.reading import SHOWS_MORE


@agent_required
@require_POST
def card_more(request: AgentRequest) -> HttpResponse:
    """`open` is yes or no; asked by the card in passing, so nothing is shown."""
    choice = request.POST.get("open")
    if choice not in ("yes", "no"):
        return HttpResponseBadRequest("Say open=yes or open=no.", content_type="text/plain")
    prefer(member=request.agent, key=SHOWS_MORE, value=True if choice == "yes" else None)
    return HttpResponse(status=204)
