"""Three tabs of a customer's page: letters, files and chats (F90, F94, F96)."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.http import AgentRequest, agent_required
from core.steady import Place
from customers.access import get_customer
from tickets.http import show_part
from tickets.services import corresponding


@agent_required
@require_GET
def letters(request: AgentRequest, number: int) -> HttpResponse:
    customer, place = get_customer(request, number), Place.parse(request.GET)
    found = corresponding.read_letters(customer=customer, reader=request.agent, place=place)
    return show_part(request, customer, "Letters", "tickets/_partials/customer_letters.html", found)


@agent_required
@require_GET
def files(request: AgentRequest, number: int) -> HttpResponse:
    customer, place = get_customer(request, number), Place.parse(request.GET)
    found = corresponding.read_files(customer=customer, reader=request.agent, place=place)
    return show_part(request, customer, "Files", "tickets/_partials/customer_files.html", found)


@agent_required
@require_GET
def chats(request: AgentRequest, number: int) -> HttpResponse:
    customer, place = get_customer(request, number), Place.parse(request.GET)
    found = corresponding.read_chats(customer=customer, reader=request.agent, place=place)
    return show_part(request, customer, "Chats", "tickets/_partials/customer_chats.html", found)
