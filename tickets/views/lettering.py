"""Letters as they were sent, in a frame of their own, and the files that came with them."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.html import sanitize_html
from files.http import file_response
from tickets.access import get_attachment, get_message
from tickets.models import Message
from tickets.services import reading

# Stranger's HTML: no scripts, nothing from elsewhere, only its own styles; same origin so that the images it brought
# along can be asked for with the agent's cookie.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'; sandbox allow-same-origin"
)


@agent_required
@require_GET
@xframe_options_sameorigin
def letter(request: AgentRequest, number: int, position: int) -> HttpResponse:
    """The sanitized HTML of a message. Remote images are left out: opening a letter tells nobody."""
    message = get_message(request, number, position)
    if not message.has_html:
        raise Http404
    places = reading.read_inline_places(message=message)
    safe = sanitize_html(message.html, inline_image=lambda content_id: _place(message, places.get(content_id)))
    response = render(request, "tickets/letter.html", {"html": safe.html})
    response["Content-Security-Policy"] = FRAME_POLICY
    return response


@agent_required
@require_GET
def attachment(request: AgentRequest, number: int, position: int, place: int) -> HttpResponseBase:
    """A file that came with a message; only kinds of images that carry no script are shown, the rest downloads."""
    return file_response(get_attachment(request, number, position, place).file)


def _place(message: Message, position: int | None) -> str | None:
    if position is None:
        return None
    return reverse("tickets:attachment", args=(message.ticket.number, message.number, position))
