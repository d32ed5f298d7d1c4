"""Letters as they were sent, in a frame of their own, their pictures, and the files that came with them."""

import structlog
from django.db import connection, transaction
from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.html import sanitize_html
from files.http import file_response
from tickets.access import get_attachment, get_message
from tickets.models import Message
from tickets.services import picturing, reading

# Stranger's HTML: no scripts, nothing from elsewhere, only its own styles; same origin so that the images it brought
# along can be asked for with the agent's cookie. A link may open a window, which then is an ordinary one.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
PICTURE_POLICY = "default-src 'none'; sandbox"
KEPT_SECONDS = 86_400  # by the agent's own browser

log = structlog.get_logger(__name__)


@agent_required
@require_GET
@xframe_options_sameorigin
def letter(request: AgentRequest, number: int, position: int) -> HttpResponse:
    """The sanitized HTML of a message. Remote images are left out until asked for: opening a letter tells nobody."""
    message = get_message(request, number, position)
    if not message.has_html:
        raise Http404
    places = reading.read_inline_places(message=message)
    wants_pictures = "pictures" in request.GET
    safe = sanitize_html(
        message.html,
        inline_image=lambda content_id: _attached(message, places.get(content_id)),
        embedded_image=lambda place: _ours(message, place),
        remote_image=(lambda address: _ours(message, address)) if wants_pictures else None,
    )
    # By which the browser remembers whose pictures it may show: the same wherever the message stands one day.
    key = salted_hmac("tickets.letter", str(message.pk)).hexdigest()[:16]
    context = {"letter": safe, "message": message, "key": key, "has_pictures": wants_pictures}
    response = render(request, "tickets/letter.html", context)
    response["Content-Security-Policy"] = FRAME_POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response


@agent_required
@require_GET
@transaction.non_atomic_requests
def picture(request: AgentRequest, number: int, position: int) -> HttpResponse:
    """A picture of a letter: one it carries in its own text, or one from elsewhere that we fetch for the agent."""
    with transaction.atomic():
        message = get_message(request, number, position)
    if not connection.in_atomic_block:
        connection.close()  # others need it while we wait for a stranger's server
    try:
        source = picturing.read_place(message=message, signed=request.GET.get("of", ""))
        if isinstance(source, int):
            shown = picturing.show_embedded(message=message, place=source)
        else:
            shown = picturing.show_remote(address=source)
    except picturing.NotOurs:
        return HttpResponseBadRequest()
    except picturing.NoPicture as error:
        log.info("picture.none", message=message.pk, reason=str(error))
        return _picture_response(HttpResponse(status=404), seconds=60)
    return _picture_response(HttpResponse(shown.content, content_type=shown.content_type), seconds=KEPT_SECONDS)


@agent_required
@require_GET
def attachment(request: AgentRequest, number: int, position: int, place: int) -> HttpResponseBase:
    """A file that came with a message; only kinds of images that carry no script are shown, the rest downloads."""
    return file_response(get_attachment(request, number, position, place).file)


def _attached(message: Message, position: int | None) -> str | None:
    if position is None:
        return None
    return reverse("tickets:attachment", args=(message.ticket.number, message.number, position))


def _ours(message: Message, source: str | int) -> str | None:
    """Our own address of a picture that is no file of the message."""
    signed = picturing.sign_place(message=message, source=source)
    place = reverse("tickets:picture", args=(message.ticket.number, message.number))
    return f"{place}?of={signed}" if signed else None


def _picture_response(response: HttpResponse, *, seconds: int) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PICTURE_POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = f"private, max-age={seconds}"
    return response
