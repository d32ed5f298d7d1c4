"""Merge another profile into this one: both side by side, a question, then one customer (F44 to F47)."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, agent_required
from core import clock
from customers.access import follow_customer
from customers.forms.merging import PairForm, PicksForm
from customers.http import ours_or
from customers.models import Customer
from customers.services.merging import concluding
from customers.services.merging.concluding import Beside, Picks
from customers.services.merging.joining import Blocked, NotThere
from customers.services.merging.locking import Busy
from customers.services.merging.permitting import may_merge

# Where another customer is looked for: apps above know orders.
FIND = "tickets:find_other"
NOT_DONE = 409


@dataclass(frozen=True)
class Asked:
    """Which two the address names, by number, and where to go afterwards."""

    survivor: int
    other: int
    back: str

    def moved(self, beside: Beside) -> list[tuple[int, Customer]]:
        """Who was merged into a third one since the page was opened, and into whom."""
        pairs = ((self.survivor, beside.survivor), (self.other, beside.other))
        return [(number, customer) for number, customer in pairs if number != customer.number]


@agent_required
@require_http_methods(["GET", "POST"])
def merge(request: AgentRequest, number: int) -> HttpResponse:
    """The profile of the address stays, `other` goes into it. `next` is where to go afterwards."""
    if not may_merge(request.agent):
        raise Http404
    # Either may have been merged into a third one since the page was opened: then the page is of that one.
    survivor, pair = follow_customer(request, number), PairForm(request.GET)
    if not pair.is_valid():
        return redirect(FIND, survivor.number)
    other = follow_customer(request, pair.cleaned_data["other"])
    back = ours_or(request, pair.cleaned_data["next"], survivor.get_absolute_url())
    asked = Asked(number, pair.cleaned_data["other"], back)
    if survivor == other or survivor.is_deleted or other.is_deleted:
        return _refuse(request, survivor, other, is_one=asked.survivor == asked.other)
    if request.method == "GET":
        return _show(request, _read(request, survivor, other, Picks({})), asked, keep=pair.cleaned_data["keep"])
    form = PicksForm(request.POST)
    picks = form.picks()
    if form.cleaned_data.get("confirmed"):
        return _merge(request, survivor, other, picks, asked)
    beside = _read(request, survivor, other, picks)
    if beside.is_stale or beside.preview.is_blocked or beside.missing(picks.accepted):
        return _show(request, beside, asked, accepted=picks.accepted)
    return _ask(request, beside, asked)


def _merge(request: AgentRequest, survivor: Customer, other: Customer, picks: Picks, asked: Asked) -> HttpResponse:
    zone = ZoneInfo(request.agent.time_zone)
    try:
        concluding.merge_as_chosen(
            survivor=survivor, other=other, picks=picks, zone=zone, actor=request.agent.as_actor(), at=clock.now()
        )
    except NotThere:
        survivor, other = (follow_customer(request, one.number) for one in (survivor, other))
        return _refuse(request, survivor, other)
    except (concluding.Stale, concluding.NotAccepted, Blocked, Busy) as error:
        beside = _read(request, survivor, other, picks)
        return _show(request, beside, asked, accepted=picks.accepted, is_busy=isinstance(error, Busy))
    messages.success(request, f"Merged {other.display_name} (#{other.number}) into {survivor.display_name}.")
    return redirect(asked.back)


def _read(request: AgentRequest, survivor: Customer, other: Customer, picks: Picks) -> Beside:
    zone = ZoneInfo(request.agent.time_zone)
    today = clock.now().astimezone(zone).date()
    return concluding.read_beside(survivor=survivor, other=other, picks=picks, zone=zone, today=today)


def _refuse(request: AgentRequest, survivor: Customer, other: Customer, *, is_one: bool = False) -> HttpResponse:
    """There are no two profiles any more; with `is_one` there never were."""
    if is_one:
        messages.error(request, "A customer cannot be merged into themselves. Choose another.")
        return redirect(FIND, survivor.number)
    if survivor == other:
        messages.info(request, "They are one customer already: a colleague was first.")
    else:
        gone = survivor if survivor.is_deleted else other
        messages.info(request, f"{gone.display_name} was deleted a moment ago. Nothing was merged.")
    return redirect(survivor)


def _show(
    request: AgentRequest,
    beside: Beside,
    asked: Asked,
    *,
    keep: str = "",
    accepted: Collection[str] = (),
    is_busy: bool = False,
) -> HttpResponse:
    """The page; after a form that was not accepted, with what it chose, and with what is new."""
    is_refused = request.method == "POST"
    if is_refused and request.htmx:
        return HttpResponse(status=204)  # the form is sent as without scripts, and the page says why
    context = {
        **_context(beside, asked.back),
        "moved": asked.moved(beside),
        "keep": keep,
        "accepted": accepted,
        "is_busy": is_busy,
        "missing": [one.why for one in beside.missing(accepted)] if is_refused else [],
    }
    return render(request, "customers/merge.html", context, status=NOT_DONE if is_refused else 200)


def _ask(request: AgentRequest, beside: Beside, asked: Asked) -> HttpResponse:
    """Once more, before anything is done: a pop-up, or a page."""
    template = "customers/_partials/merge_question.html" if request.htmx else "customers/merge_question.html"
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name != "csrfmiddlewaretoken"]
    return render(request, template, {**_context(beside, asked.back), "sent": sent})


def _context(beside: Beside, back: str) -> dict[str, Any]:
    pair = {"other": beside.other.number, "next": back}
    turned = {"other": beside.survivor.number, "next": back}
    return {
        "beside": beside,
        "seen": json.dumps(beside.seen),
        "query": urlencode(pair),
        "turned": urlencode(turned),
        "back": back,
    }
