"""Test a connection by hand (B23)."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.http import AgentRequest, admin_required
from core import clock
from integrations.access import get_connection
from integrations.base import AdapterError
from integrations.services import connecting


@transaction.non_atomic_requests
@admin_required
@require_POST
def check(request: AgentRequest, number: int) -> HttpResponse:
    """Calls the store, so that no transaction may be open meanwhile."""
    with transaction.atomic():
        connection = get_connection(request, number)
    try:
        name = connecting.check_connection(connection=connection, at=clock.now())
        messages.success(request, f"{name} answers, and lets us do what we need.")
    except AdapterError as error:
        messages.error(request, error.reason)
    return redirect("integrations:show", number)
