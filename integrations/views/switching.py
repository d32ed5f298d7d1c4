"""Switch the synchronizing of notes with a store, and settle notes that differ when it begins."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, admin_required
from core import clock
from integrations.access import get_connection, get_link
from integrations.forms import NoteChoiceForm, NoteSyncForm
from integrations.kinds import NoteChoice
from integrations.services import aligning, switching


@admin_required
@require_POST
def note_sync(request: AgentRequest, number: int) -> HttpResponse:
    connection = get_connection(request, number)
    form = NoteSyncForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Say on or off.")
    on, actor = form.cleaned_data["sync_notes"], request.agent.as_actor()
    try:
        switching.switch_note_sync(connection=connection, on=on, actor=actor, at=clock.now())
    except switching.AlreadySwitched:
        messages.info(request, "A colleague did this a moment ago.")
    return redirect("integrations:show", number)


@admin_required
@require_POST
def choose(request: AgentRequest, number: int, customer_number: int) -> HttpResponse:
    link = get_link(request, number, customer_number)
    form = NoteChoiceForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Choose one of the notes, or both.")
    choice = NoteChoice(form.cleaned_data["choice"])
    try:
        aligning.choose_note(link=link, choice=choice, actor=request.agent.as_actor(), at=clock.now())
    except aligning.AlreadyChosen:
        messages.info(request, "These two notes have been settled meanwhile.")
    return redirect("integrations:show", number)
