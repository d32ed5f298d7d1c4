"""Merge a ticket into another, and undo it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from tickets import rules
from tickets.access import get_ticket
from tickets.forms.merging import TargetForm
from tickets.models import Ticket
from tickets.services import merging, previewing, unmerging


@agent_required
@require_http_methods(["GET", "POST"])
def merge(request: AgentRequest, number: int) -> HttpResponse:
    """Choose the other ticket, look at what would happen, then do it."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    # Undoing a split posts without a body: the address says into which.
    form = TargetForm(request.POST if "into" in request.POST else request.GET)
    if not form.is_valid():
        return _choose(request, ticket)
    into = get_ticket(request, form.cleaned_data["into"], allowed=rules.can_reply)
    if request.method == "GET":
        preview = previewing.preview_merge(sources=[ticket], into=into) if into != ticket else None
        return render(request, "tickets/merge.html", {"ticket": ticket, "preview": preview})
    try:
        into = merging.merge_tickets(source=ticket, into=into, actor=request.agent.as_actor(), at=clock.now())
    except merging.SameTicket:
        messages.error(request, "A ticket cannot be merged into itself.")
        return redirect("tickets:merge", number)
    except merging.AlreadyMerged as error:
        messages.error(request, f"Ticket #{error.ticket.number} was merged by a colleague a moment ago.")
        return redirect(into)
    undo = reverse("tickets:unmerge", args=[ticket.number])
    messages.success(request, f"#{ticket.number} is merged into this ticket.", extra_tags=undo)
    return redirect(into)


@agent_required
@require_POST
def unmerge(request: AgentRequest, number: int) -> HttpResponse:
    """Give a merged ticket its messages back."""
    ticket = get_ticket(request, number)
    if ticket.merged_into_id is not None:
        # Whoever may not see where the messages stand may not move them.
        get_ticket(request, ticket.where_messages_go().number, allowed=rules.can_reply)
    try:
        unmerging.unmerge_ticket(ticket=ticket, actor=request.agent.as_actor())
    except unmerging.NotMerged:
        messages.info(request, "This ticket is not merged any more.")
    else:
        messages.success(request, f"#{ticket.number} is a ticket of its own again.")
    return redirect(ticket)


def _choose(request: AgentRequest, ticket: Ticket) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    found = previewing.find_targets(ticket=ticket, reader=request.agent, words=words)
    context = {"ticket": ticket, "words": words, "found": found}
    template = "tickets/_partials/merge_targets.html" if request.htmx else "tickets/merge.html"
    return render(request, template, context)
