"""Split messages off into a ticket of their own."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from tickets import rules
from tickets.access import get_message, get_ticket
from tickets.forms.splitting import AND_LATER, JUST_THIS, SplitForm
from tickets.models import Message, Ticket
from tickets.services import splitting


@agent_required
@require_http_methods(["GET", "POST"])
def split(request: AgentRequest, number: int, position: int) -> HttpResponse:
    """Ask what moves and how the new ticket is called, then do it."""
    ticket = get_ticket(request, number, allowed=rules.can_reply)
    message = get_message(request, number, position)
    if request.method == "GET":
        scope = AND_LATER if splitting.may_take_later(message=message) else JUST_THIS
        form = SplitForm(initial={"subject": ticket.subject, "scope": scope})
        return _page(request, ticket, message, form)
    form = SplitForm(request.POST)
    if not form.is_valid():
        return _page(request, ticket, message, form)
    later = form.cleaned_data["scope"] == AND_LATER
    numbers = splitting.numbers_from(message=message) if later else [message.number]
    subject, actor = form.cleaned_data["subject"], request.agent.as_actor()
    try:
        fresh = splitting.split_ticket(ticket=ticket, numbers=numbers, subject=subject, actor=actor, at=clock.now())
    except splitting.NothingToSplit:
        messages.info(request, "This message is not on the ticket any more.")
        return redirect(ticket)
    except splitting.NothingWouldRemain:
        form.add_error("scope", "Nothing would remain on this ticket. Choose fewer messages.")
        return _page(request, ticket, message, form)
    undo = f"{reverse('tickets:merge', args=[fresh.number])}?into={ticket.number}"
    messages.success(request, f"Split from #{ticket.number}.", extra_tags=undo)
    return redirect(fresh)


def _page(request: AgentRequest, ticket: Ticket, message: Message, form: SplitForm) -> HttpResponse:
    context = {
        "ticket": ticket,
        "message": message,
        "form": form,
        "later": len(splitting.numbers_from(message=message)) - 1,
        "customer": splitting.customer_of(ticket=ticket, messages=[message]),
    }
    return render(request, "tickets/split.html", context, status=422 if form.is_bound else 200)
