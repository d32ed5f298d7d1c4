"""Choose between the note and a text that came too late."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, agent_required
from core import clock
from core.htmx import respond
from customers.access import get_draft
from customers.forms.noting import SettleForm
from customers.http import came_from
from customers.kinds import DraftChoice
from customers.services import settling
from customers.services.reading import read_note_card


@agent_required
@require_POST
def note_settle(request: AgentRequest, number: int, draft_id: int) -> HttpResponse:
    draft = get_draft(request, number, draft_id)
    form = SettleForm(request.POST)
    if not form.is_valid():
        said = "Choose theirs, mine or both, upon a version of the note."
        return HttpResponseBadRequest(said, content_type="text/plain")
    choice = DraftChoice(form.cleaned_data["choice"])
    try:
        settling.settle_draft(
            draft=draft,
            choice=choice,
            based_on=form.cleaned_data["version"],
            actor=request.agent.as_actor(),
            at=clock.now(),
        )
    except settling.AlreadySettled:
        messages.info(request, "A colleague settled this a moment ago.")
    except settling.NoteChanged as changed:
        messages.warning(request, f"{changed.by} saved another note meanwhile. It is shown now: choose once more.")
    customer = draft.note.customer
    context = {"customer": customer, "note": read_note_card(customer=customer, reader=request.agent)}
    return respond(request, "customers/settling/settled.html", context, otherwise=came_from(request, customer))
