"""All that changed on a profile, newest first, and the way back to a value (F81)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from customers import rules
from customers.access import get_customer
from customers.changes import GROUPS, Narrowing
from customers.forms.recalling import NarrowingForm, RestoreForm
from customers.models import Customer
from customers.services import recalling, reverting
from customers.services.merging import recounting

GROUP_LABELS = {"name": "Name", "marks": "Marks", "origin": "Source", "legal": "Legal details"}


@agent_required
@require_GET
def history(request: AgentRequest, number: int) -> HttpResponse:
    """Who or what changed which value, when, from what to what; narrowed to one field or one author.

    To htmx: what a pop-up shows, or the lines that follow those of a cursor.
    """
    customer = get_customer(request, number)
    before = request.GET.get("before", "")
    narrowing = NarrowingForm(request.GET).narrowing()
    if before and request.htmx:
        return render(request, "customers/recalling/older.html", _page_of(customer, narrowing, before))
    context = _context(request, customer, narrowing, before)
    return render(request, "customers/recalling/history.html" if request.htmx else "customers/history.html", context)


@agent_required
@require_POST
def history_restore(request: AgentRequest, number: int) -> HttpResponse:
    """Bring a value back; the history as it is then."""
    customer = get_customer(request, number)
    form = RestoreForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Choose a change from the history.", content_type="text/plain")
    level, said = _restore(request, customer, form)
    narrowing = form.narrowing()
    if not request.htmx:
        messages.add_message(request, level, said)
        return redirect(f"{reverse('customers:history', args=[number])}?{_query(narrowing)}")
    context = _context(request, get_customer(request, number), narrowing, "")
    context |= {"said": said, "is_refused": level == messages.WARNING}
    return render(request, "customers/recalling/history.html", context, status=422 if context["is_refused"] else 200)


def _restore(request: AgentRequest, customer: Customer, form: RestoreForm) -> tuple[int, str]:
    """What became of it, in words, and how good they are. Raises Http404."""
    try:
        what = reverting.restore_value(
            customer=customer,
            place=form.cleaned_data["change"],
            seen=form.cleaned_data["seen"],
            actor=request.agent.as_actor(),
            at=clock.now(),
        )
    except reverting.ChangeMissing as error:
        raise Http404 from error
    except reverting.ChangedSince:
        return messages.WARNING, "Somebody changed it a moment ago. Nothing was restored; look again."
    except reverting.NotRestorable as error:
        return messages.WARNING, f"It cannot be restored. {error}"
    return messages.SUCCESS, f"{what}: restored."


def _context(request: AgentRequest, customer: Customer, narrowing: Narrowing, before: str) -> dict[str, Any]:
    choices = recalling.read_choices(customer=customer)
    known = {code for fields in choices.fields.values() for code in fields}
    fields = [(heading, list(fields.items())) for heading, fields in choices.fields.items()]
    if narrowing.field in GROUPS and narrowing.field not in known:
        fields.insert(0, ("", [(narrowing.field, GROUP_LABELS[narrowing.field])]))
    return {
        **_page_of(customer, narrowing, before),
        "fields": fields,
        "authors": choices.authors,
        "merges": recounting.list_merges(customer=customer) if narrowing.is_any and not before else [],
        "can_unmerge": rules.can_unmerge(request.agent),
    }


def _page_of(customer: Customer, narrowing: Narrowing, before: str) -> dict[str, Any]:
    told = recalling.read_history(customer=customer, narrowing=narrowing, before=before)
    return {
        "customer": customer,
        "changes": told.changes,
        "older": f"{_query(narrowing)}&{urlencode({'before': told.cursor})}" if told.cursor else "",
        "chosen": narrowing,
    }


def _query(narrowing: Narrowing) -> str:
    return urlencode({"field": narrowing.field, "who": narrowing.who})
