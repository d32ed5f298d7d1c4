"""The block "Earlier": everything that happened, and the tabs that nothing fills yet (F88, F89)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.templatetags.dom import dom_id
from customers.access import get_customer, get_tab
from customers.forms.earlier import read_part
from customers.services.earlier import read_earlier, read_story
from customers.tabs import ALL

PANEL = "customers/_partials/earlier_panel.html"
PAGE = "customers/earlier.html"


@agent_required
@require_GET
def everything(request: AgentRequest, number: int) -> HttpResponse:
    """The tab "All"; with `before`, the part that stands before that event."""
    customer = get_customer(request, number)
    before, _ = read_part(request.GET)
    if before is not None:
        story = read_story(customer=customer, reader=request.agent, before=before)
        template = "customers/earlier/part.html" if request.htmx else "customers/story.html"
        return render(request, template, {"customer": customer, "story": story})
    earlier = read_earlier(customer=customer, reader=request.agent, tab=get_tab(ALL))
    if request.htmx and request.htmx.target == dom_id(customer, "story"):
        # The list draws itself anew; what scrolls around it stays.
        return render(request, "customers/_partials/story_part.html", {"customer": customer, "story": earlier.story})
    return render(request, PANEL if request.htmx else PAGE, {"earlier": earlier})


@agent_required
@require_GET
def earlier_tab(request: AgentRequest, number: int, tab: str) -> HttpResponse:
    """A tab that no app fills yet, which says so; one that is filled has a URL of its own."""
    customer, found = get_customer(request, number), get_tab(tab)
    if found.url_name:
        return redirect(found.url_name, number)
    earlier = read_earlier(customer=customer, reader=request.agent, tab=found)
    return render(request, PANEL if request.htmx else PAGE, {"earlier": earlier})
