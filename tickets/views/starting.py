"""Start a ticket: an agent writes first."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import get_customer
from tickets.access import inboxes_of
from tickets.addresses import write_people
from tickets.forms.writing import Refused, StartForm, say
from tickets.kinds import DraftKind
from tickets.models import Message
from tickets.services import addressing, carrying, drafting, starting

TYPED = ("inbox", "to", "cc", "bcc", "subject", "text", "html", "customer")


@agent_required
@require_http_methods(["GET", "POST"])
def start(request: AgentRequest) -> HttpResponse:
    """The empty form, `?customer=` filling in whom it goes to; sending it leads to the new ticket."""
    if request.method == "GET":
        return render(request, "tickets/new.html", _context(request, _begun(request), error=""))
    form = StartForm(request.POST, request.FILES, inboxes=inboxes_of(request))
    if not form.is_valid():
        return _refuse(request, form.problem())
    try:
        message = _send(request, form)
    except Refused as error:
        return _refuse(request, say(error))
    return redirect(message.ticket)


@agent_required
@require_GET
def addresses(request: AgentRequest) -> HttpResponse:
    """Customers whose name begins like what is typed."""
    people = addressing.suggest_people(words=request.GET.get("q", "")[:100].replace("\0", ""))
    return render(request, "tickets/_partials/address_options.html", {"people": people})


def _send(request: AgentRequest, form: StartForm) -> Message:
    facts = form.cleaned_data
    with transaction.atomic():
        taken = drafting.take_draft(member=request.agent, ticket=None, kind=DraftKind.NEW)
        files: list[carrying.Carried] = [*taken.files, *carrying.keep_uploads(facts["files"])]
        return starting.start_ticket(
            inbox=facts["inbox"],
            subject=facts["subject"],
            body=form.body(files),
            recipients=form.recipients(),
            agent=request.agent,
            at=clock.now(),
            customer=facts["customer"],
            files=files,
        )


def _refuse(request: AgentRequest, error: str) -> HttpResponse:
    """What was typed stands in the fields again."""
    typed = {name: request.POST.get(name, "") for name in TYPED}
    return render(request, "tickets/new.html", _context(request, typed, error=error), status=422)


def _begun(request: AgentRequest) -> dict[str, str]:
    """What the agent began earlier; a customer they chose now comes first."""
    draft = drafting.read_draft(member=request.agent, ticket=None, kind=DraftKind.NEW)
    typed = {name: getattr(draft, name) for name in ("to", "cc", "bcc", "subject")} if draft else {}
    if draft and draft.inbox:
        typed["inbox"] = str(draft.inbox.number)
    wanted = request.GET.get("customer", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return typed
    customer = get_customer(request, int(wanted))
    person = addressing.person_of(customer)
    return {**typed, "to": write_people([person]) if person else "", "customer": str(customer.number)}


def _context(request: AgentRequest, typed: dict[str, str], *, error: str) -> dict[str, Any]:
    draft = drafting.read_draft(member=request.agent, ticket=None, kind=DraftKind.NEW)
    return {"inboxes": inboxes_of(request), "draft": draft, "typed": typed, "error": error}
