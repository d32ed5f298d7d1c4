"""What lies behind a message: the mail as it came, to download, and a menu that offers it."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from channels.access import find_original
from channels.services import blocking
from files.http import file_response
from tickets.access import get_message
from tickets.http import Menu, show_menu

MENU = Menu("Original and sender", "channels/_partials/message_menu.html")


@agent_required
@require_GET
def message_menu(request: AgentRequest, ticket_number: int, position: int) -> HttpResponse:
    message = get_message(request, ticket_number, position)
    sender = message.author_address if message.is_inbound else ""
    choices = {
        "message": message,
        "has_original": find_original(message) is not None,
        "sender": sender,
        "blocked": blocking.find_block(address=sender) if sender else None,
    }
    return show_menu(request, message.ticket, MENU, choices)


@agent_required
@require_GET
def original(request: AgentRequest, ticket_number: int, position: int) -> HttpResponseBase:
    """The mail, byte for byte as it came."""
    mail = find_original(get_message(request, ticket_number, position))
    if mail is None:
        raise Http404
    response = file_response(mail.file)
    response["Content-Disposition"] = content_disposition_header(True, f"ticket-{ticket_number}-message-{position}.eml")
    return response
