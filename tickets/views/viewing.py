"""Views of tickets: the menu with its counts, the filter panel, and what agents save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from tickets.access import get_view
from tickets.filters import TicketFilter, counted_links, describe, title_of
from tickets.forms.filtering import FilterForm
from tickets.forms.viewing import LONGEST_NAME, MoveForm, NameForm, SaveViewForm
from tickets.http import list_url
from tickets.services import viewing


@agent_required
@require_GET
def view_menu(request: AgentRequest) -> HttpResponse:
    """Every view with its count: fetched by itself, so that the page need not wait for counting."""
    chosen = TicketFilter.parse(request.GET)
    context = {
        "views": counted_links(chosen, request.agent),
        "title": title_of(chosen, request.agent),
        "query": chosen.as_query(),
        "is_counted": True,
    }
    return render(request, "tickets/_partials/views.html", context)


@agent_required
@require_GET
def filter_panel(request: AgentRequest) -> HttpResponse:
    """The filter of a list, to be changed; htmx gets the form alone."""
    chosen = TicketFilter.parse(request.GET)
    template = "tickets/_partials/filter.html" if request.htmx else "tickets/filter.html"
    return render(request, template, {"form": FilterForm(chosen, request.agent), "query": chosen.as_query()})


@agent_required
@require_GET
def saved_views(request: AgentRequest) -> HttpResponse:
    """The page to rename, order and delete them."""
    saved = viewing.views_of(member=request.agent)
    context = {
        "mine": [view for view in saved if view.member_id],
        "shared": [view for view in saved if not view.member_id],
        "has_teams": viewing.has_teams(request.agent),
    }
    return render(request, "tickets/views.html", context)


@agent_required
@require_http_methods(["GET", "POST"])
def new_view(request: AgentRequest) -> HttpResponse:
    """Give the filter of the query string a name."""
    chosen = TicketFilter.parse(request.GET)
    form = SaveViewForm(request.POST if request.method == "POST" else None, agent=request.agent)
    if form.is_valid():
        member = None if form.cleaned_data.get("shared") else request.agent
        try:
            view = viewing.save_view(
                name=form.cleaned_data["name"],
                query=chosen.as_query(),
                member=member,
                actor=request.agent.as_actor(),
            )
        except viewing.TooManyViews:
            form.add_error(None, f"There are {viewing.MOST_VIEWS} views already. Delete one first.")
        except viewing.TooLong:
            form.add_error(None, "This filter asks for too much to be kept. Choose fewer values.")
        else:
            messages.success(request, f"Saved as {view.name}.")
            return redirect(list_url(view.query))
    template = "tickets/_partials/new_view.html" if request.htmx else "tickets/new_view.html"
    context = {"form": form, "query": chosen.as_query(), "description": describe(chosen, request.agent)}
    return render(request, template, context, status=422 if form.is_bound else 200)


@agent_required
@require_POST
def rename_view(request: AgentRequest, view_number: int) -> HttpResponse:
    view = get_view(request, view_number)
    form = NameForm(request.POST)
    if form.is_valid():
        viewing.rename_view(view=view, name=form.cleaned_data["name"], actor=request.agent.as_actor())
    else:
        messages.error(request, f"A view needs a name of at most {LONGEST_NAME} characters.")
    return redirect("tickets:views")


@agent_required
@require_POST
def move_view(request: AgentRequest, view_number: int) -> HttpResponse:
    view = get_view(request, view_number)
    form = MoveForm(request.POST)
    if form.is_valid():
        viewing.move_view(view=view, by=form.cleaned_data["by"])
    return redirect("tickets:views")


@agent_required
@require_POST
def delete_view(request: AgentRequest, view_number: int) -> HttpResponse:
    """The page has asked once more before."""
    view = get_view(request, view_number)
    viewing.delete_view(view=view, actor=request.agent.as_actor())
    messages.success(request, f"Deleted the view {view.name}.")
    return redirect("tickets:views")
