"""Split merged customers again: what goes back and what has changed since, then both profiles (B1). For admins."""

from __future__ import annotations

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
from customers.services.merging.locking import top_of
from customers.services.merging.previewing import preview_unmerge
from customers.services.merging.recounting import word_values


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
        preview = preview_unmerge(merge=merge)
    except parting.NotUndoable as error:
        messages.error(request, str(error))
        return redirect("customers:history", top_of(merge.survivor).number)
    return render(request, "customers/unmerge.html", {"preview": preview, "values": word_values(preview.values)})


def _split(request: AgentRequest, merge: Merge) -> HttpResponse:
    also = SplitForm(request.POST).also()
    try:
        parting.undo_merge(merge=merge, also=also, actor=request.agent.as_actor(), at=clock.now())
    except parting.AlreadyUndone:
        messages.info(request, "A colleague was first.")
    return redirect(request.path)
