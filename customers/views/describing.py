"""Edit mode: the customer's page as fields (F7)."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import get_customer, get_tab
from customers.forms.describing import SinceForm
from customers.http import Edit, edit_context, read_edit
from customers.models import Customer
from customers.services import noticing, profiling
from customers.services.earlier import read_earlier
from customers.services.presenting import present_customer
from customers.tabs import ALL


@agent_required
@require_http_methods(["GET", "POST"])
def edit(request: AgentRequest, number: int) -> HttpResponse:
    """The page as fields. What a colleague wrote into the same field meanwhile is shown beside it, never lost."""
    customer = get_customer(request, number)
    if customer.is_deleted:
        return _leave(request, customer)
    if request.method == "GET":
        return _show(request, read_edit(request, customer))
    forms = read_edit(request, customer, request.POST, request.FILES)
    try:
        if forms.is_valid():
            return _save(request, customer, forms)
    except profiling.NotSaved as refused:
        forms.refuse(refused.problems)
    except profiling.WasDeleted:
        return _leave(request, customer)
    return _refuse(request, forms)


@agent_required
@require_GET
def meanwhile(request: AgentRequest, number: int) -> HttpResponse:
    """Who changed the profile while it is open in edit mode."""
    customer = get_customer(request, number)
    form = SinceForm(request.GET)
    if not form.is_valid():
        return HttpResponseBadRequest("Say since when.", content_type="text/plain; charset=utf-8")
    names = noticing.who_changed(customer=customer, since=form.moment(), besides=request.agent)
    context = {"customer": customer, "since": form.cleaned_data["since"], "names": names}
    return render(request, "customers/_partials/edit_meanwhile.html", context)


def _save(request: AgentRequest, customer: Customer, forms: Edit) -> HttpResponse:
    zone, actor, now = ZoneInfo(request.agent.time_zone), request.agent.as_actor(), clock.now()
    changed = profiling.save_profile(customer=customer, edited=forms.edited(), zone=zone, actor=actor, at=now)
    messages.success(request, "Saved.")
    page = present_customer(customer=customer, reader=request.agent, at=now)
    # Scripts have offered to clear the other mark already (D17).
    if not request.htmx and {"is_vip", "is_bad"} & changed and page.customer.is_vip and page.customer.is_bad:
        messages.info(request, "VIP and BAD are both set. Clear one of them in edit mode, unless both are meant.")
    response = respond(request, "customers/describing/saved.html", {"page": page}, otherwise=customer)
    response["HX-Replace-Url"] = customer.get_absolute_url()
    return response


def _leave(request: AgentRequest, customer: Customer) -> HttpResponse:
    """What is deleted is not edited: its page says so, and has the way back."""
    if request.method == "POST":
        messages.warning(request, "Not saved: a colleague deleted this customer meanwhile.")
    response: HttpResponse = redirect(customer)
    if request.htmx:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = customer.get_absolute_url()
    return response


def _refuse(request: AgentRequest, forms: Edit) -> HttpResponse:
    """The form again, with what is wrong. It changes in its place, so that a file that was chosen stays chosen."""
    response = _show(request, forms, is_refused=True)
    form = f"#{forms.customer.live_name}-edit"
    response["HX-Retarget"], response["HX-Reselect"], response["HX-Reswap"] = form, form, "morph"
    return response


def _show(request: AgentRequest, forms: Edit, *, is_refused: bool = False) -> HttpResponse:
    context, status = edit_context(forms, is_refused=is_refused), 422 if is_refused else 200
    if request.htmx and not request.htmx.boosted:
        return render(request, "customers/_partials/edit.html", context, status=status)
    earlier = read_earlier(customer=forms.customer, reader=request.agent, tab=get_tab(ALL))
    return render(request, "customers/edit.html", {**context, "page": forms.page, "earlier": earlier}, status=status)
