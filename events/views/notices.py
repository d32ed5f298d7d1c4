"""The bell: what was brought to a member's attention."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from events.forms import ReadForm
from events.services import notifying
from events.services.reading import count_unread, find_link, read_notices

# The largest number PostgreSQL's bigint holds; a longer one in a URL is a notice nobody has.
MOST = 2**63 - 1


@agent_required
@require_GET
def notices(request: AgentRequest) -> HttpResponse:
    """The list: for htmx the part that changes, else the page around it."""
    template = "events/_partials/notices.html" if request.htmx else "events/notices.html"
    found = read_notices(member=request.agent, cursor=request.GET.get("before"))
    return render(request, template, {"notices": found, "agent": request.agent})


@agent_required
@require_GET
def bell(request: AgentRequest) -> HttpResponse:
    """How many are unread: fetched by every page after it has loaded."""
    context = {"unread": count_unread(member=request.agent), "agent": request.agent, "fetched": True}
    return render(request, "events/_partials/bell.html", {**context, "here": request.GET.get("here", "")})


@agent_required
@require_POST
def read(request: AgentRequest) -> HttpResponse:
    """Mark as read all up to the newest that was on the page."""
    form = ReadForm(request.POST)
    if form.is_valid():
        notifying.mark_read(member=request.agent, up_to_id=form.cleaned_data["up_to"], at=clock.now())
    found = read_notices(member=request.agent)
    context = {"notices": found, "agent": request.agent, "unread": count_unread(member=request.agent)}
    return respond(request, "events/noticing/read.html", context, otherwise=reverse("events:notices"))


@agent_required
@require_POST
def open_notice(request: AgentRequest, notice_id: int) -> HttpResponse:
    """Mark one as read and go where it leads; 404 for somebody else's and for what one may no longer see."""
    link = find_link(member=request.agent, notice_id=min(notice_id, MOST))
    if link is None:
        raise Http404
    notifying.mark_read_one(member=request.agent, notice_id=notice_id, at=clock.now())
    return redirect(link.url)
