"""What the editor offers while one types: canned replies after a slash, colleagues after an @."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from tickets import rules
from tickets.access import get_ticket, inboxes_of
from tickets.services import canning
from tickets.services.suggesting import suggest_colleagues

SUGGESTIONS = "tickets/_partials/suggestions.html"


@agent_required
@require_GET
def canned(request: AgentRequest, number: int) -> HttpResponse:
    """Canned replies for the ticket's inbox, filled with what is known of the ticket."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    words = request.GET.get("q", "")[:100]
    options = canning.offer(member=request.agent, ticket=ticket, inbox=ticket.inbox, words=words)
    return render(request, SUGGESTIONS, {"options": options, "words": words, "of": "replies"})


@agent_required
@require_GET
def canned_new(request: AgentRequest) -> HttpResponse:
    """The same before there is a ticket, for the inbox that was chosen."""
    words, chosen = request.GET.get("q", "")[:100], request.GET.get("inbox", "")
    is_number = chosen.isdecimal() and len(chosen) < 10
    inbox = inboxes_of(request).filter(number=int(chosen)).first() if is_number else None
    options = canning.offer(member=request.agent, ticket=None, inbox=inbox, words=words)
    return render(request, SUGGESTIONS, {"options": options, "words": words, "of": "replies"})


@agent_required
@require_GET
def colleagues(request: AgentRequest, number: int) -> HttpResponse:
    """Those who may see the ticket, and so may be mentioned in a note on it."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    words = request.GET.get("q", "")[:100]
    options = suggest_colleagues(ticket=ticket, member=request.agent, words=words)
    return render(request, SUGGESTIONS, {"options": options, "words": words, "of": "colleagues"})
