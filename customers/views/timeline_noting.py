"""Notes on a customer's timeline: read them, write one, take one off (F59, F60)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import follow_customer, get_customer, get_tab, get_timeline_note
from customers.forms.earlier import read_part
from customers.forms.timeline_noting import TimelineNoteForm
from customers.models import Customer
from customers.services import timeline_noting
from customers.services.earlier import read_earlier
from customers.services.presenting import present_customer
from customers.tabs import NOTES


@agent_required
@require_http_methods(["GET", "POST"])
def timeline_notes(request: AgentRequest, number: int) -> HttpResponse:
    """The tab "Notes"; with `before`, the older ones. A POST adds one."""
    if request.method == "POST":
        return _add(request, follow_customer(request, number), number)
    customer = get_customer(request, number)
    before, since = read_part(request.GET)
    if before is not None and request.htmx:
        notes = timeline_noting.read_timeline_notes(customer=customer, before=before)
        return render(request, "customers/_partials/notes_part.html", {"customer": customer, "notes": notes})
    earlier = read_earlier(customer=customer, reader=request.agent, tab=get_tab(NOTES), since=since, before=before)
    template = "customers/_partials/earlier_panel.html" if request.htmx else "customers/earlier.html"
    return render(request, template, {"earlier": earlier})


def _add(request: AgentRequest, customer: Customer, number: int) -> HttpResponse:
    """To whom the customer of this number was merged into meanwhile it belongs all the same."""
    form = TimelineNoteForm(request.POST)
    if not form.is_valid():
        return _refuse(request, customer, form, f"A note has at most {timeline_noting.LONGEST:,} characters.")
    try:
        timeline_noting.add_timeline_note(
            customer=customer, html=form.markup(), actor=request.agent.as_actor(), at=clock.now()
        )
    except timeline_noting.EmptyNote:
        return _refuse(request, customer, form, "Write something first.")
    except timeline_noting.TooLong:
        return _refuse(request, customer, form, f"A note has at most {timeline_noting.LONGEST:,} characters.")
    if customer.number != number:
        messages.success(
            request,
            f"The profile was merged meanwhile. The note stands with {customer.display_name} (#{customer.number}).",
        )
        return HttpResponseClientRedirect(_page(customer)) if request.htmx else redirect(_page(customer))
    earlier = read_earlier(customer=customer, reader=request.agent, tab=get_tab(NOTES))
    context = {"customer": customer, "earlier": earlier}
    response = respond(request, "customers/timeline_noting/added.html", context, otherwise=_page(customer))
    response["HX-Replace-Url"] = _page(customer)
    return response


def _refuse(request: AgentRequest, customer: Customer, form: TimelineNoteForm, why: str) -> HttpResponse:
    """What was typed stands there again, with why it was not kept."""
    context = {
        "customer": customer,
        "typed": form.data.get("text", ""),
        "html": form.data.get("html", ""),
        "error": why,
    }
    if request.htmx:
        return render(request, "customers/timeline_noting/refused.html", context, status=422)
    page = present_customer(customer=customer, reader=request.agent, at=clock.now())
    earlier = read_earlier(customer=page.customer, reader=request.agent, tab=get_tab(NOTES))
    return render(request, "customers/show.html", {**context, "page": page, "earlier": earlier}, status=422)


@agent_required
@require_POST
def timeline_note_delete(request: AgentRequest, number: int, note_number: int) -> HttpResponse:
    """No question is asked: it can be undone, here and in the history."""
    note = get_timeline_note(request, number, note_number)
    timeline_noting.delete_timeline_note(note=note, actor=request.agent.as_actor(), at=clock.now())
    undo = reverse("customers:timeline_note_restore", args=[number, note_number])
    messages.success(request, "Note deleted.", extra_tags=undo)
    context = {"messages": messages.get_messages(request)}
    return respond(request, "customers/timeline_noting/deleted.html", context, otherwise=_page(note.customer))


@agent_required
@require_POST
def timeline_note_restore(request: AgentRequest, number: int, note_number: int) -> HttpResponse:
    note = get_timeline_note(request, number, note_number)
    timeline_noting.restore_timeline_note(note=note, actor=request.agent.as_actor(), at=clock.now())
    return redirect(_page(note.customer))


def _page(customer: Customer) -> str:
    return f"{reverse('customers:show', args=[customer.number])}?tab={NOTES}"
