"""The page of canned replies: everybody's and one's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import AgentRequest, agent_required
from core.html import html_to_text
from tickets import rules
from tickets.access import get_canned_reply, inboxes_of
from tickets.forms.canning import CannedReplyForm
from tickets.models import CannedReply
from tickets.services import canning, filling

PAGE = "tickets/canned_reply.html"


@agent_required
@require_GET
def canned_replies(request: AgentRequest) -> HttpResponse:
    rows = canning.describe_replies(member=request.agent)
    return render(request, "tickets/canned_replies.html", {"replies": rows})


@agent_required
@require_http_methods(["GET", "POST"])
def canned_reply_new(request: AgentRequest) -> HttpResponse:
    """Write a new one."""
    if request.method == "GET":
        return render(request, PAGE, _context(request, None, CannedReplyForm(inboxes=inboxes_of(request))))
    form = CannedReplyForm(request.POST, inboxes=inboxes_of(request))
    if not form.is_valid():
        return render(request, PAGE, _context(request, None, form), status=422)
    reply = canning.add_reply(**_facts(request, form), actor=request.agent.as_actor())
    return _done(request, reply, "Canned reply added.")


@agent_required
@require_http_methods(["GET", "POST"])
def canned_reply(request: AgentRequest, reply_number: int) -> HttpResponse:
    """Change one. Those who may not change it may read it."""
    reply = get_canned_reply(request, reply_number)
    if request.method == "GET":
        return render(request, PAGE, _context(request, reply, CannedReplyForm(inboxes=inboxes_of(request))))
    if not rules.can_change_reply(request.agent, reply):
        raise Http404
    form = CannedReplyForm(request.POST, inboxes=inboxes_of(request))
    if not form.is_valid():
        return render(request, PAGE, _context(request, reply, form), status=422)
    canning.change_reply(reply=reply, **_facts(request, form), actor=request.agent.as_actor())
    return _done(request, reply, "Canned reply saved.")


@agent_required
@require_POST
def canned_reply_delete(request: AgentRequest, reply_number: int) -> HttpResponse:
    reply = get_canned_reply(request, reply_number)
    if not rules.can_change_reply(request.agent, reply):
        raise Http404
    canning.remove_reply(reply=reply, actor=request.agent.as_actor())
    messages.success(request, "Canned reply deleted.")
    return redirect("tickets:canned_replies")


def _facts(request: AgentRequest, form: CannedReplyForm) -> dict[str, Any]:
    """Only admins write for everybody; what an agent writes is their own."""
    values = form.cleaned_data
    for_all = values["for_all"] and request.agent.is_admin
    return {
        "title": values["title"],
        "html": values["html"],
        "inbox": values["inbox"],
        "member": None if for_all else request.agent,
    }


def _context(request: AgentRequest, reply: CannedReply | None, form: CannedReplyForm) -> dict[str, Any]:
    """What was typed stands before what was stored."""
    bound = form.is_bound
    html = form.data.get("html", "") if bound else reply.html if reply else ""
    text = form.data.get("text", "") if bound and not html else html_to_text(html)
    chosen = form.data.get("inbox", "") if bound else str(reply.inbox.number) if reply and reply.inbox else ""
    for_all = bool(form.data.get("for_all")) if bound else reply is not None and reply.member_id is None
    return {
        "reply": reply,
        "form": form,
        "title": form.data.get("title", "") if bound else reply.title if reply else "",
        "html": html,
        "text": text,
        "chosen": chosen,
        "for_all": for_all,
        "inboxes": [(str(inbox.number), inbox.name) for inbox in inboxes_of(request)],
        "variables": filling.VARIABLES.items(),
        "unknown": filling.unknown_names(html),
        "may_change": reply is None or rules.can_change_reply(request.agent, reply),
    }


def _done(request: AgentRequest, reply: CannedReply, said: str) -> HttpResponse:
    """Back to the list; to the reply itself where it holds a variable nobody knows, which its page marks."""
    if filling.unknown_names(reply.html):
        messages.warning(request, f"{said} Some of its variables are not known; they are marked below.")
        return redirect("tickets:canned_reply", reply.number)
    messages.success(request, said)
    return redirect("tickets:canned_replies")
