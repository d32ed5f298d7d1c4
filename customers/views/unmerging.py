"""Split merged customers again: what goes back and what has changed since, then both profiles (B1). For admins."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import AgentRequest, admin_required
from core import clock
from customers.access import get_merge
from customers.forms.unmerging import SplitForm
from customers.models import Merge
from customers.services.merging import parting
from customers.services.merging.locking import Busy, top_of
from customers.services.merging.previewing import preview_unmerge
from customers.services.merging.recounting import word_values

BUSY = 409


@admin_required
@require_http_methods(["GET", "POST"])
def unmerge(request: AgentRequest, number: int, other_number: int) -> HttpResponse:
    """The last merge by which the other went into the profile of this number; any of several, in any order.

    Once it is undone, both profiles.
    """
    merge = get_merge(request, number, other_number)
    if merge.undone_at is not None:
        return render(request, "customers/unmerged.html", {"survivor": top_of(merge.survivor), "other": merge.other})
    try:
        if request.method == "POST":
            return _split(request, merge)
        return _show(request, merge)
    except parting.AlreadyUndone:
        messages.info(request, "A colleague was first.")
        return redirect(request.path)
    except parting.NotUndoable as error:
        messages.error(request, str(error))
        return redirect("customers:history", top_of(merge.survivor).number)


def _show(request: AgentRequest, merge: Merge, *, also: Collection[int] = (), is_busy: bool = False) -> HttpResponse:
    """The page, with what was ticked; `is_busy` after others had held one of the two for too long."""
    preview = preview_unmerge(merge=merge)
    context = {"preview": preview, "values": word_values(preview.values), "also": also, "is_busy": is_busy}
    return render(request, "customers/unmerge.html", context, status=BUSY if is_busy else 200)


def _split(request: AgentRequest, merge: Merge) -> HttpResponse:
    also = SplitForm(request.POST).also()
    try:
        parting.undo_merge(merge=merge, also=also, actor=request.agent.as_actor(), at=clock.now())
    except Busy:
        return _show(request, merge, also=also, is_busy=True)
    return redirect(request.path)
