"""The note: read it, save it by leaving the field, and say that one is writing."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import find_any, follow_customer, get_customer, get_tab
from customers.forms.noting import NoteForm
from customers.http import came_from
from customers.models import Customer
from customers.services import editing, following, noting
from customers.services.earlier import read_earlier
from customers.services.presenting import present_customer
from customers.services.reading import read_note_card
from customers.tabs import ALL

NOTE = "customers/_partials/note.html"


@agent_required
@require_http_methods(["GET", "POST"])
def note(request: AgentRequest, number: int) -> HttpResponse:
    """One URL for both, since the note is a form that fetches itself again."""
    if request.method == "POST":
        return _save(request, follow_customer(request, number), number)
    customer = get_customer(request, number)
    context = {"customer": customer, "note": read_note_card(customer=customer, reader=request.agent)}
    return respond(request, NOTE, context, otherwise=customer)


@agent_required
@require_POST
def note_editing(request: AgentRequest, number: int) -> HttpResponse:
    """The agent is writing, or with `done` has left the note as it was."""
    say = editing.stop_editing if request.POST.get("done") else editing.start_editing
    say(customer=follow_customer(request, number), agent=request.agent)
    return HttpResponse(status=204)


def _save(request: AgentRequest, customer: Customer, number: int) -> HttpResponse:
    """Answers the note as it is now: with the text that was sent, or with that text beside it. Who had the `number` may
    have been merged into the customer meanwhile.

    A text that came too late has been kept, so it is no error for the browser: 200, and the page says what happened.
    """
    form = NoteForm(request.POST)
    editing.stop_editing(customer=customer, agent=request.agent)
    if not form.is_valid():
        return _refuse(request, customer, form)
    text, based_on = form.cleaned_data["text"], form.cleaned_data["version"]
    by: Any = {"actor": request.agent.as_actor(), "at": clock.now()}
    if customer.number == number:
        saved = noting.save_note(customer=customer, text=text, based_on=based_on, **by)
    else:
        saved = following.save_note_of_merged(
            former=find_any(number), survivor=customer, text=text, based_on=based_on, **by
        )
    if not request.htmx and saved.draft:
        messages.warning(request, "Somebody saved the note before you. Your text is kept beside it.")
    elif not request.htmx:
        messages.success(request, "Note saved.")
    context = {"customer": customer, "note": read_note_card(customer=customer, reader=request.agent)}
    return respond(request, NOTE, context, otherwise=came_from(request, customer))


def _refuse(request: AgentRequest, customer: Customer, form: NoteForm) -> HttpResponse:
    """What was typed stands in the field again, also without scripts."""
    page = present_customer(customer=customer, reader=request.agent, at=clock.now())
    typed = replace(page.profile.note, text=request.POST.get("text", ""), error=form.problem())
    if request.htmx:
        return render(request, NOTE, {"customer": customer, "note": typed}, status=422)
    earlier = read_earlier(customer=customer, reader=request.agent, tab=get_tab(ALL))
    page = replace(page, profile=replace(page.profile, note=typed))
    return render(request, "customers/show.html", {"page": page, "earlier": earlier}, status=422)
